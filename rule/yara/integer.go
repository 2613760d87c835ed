package yara

import "encoding/binary"

var (
	le = binary.LittleEndian
	be = binary.BigEndian
)

// integerReaders read the integers that conditions name.
var integerReaders = map[string]func([]byte) int64{
	"int8":     func(b []byte) int64 { return int64(int8(b[0])) },
	"int8be":   func(b []byte) int64 { return int64(int8(b[0])) },
	"uint8":    func(b []byte) int64 { return int64(b[0]) },
	"uint8be":  func(b []byte) int64 { return int64(b[0]) },
	"int16":    func(b []byte) int64 { return int64(int16(le.Uint16(b))) },
	"int16be":  func(b []byte) int64 { return int64(int16(be.Uint16(b))) },
	"uint16":   func(b []byte) int64 { return int64(le.Uint16(b)) },
	"uint16be": func(b []byte) int64 { return int64(be.Uint16(b)) },
	"int32":    func(b []byte) int64 { return int64(int32(le.Uint32(b))) },
	"int32be":  func(b []byte) int64 { return int64(int32(be.Uint32(b))) },
	"uint32":   func(b []byte) int64 { return int64(le.Uint32(b)) },
	"uint32be": func(b []byte) int64 { return int64(be.Uint32(b)) },
}

// integerSizes are how many bytes they need.
var integerSizes = map[string]int{
	"int8": 1, "int8be": 1, "uint8": 1, "uint8be": 1,
	"int16": 2, "int16be": 2, "uint16": 2, "uint16be": 2,
	"int32": 4, "int32be": 4, "uint32": 4, "uint32be": 4,
}
