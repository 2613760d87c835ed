package integrity

import (
	"bytes"
	"encoding/binary"
)

// headBytes is how much of a file's beginning is looked at.
const headBytes = 4096

// IsProgram says whether the first bytes are those of an ELF executable or shared
// library. Object files and kernel modules are none. Source: System V ABI (gABI),
// chapter 4.
func IsProgram(head []byte) bool {
	const executable, shared = 2, 3
	if len(head) < 52 || string(head[:4]) != "\x7fELF" {
		return false
	}
	t := order(head).Uint16(head[16:])
	return t == executable || t == shared
}

func order(head []byte) binary.ByteOrder {
	if head[5] == 2 {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// packed says whether a program is compressed or had its section headers
// removed, which nothing but packers and intruders do.
func packed(head []byte) bool {
	if bytes.Contains(head[:min(len(head), headBytes)], []byte("UPX!")) {
		return true
	}
	if head[4] == 2 {
		return len(head) >= 64 && order(head).Uint64(head[40:]) == 0
	}
	return order(head).Uint32(head[32:]) == 0
}
