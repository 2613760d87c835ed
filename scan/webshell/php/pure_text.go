package php

import (
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
)

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func kindOf(k vkind) pure {
	return scalars(0, 1, func(a []value) (value, bool) { return boolean(a[0].k == k), true })
}

func digest(sum []byte, raw value) value {
	if b, _ := truth(raw); b {
		return str(string(sum))
	}
	return str(hex.EncodeToString(sum))
}

func unzlib(s string) (string, bool) {
	r, err := zlib.NewReader(strings.NewReader(s))
	return inflated(r, err)
}

func ungzip(s string) (string, bool) {
	r, err := gzip.NewReader(strings.NewReader(s))
	return inflated(r, err)
}

func percent(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b = append(b, byte(n))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

func uudecode(s string) (string, bool) {
	var out []byte
	for _, line := range strings.Split(s, "\n") {
		if line == "" || line[0] == '`' {
			break
		}
		n := int(line[0]-32) & 63
		var got []byte
		for i := 1; i+3 < len(line); i += 4 {
			a, b, c, d := (line[i]-32)&63, (line[i+1]-32)&63, (line[i+2]-32)&63, (line[i+3]-32)&63
			got = append(got, a<<2|b>>4, b<<4|c>>2, c<<6|d)
		}
		out = append(out, got[:min(n, len(got))]...)
	}
	return string(out), len(out) > 0
}

func quotedPrintable(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '=' {
			if i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
				n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
				b = append(b, byte(n))
				i += 2
				continue
			}
			j := i + 1
			for j < len(s) && (s[j] == ' ' || s[j] == '\t' || s[j] == '\r') {
				j++
			}
			if j < len(s) && s[j] == '\n' {
				i = j
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func stripSlashes(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			if i == len(s) {
				break
			}
			if s[i] == '0' {
				b = append(b, 0)
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func addSlashes(s string) string {
	return strings.NewReplacer("\\", "\\\\", "'", "\\'", `"`, `\"`, "\x00", "\\0").Replace(s)
}

// latin reads UTF-8 as ISO 8859-1.
func latin(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 255 {
			r = '?'
		}
		b = append(b, byte(r))
	}
	return string(b)
}

func split(a []value) (value, bool) {
	s, n := toStr(a[0]), int64(1)
	if len(a) > 1 {
		n = toInt(a[1])
	}
	if n < 1 || int64(len(s))/n > 1<<18 {
		return unknown, false
	}
	out := &array{}
	for i := 0; i < len(s); i += int(min(n, int64(len(s)-i))) {
		v := str(s[i : i+int(min(n, int64(len(s)-i)))])
		v.hidden = 1
		out.push(v)
	}
	if s == "" {
		out.push(str(""))
	}
	return arrayOf(out), true
}

func explode(a []value) (value, bool) {
	sep, s := toStr(a[0]), toStr(a[1])
	if sep == "" {
		return unknown, false
	}
	n := -1
	if len(a) > 2 {
		if n = int(min(toInt(a[2]), 1<<20)); n < 0 {
			return unknown, false
		}
		n = max(n, 1)
	}
	if strings.Count(s, sep) > 1<<18 {
		return unknown, false
	}
	out := &array{}
	for _, p := range strings.SplitN(s, sep, n) {
		v := str(p)
		v.hidden = max(a[1].hidden, 1)
		out.push(v)
	}
	return arrayOf(out), true
}

func strPad(a []value) (value, bool) {
	s, n, pad := toStr(a[0]), toInt(a[1]), " "
	if len(a) > 2 {
		pad = toStr(a[2])
	}
	miss := n - int64(len(s))
	if miss <= 0 {
		return str(s), true
	}
	if pad == "" || n > maxText || len(a) > 3 && toInt(a[3]) == 2 {
		return unknown, false
	}
	fill := strings.Repeat(pad, int(miss)/len(pad)+1)[:miss]
	if len(a) > 3 && toInt(a[3]) == 0 {
		return str(fill + s), true
	}
	return str(s + fill), true
}

func chunkSplit(a []value) (value, bool) {
	s, n, end := toStr(a[0]), int64(76), "\r\n"
	if len(a) > 1 {
		n = toInt(a[1])
	}
	if len(a) > 2 {
		end = toStr(a[2])
	}
	if n < 1 || len(s)*(len(end)+1) > maxText {
		return unknown, false
	}
	var b strings.Builder
	for i := 0; i < len(s); i += int(min(n, int64(len(s)))) {
		b.WriteString(s[i:min(len(s), i+int(min(n, int64(len(s)))))])
		b.WriteString(end)
	}
	return str(b.String()), s != ""
}

func substrReplace(a []value) (value, bool) {
	s := toStr(a[0])
	from, to := span(len(s), toInt(a[2]), arg(a, 3))
	return str(s[:from] + toStr(a[1]) + s[to:]), true
}

func ucwords(a []value) (value, bool) {
	b := []byte(toStr(a[0]))
	for i := range b {
		if i == 0 || strings.IndexByte(" \t\r\n\f\v", b[i-1]) >= 0 {
			b[i] = upper(string(b[i]))[0]
			if b[i] >= 0x80 {
				b[i] = toStr(a[0])[i]
			}
		}
	}
	return str(string(b)), len(a) == 1
}

func intval(a []value) (value, bool) {
	if len(a) > 1 && toInt(a[1]) != 10 {
		if a[0].k != vStr {
			return integer(toInt(a[0])), true
		}
		s := lower(strings.TrimSpace(a[0].s))
		b := int(toInt(a[1]))
		switch b {
		case 16:
			s = strings.TrimPrefix(s, "0x")
		case 2:
			s = strings.TrimPrefix(s, "0b")
		case 8:
			s = strings.TrimPrefix(s, "0o")
		}
		if b < 2 || b > 36 {
			return unknown, false
		}
		i, err := strconv.ParseInt(s, b, 64)
		return integer(i), err == nil
	}
	return integer(toInt(a[0])), true
}

func base(b int) func([]value) (value, bool) {
	return func(a []value) (value, bool) { return str(strconv.FormatUint(uint64(toInt(a[0])), b)), true }
}

func unbase(b int) func([]value) (value, bool) {
	return func(a []value) (value, bool) {
		n := int64(0)
		for _, c := range lower(toStr(a[0])) {
			d, err := strconv.ParseInt(string(c), b, 8)
			if err != nil {
				continue
			}
			if n > (math.MaxInt64-d)/int64(b) {
				return unknown, false
			}
			n = n*int64(b) + d
		}
		return integer(n), true
	}
}

func baseConvert(a []value) (value, bool) {
	from, to := int(toInt(a[1])), int(toInt(a[2]))
	if from < 2 || from > 36 || to < 2 || to > 36 {
		return unknown, false
	}
	n, err := strconv.ParseUint(lower(toStr(a[0])), from, 63)
	return str(strconv.FormatUint(n, to)), err == nil
}
