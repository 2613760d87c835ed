package php

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// sprintf knows the verbs that put text together.
func sprintf(a []value) (value, bool) {
	s := toStr(a[0])
	var b strings.Builder
	next := 1
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == '%' {
			b.WriteByte('%')
			continue
		}
		j := i
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		n := next
		spec := ""
		if j > i && j < len(s) && s[j] == '$' {
			n, _ = strconv.Atoi(s[i:j])
			i = j + 1
		} else {
			next++
		}
		for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == '-') {
			spec += string(s[i])
			i++
		}
		if n < 1 || n >= len(a) || i >= len(s) || len(spec) > 4 {
			return unknown, false
		}
		switch s[i] {
		case 's':
			fmt.Fprintf(&b, "%"+spec+"s", bytes.NewBufferString(toStr(a[n])).String())
		case 'd', 'u':
			fmt.Fprintf(&b, "%"+spec+"d", toInt(a[n]))
		case 'c':
			b.WriteByte(byte(toInt(a[n])))
		case 'x':
			fmt.Fprintf(&b, "%"+spec+"x", uint64(toInt(a[n])))
		case 'X':
			fmt.Fprintf(&b, "%"+spec+"X", uint64(toInt(a[n])))
		case 'o':
			fmt.Fprintf(&b, "%"+spec+"o", uint64(toInt(a[n])))
		case 'b':
			b.WriteString(strconv.FormatUint(uint64(toInt(a[n])), 2))
		default:
			return unknown, false
		}
	}
	return str(b.String()), true
}

// pack knows the formats that make text.
func pack(a []value) (value, bool) {
	f, next := toStr(a[0]), 1
	var out []byte
	for i := 0; i < len(f); {
		c := f[i]
		i++
		j := i
		for j < len(f) && (isDigit(f[j]) || f[j] == '*') {
			j++
		}
		count := f[i:j]
		i = j
		n, _ := strconv.Atoi(count)
		switch c {
		case 'H', 'h', 'A', 'a':
			if next >= len(a) {
				return unknown, false
			}
			s := toStr(a[next])
			next++
			if count == "" {
				n = 1
			}
			if count == "*" {
				n = len(s)
			}
			if n > len(s) {
				return unknown, false
			}
			s = s[:n]
			if c == 'A' || c == 'a' {
				out = append(out, s...)
				break
			}
			if len(s)%2 == 1 {
				s += "0"
			}
			b, err := hex.DecodeString(s)
			if err != nil {
				return unknown, false
			}
			if c == 'h' {
				for k := range b {
					b[k] = b[k]<<4 | b[k]>>4
				}
			}
			out = append(out, b...)
		case 'C', 'c', 'n', 'N', 'v', 'V':
			if count == "" {
				n = 1
			}
			if count == "*" {
				n = len(a) - next
			}
			for ; n > 0; n-- {
				if next >= len(a) {
					return unknown, false
				}
				x := toInt(a[next])
				next++
				switch c {
				case 'C', 'c':
					out = append(out, byte(x))
				case 'n':
					out = append(out, byte(x>>8), byte(x))
				case 'N':
					out = append(out, byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
				case 'v':
					out = append(out, byte(x), byte(x>>8))
				case 'V':
					out = append(out, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
				}
			}
		default:
			return unknown, false
		}
	}
	return str(string(out)), true
}

// sorted orders an array of known scalars as sort and its relatives do.
func sorted(name string, a *array) *array {
	if a.rest.k != vUnset || len(a.keys) > 4096 {
		return nil
	}
	idx := make([]int, len(a.keys))
	for i := range idx {
		idx[i] = i
		if !a.vals[i].known() {
			return nil
		}
	}
	byKey := strings.HasPrefix(name, "k")
	sort.SliceStable(idx, func(x, y int) bool {
		p, q := a.vals[idx[x]], a.vals[idx[y]]
		if byKey {
			p, q = a.keys[idx[x]].value(), a.keys[idx[y]].value()
		}
		if strings.Contains(name, "rs") {
			p, q = q, p
		}
		return compare(p, q) == -1
	})
	out := &array{}
	for _, i := range idx {
		switch name {
		case "sort", "rsort":
			out.push(a.vals[i])
		case "shuffle":
			return nil
		default:
			out.set(a.keys[i], a.vals[i])
		}
	}
	return out
}
