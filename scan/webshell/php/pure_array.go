package php

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

func encode64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// whole is the array of a value if all of it is known.
func whole(v value) *array {
	if v.k != vArr || v.arr.rest.k != vUnset || v.arr.rest.flow != nil {
		return nil
	}
	return v.arr
}

func arrays(hides uint8, least int, f func(a []value) (value, bool)) pure {
	return &pureFunc{hides: hides, least: least, arrays: true, do: func(_ *machine, a []value) (value, bool) { return f(a) }}
}

// onArray is a function of one known array.
func onArray(f func(a *array, args []value) (value, bool)) pure {
	return arrays(0, 1, func(a []value) (value, bool) {
		arr := whole(a[0])
		if arr == nil {
			return unknown, false
		}
		return f(arr, a)
	})
}

// arrayFuncs adds the functions of arrays.
func arrayFuncs(m map[string]pure) {
	m["implode"] = arrays(1, 1, implode)
	m["join"] = m["implode"]
	m["str_replace"] = arrays(1, 3, func(a []value) (value, bool) { return replace(a, false) })
	m["str_ireplace"] = arrays(1, 3, func(a []value) (value, bool) { return replace(a, true) })
	m["strtr"] = arrays(2, 2, strtr)
	m["count"] = onArray(func(a *array, _ []value) (value, bool) { return integer(int64(len(a.keys))), true })
	m["sizeof"] = m["count"]
	m["array_keys"] = onArray(func(a *array, args []value) (value, bool) {
		out := &array{}
		for _, k := range a.keys {
			out.push(k.value())
		}
		return arrayOf(out), len(args) == 1
	})
	m["array_values"] = onArray(func(a *array, _ []value) (value, bool) { return arrayOf(listOf(a.vals...)), true })
	m["array_reverse"] = onArray(func(a *array, args []value) (value, bool) {
		out := &array{}
		for i := len(a.keys) - 1; i >= 0; i-- {
			if keep, _ := truth(arg(args, 1)); a.keys[i].isStr || keep {
				out.set(a.keys[i], a.vals[i])
			} else {
				out.push(a.vals[i])
			}
		}
		return arrayOf(out), true
	})
	m["array_flip"] = onArray(func(a *array, _ []value) (value, bool) {
		out := &array{}
		for i, v := range a.vals {
			k, ok := toKey(v)
			if !ok {
				return unknown, false
			}
			out.set(k, a.keys[i].value())
		}
		return arrayOf(out), true
	})
	m["array_merge"] = arrays(0, 1, merge)
	m["array_combine"] = arrays(0, 2, func(a []value) (value, bool) {
		k, v := whole(a[0]), whole(a[1])
		if k == nil || v == nil || len(k.keys) != len(v.keys) {
			return unknown, false
		}
		out := &array{}
		for i := range k.vals {
			kk, ok := toKey(k.vals[i])
			if !ok {
				return unknown, false
			}
			out.set(kk, v.vals[i])
		}
		return arrayOf(out), true
	})
	m["array_slice"] = arrays(0, 2, slice)
	m["array_search"] = arrays(0, 2, func(a []value) (value, bool) {
		arr := whole(a[1])
		if arr == nil || !a[0].known() {
			return unknown, false
		}
		for i, v := range arr.vals {
			if !v.known() {
				return unknown, false
			}
			if looseEqual(a[0], v) {
				return arr.keys[i].value(), true
			}
		}
		return boolean(false), true
	})
	m["array_fill"] = arrays(0, 3, func(a []value) (value, bool) {
		out := &array{}
		if n := toInt(a[1]); n >= 0 && n <= 1<<16 && a[0].known() && a[1].known() {
			for i := range n {
				out.set(key{i: toInt(a[0]) + i}, a[2])
			}
			return arrayOf(out), true
		}
		return unknown, false
	})
	m["range"] = scalars(1, 2, rangeOf)
	m["array_sum"] = onArray(func(a *array, _ []value) (value, bool) {
		sum := integer(0)
		for _, v := range a.vals {
			if !v.known() {
				return unknown, false
			}
			sum = arithmetic("+", sum, toNum(v))
		}
		return sum, true
	})
	m["key"] = onArray(firstKey)
	m["array_key_first"] = m["key"]
	m["array_key_last"] = onArray(func(a *array, _ []value) (value, bool) {
		if len(a.keys) == 0 {
			return null, true
		}
		return a.keys[len(a.keys)-1].value(), true
	})
	m["array_unique"] = onArray(func(a *array, _ []value) (value, bool) {
		out, seen := &array{}, map[string]bool{}
		for i, v := range a.vals {
			if !v.known() {
				return unknown, false
			}
			if s := toStr(v); !seen[s] {
				seen[s] = true
				out.set(a.keys[i], v)
			}
		}
		return arrayOf(out), true
	})
	m["is_array"] = arrays(0, 1, func(a []value) (value, bool) { return boolean(a[0].k == vArr), a[0].k > vUnknown })
	m["array_chunk"] = onArray(func(a *array, args []value) (value, bool) {
		n := int(toInt(arg(args, 1)))
		if n < 1 || len(args) > 2 {
			return unknown, false
		}
		out := &array{}
		for i := 0; i < len(a.vals); i += n {
			out.push(arrayOf(listOf(a.vals[i:min(i+n, len(a.vals))]...)))
		}
		return arrayOf(out), true
	})
	m["max"] = extreme(1)
	m["min"] = extreme(-1)
	m["vsprintf"] = arrays(1, 2, func(a []value) (value, bool) {
		arr := whole(a[1])
		if arr == nil || a[0].k != vStr {
			return unknown, false
		}
		args := append([]value{a[0]}, arr.vals...)
		for _, v := range args {
			if !v.known() {
				return unknown, false
			}
		}
		return sprintf(args)
	})
}

func firstKey(a *array, _ []value) (value, bool) {
	if len(a.keys) == 0 {
		return null, true
	}
	return a.keys[0].value(), true
}

func extreme(sign int) pure {
	return arrays(0, 1, func(a []value) (value, bool) {
		if len(a) == 1 {
			arr := whole(a[0])
			if arr == nil {
				return unknown, false
			}
			a = arr.vals
		}
		if len(a) == 0 {
			return unknown, false
		}
		best := a[0]
		for _, v := range a {
			if !v.known() || !best.known() {
				return unknown, false
			}
			if compare(v, best) == sign {
				best = v
			}
		}
		return best, true
	})
}

func implode(a []value) (value, bool) {
	sep, list := str(""), a[0]
	if len(a) > 1 {
		sep, list = a[0], a[1]
		if sep.k == vArr {
			sep, list = list, sep
		}
	}
	arr := whole(list)
	if arr == nil || !sep.known() {
		return unknown, false
	}
	out := value{k: vStr}
	var b strings.Builder
	for i, v := range arr.vals {
		if i > 0 {
			b.WriteString(toStr(sep))
		}
		if !v.known() {
			return unknown, false
		}
		b.WriteString(toStr(v))
		out.hidden = max(out.hidden, v.hidden)
		out.flow = better(out.flow, v.flow)
		if b.Len() > maxText {
			return unknown, false
		}
	}
	out.s = b.String()
	return out, true
}

// textList is a text or a known array of texts.
func textList(v value) ([]string, bool) {
	if v.known() {
		return []string{toStr(v)}, true
	}
	arr := whole(v)
	if arr == nil {
		return nil, false
	}
	var out []string
	for _, e := range arr.vals {
		if !e.known() {
			return nil, false
		}
		out = append(out, toStr(e))
	}
	return out, true
}

func replace(a []value, fold bool) (value, bool) {
	from, ok1 := textList(a[0])
	to, ok2 := textList(a[1])
	if !ok1 || !ok2 || !a[2].known() || a[1].k == vArr && a[0].k != vArr {
		return unknown, false
	}
	s := toStr(a[2])
	for i, f := range from {
		if f == "" {
			continue
		}
		t := ""
		if a[1].k != vArr {
			t = to[0]
		} else if i < len(to) {
			t = to[i]
		}
		n := strings.Count(s, f)
		if len(s)+n*(len(t)-len(f)) > maxText || len(from) > 4096 {
			return unknown, false
		}
		if fold {
			s = replaceFold(s, f, t)
		} else {
			s = strings.ReplaceAll(s, f, t)
		}
	}
	v := str(s)
	v.flow = a[2].flow
	return v, len(s) <= maxText
}

func replaceFold(s, from, to string) string {
	low, f := lower(s), lower(from)
	var b strings.Builder
	for b.Len() <= maxText {
		i := strings.Index(low, f)
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteString(to)
		s, low = s[i+len(f):], low[i+len(f):]
	}
	b.WriteString(s)
	return b.String()
}

func strtr(a []value) (value, bool) {
	if !a[0].known() {
		return unknown, false
	}
	s := toStr(a[0])
	if len(a) > 2 {
		if !a[1].known() || !a[2].known() {
			return unknown, false
		}
		from, to := toStr(a[1]), toStr(a[2])
		var table [256]byte
		for i := range table {
			table[i] = byte(i)
		}
		for i := 0; i < len(from) && i < len(to); i++ {
			table[from[i]] = to[i]
		}
		v := str(mapBytes(s, func(c byte) byte { return table[c] }))
		v.flow = a[0].flow
		return v, true
	}
	arr := whole(a[1])
	if arr == nil || len(arr.keys) > 4096 {
		return unknown, false
	}
	longest := 0
	pairs := make(map[string]string, len(arr.keys))
	for i, k := range arr.keys {
		if !arr.vals[i].known() {
			return unknown, false
		}
		w := toStr(k.value())
		if w == "" {
			continue
		}
		pairs[w] = toStr(arr.vals[i])
		longest = max(longest, len(w))
	}
	if longest > 256 && len(s) > 1<<16 {
		return unknown, false
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		n := min(longest, len(s)-i)
		for ; n > 0; n-- {
			if t, ok := pairs[s[i:i+n]]; ok {
				b.WriteString(t)
				break
			}
		}
		if n == 0 {
			b.WriteByte(s[i])
			n = 1
		}
		if i += n; b.Len() > maxText {
			return unknown, false
		}
	}
	v := str(b.String())
	v.flow = a[0].flow
	return v, true
}

func merge(a []value) (value, bool) {
	out := &array{}
	for _, v := range a {
		arr := whole(v)
		if arr == nil {
			return unknown, false
		}
		for i, k := range arr.keys {
			if k.isStr {
				out.set(k, arr.vals[i])
			} else {
				out.push(arr.vals[i])
			}
		}
	}
	return arrayOf(out), true
}

func slice(a []value) (value, bool) {
	arr := whole(a[0])
	if arr == nil || !a[1].known() || len(a) > 2 && !a[2].known() {
		return unknown, false
	}
	from, to := span(len(arr.keys), toInt(a[1]), arg(a, 2))
	keep, _ := truth(arg(a, 3))
	out := &array{}
	for i := from; i < to; i++ {
		if arr.keys[i].isStr || keep {
			out.set(arr.keys[i], arr.vals[i])
		} else {
			out.push(arr.vals[i])
		}
	}
	return arrayOf(out), true
}

func rangeOf(a []value) (value, bool) {
	step := int64(1)
	if len(a) > 2 {
		step = toInt(a[2])
		if step < 0 {
			step = -step
		}
	}
	if step <= 0 || a[0].k == vFloat || a[1].k == vFloat {
		return unknown, false
	}
	from, to := toNum(a[0]), toNum(a[1])
	_, n1 := numeric(toStr(a[0]))
	_, n2 := numeric(toStr(a[1]))
	letters := !n1 && !n2 && toStr(a[0]) != "" && toStr(a[1]) != ""
	if letters {
		from, to = integer(int64(toStr(a[0])[0])), integer(int64(toStr(a[1])[0]))
	}
	if from.k != vInt || to.k != vInt || math.Abs(float64(from.i)-float64(to.i)) > 1<<16 {
		return unknown, false
	}
	out := &array{}
	add := func(i int64) {
		if letters {
			v := str(string([]byte{byte(i)}))
			v.hidden = 1
			out.push(v)
		} else {
			out.push(integer(i))
		}
	}
	for i := from.i; from.i <= to.i && i <= to.i; i += step {
		add(i)
	}
	for i := from.i; from.i > to.i && i >= to.i; i -= step {
		add(i)
	}
	return arrayOf(out), true
}

// opensslDecrypt knows AES in ECB, CBC and CTR with PKCS#7 padding.
func opensslDecrypt(a []value) (value, bool) {
	data, method, pass := toStr(a[0]), strings.ToLower(toStr(a[1])), toStr(a[2])
	opts, iv := toInt(arg(a, 3)), toStr(arg(a, 4))
	if method == "aes128" || method == "aes256" || method == "aes192" {
		method = "aes-" + method[3:] + "-cbc"
	}
	parts := strings.Split(method, "-")
	if len(parts) != 3 || parts[0] != "aes" {
		return unknown, false
	}
	bits, err := strconv.Atoi(parts[1])
	if err != nil || bits != 128 && bits != 192 && bits != 256 {
		return unknown, false
	}
	k := make([]byte, bits/8)
	copy(k, pass)
	if opts&1 == 0 {
		data = decodeBase64(data)
	}
	block, err := aes.NewCipher(k)
	if err != nil || len(data) == 0 || parts[2] != "ctr" && len(data)%16 != 0 {
		return unknown, false
	}
	vec := make([]byte, 16)
	copy(vec, iv)
	out := []byte(data)
	switch parts[2] {
	case "ecb":
		for i := 0; i < len(out); i += 16 {
			block.Decrypt(out[i:i+16], out[i:i+16])
		}
	case "cbc":
		cipher.NewCBCDecrypter(block, vec).CryptBlocks(out, out)
	case "ctr":
		cipher.NewCTR(block, vec).XORKeyStream(out, out)
		return str(string(out)), true
	default:
		return unknown, false
	}
	if n := int(out[len(out)-1]); opts&2 == 0 {
		if n < 1 || n > 16 || n > len(out) {
			return unknown, false
		}
		out = out[:len(out)-n]
	}
	return str(string(out)), true
}

// unserialize reads scalars and arrays in PHP's own format.
func unserialize(a []value) (value, bool) {
	r := &serialized{s: toStr(a[0])}
	v, ok := r.value(0)
	return v, ok
}

type serialized struct {
	s string
	n int
}

func (r *serialized) until(c byte) (string, bool) {
	i := strings.IndexByte(r.s, c)
	if i < 0 {
		return "", false
	}
	out := r.s[:i]
	r.s = r.s[i+1:]
	return out, true
}

func (r *serialized) value(depth int) (value, bool) {
	if r.n++; depth > 32 || r.n > 1<<16 || len(r.s) < 2 {
		return unknown, false
	}
	kind := r.s[0]
	r.s = r.s[2:]
	switch kind {
	case 'N':
		return null, true
	case 'b', 'i':
		t, ok := r.until(';')
		i, err := strconv.ParseInt(t, 10, 64)
		if kind == 'b' {
			return boolean(i != 0), ok && err == nil
		}
		return integer(i), ok && err == nil
	case 'd':
		t, ok := r.until(';')
		f, err := strconv.ParseFloat(t, 64)
		return float(f), ok && err == nil
	case 's':
		t, ok := r.until(':')
		n, err := strconv.Atoi(t)
		if !ok || err != nil || n < 0 || n+3 > len(r.s) {
			return unknown, false
		}
		s := r.s[1 : 1+n]
		r.s = r.s[n+3:]
		v := str(s)
		v.hidden = 2
		return v, true
	case 'a':
		t, ok := r.until(':')
		n, err := strconv.Atoi(t)
		if !ok || err != nil || n < 0 || r.s == "" {
			return unknown, false
		}
		r.s = r.s[1:]
		out := &array{}
		for range n {
			k, ok1 := r.value(depth + 1)
			v, ok2 := r.value(depth + 1)
			kk, ok3 := toKey(k)
			if !ok1 || !ok2 || !ok3 {
				return unknown, false
			}
			out.set(kk, v)
		}
		_, ok = r.until('}')
		return arrayOf(out), ok
	}
	return unknown, false
}

func jsonDecode(a []value) (value, bool) {
	d := json.NewDecoder(strings.NewReader(toStr(a[0])))
	d.UseNumber()
	v, ok := jsonValue(d, 0)
	asArray, _ := truth(arg(a, 1))
	return v, ok && (asArray || v.k != vArr || v.arr.list())
}

func jsonValue(d *json.Decoder, depth int) (value, bool) {
	t, err := d.Token()
	if err != nil || depth > 32 {
		return unknown, false
	}
	switch t := t.(type) {
	case json.Delim:
		out := &array{}
		for d.More() {
			k := key{i: out.next}
			if t == '{' {
				name, err := d.Token()
				s, ok := name.(string)
				if err != nil || !ok {
					return unknown, false
				}
				k, _ = toKey(str(s))
			}
			v, ok := jsonValue(d, depth+1)
			if !ok || len(out.keys) > 1<<16 {
				return unknown, false
			}
			out.set(k, v)
		}
		_, err := d.Token()
		return arrayOf(out), err == nil
	case string:
		v := str(t)
		v.hidden = 1
		return v, true
	case json.Number:
		return number(string(t)), true
	case bool:
		return boolean(t), true
	}
	return null, true
}
