package class

import "strings"

func dots(name string) string { return strings.ReplaceAll(name, "/", ".") }

// parameters are the types of a descriptor such as "(Ljava/lang/String;[BI)V".
func parameters(descriptor string) []string {
	var out []string
	s := strings.TrimPrefix(descriptor, "(")
	for s != "" && s[0] != ')' && len(out) < 256 {
		typ, n := one(s)
		out = append(out, typ)
		s = s[n:]
	}
	return out
}

// result is the type behind the parameters, "" for none.
func result(descriptor string) string {
	_, s, ok := strings.Cut(descriptor, ")")
	if !ok || s == "" || s == "V" {
		return ""
	}
	typ, _ := one(s)
	return typ
}

var bases = map[byte]string{'B': "byte", 'C': "char", 'D': "double", 'F': "float", 'I': "int", 'J': "long", 'S': "short", 'Z': "boolean"}

// one reads the type that s begins with, and returns how long it is.
func one(s string) (string, int) {
	n := 0
	for n < len(s)-1 && s[n] == '[' {
		n++
	}
	arrays := strings.Repeat("[]", n)
	if s[n] != 'L' {
		return bases[s[n]] + arrays, n + 1
	}
	end := strings.IndexByte(s[n:], ';')
	if end < 0 {
		return "", len(s)
	}
	return dots(s[n+1:n+end]) + arrays, n + end + 1
}

// wide says whether a type takes two places.
func wide(typ string) bool { return typ == "long" || typ == "double" }
