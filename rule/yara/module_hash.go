package yara

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"strconv"
	"strings"
	"time"
)

func hashModule() *module {
	text := func(sum func([]byte) []byte) []call {
		return overBytes("", typString, func(b []byte, _ []value) value { return stringValue(hex.EncodeToString(sum(b))) })
	}
	return &module{decl: functions(map[string][]call{
		"md5":    text(func(b []byte) []byte { s := md5.Sum(b); return s[:] }),
		"sha1":   text(func(b []byte) []byte { s := sha1.Sum(b); return s[:] }),
		"sha256": text(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }),
		"crc32": overBytes("", typInt, func(b []byte, _ []value) value {
			return intValue(int64(crc32.ChecksumIEEE(b)))
		}),
		"checksum32": overBytes("", typInt, func(b []byte, _ []value) value {
			var sum uint32
			for _, c := range b {
				sum += uint32(c)
			}
			return intValue(int64(sum))
		}),
	}), load: functionsOnly}
}

// functionsOnly is the structure of modules that have only functions.
func functionsOnly(*evaluation) value { return object(constants{}) }

func timeModule() *module {
	return &module{decl: functions(map[string][]call{
		"now": {{"", typInt, func(*evaluation, []value) value { return intValue(time.Now().Unix()) }}},
	}), load: functionsOnly}
}

// consoleModule writes nothing: a scan has no console. Its functions are true, as YARA's are.
func consoleModule() *module {
	yes := func(*evaluation, []value) value { return intValue(1) }
	var log, hexCalls []call
	for _, params := range []string{"s", "ss", "i", "si", "f", "sf"} {
		log = append(log, call{params, typInt, yes})
	}
	for _, params := range []string{"i", "si"} {
		hexCalls = append(hexCalls, call{params, typInt, yes})
	}
	return &module{decl: functions(map[string][]call{"log": log, "hex": hexCalls}), load: functionsOnly}
}

func stringModule() *module {
	parse := func(s string, base int) value {
		if rest := strings.TrimLeft(s, "+-"); base == 0 && (strings.Contains(s, "_") || len(rest) > 1 && rest[0] == '0' && strings.ContainsAny(rest[1:2], "bBoO")) {
			return value{} // Go's literals, not C's
		}
		v, err := strconv.ParseInt(s, base, 64)
		if err != nil {
			return value{}
		}
		return intValue(v)
	}
	return &module{decl: functions(map[string][]call{
		"to_int": {
			{"s", typInt, func(_ *evaluation, a []value) value { return parse(a[0].s, 0) }},
			{"si", typInt, func(_ *evaluation, a []value) value {
				if a[1].i != 0 && (a[1].i < 2 || a[1].i > 36) {
					return value{}
				}
				return parse(a[0].s, int(a[1].i))
			}},
		},
		"length": {{"s", typInt, func(_ *evaluation, a []value) value { return intValue(int64(len(a[0].s))) }}},
	}), load: functionsOnly}
}
