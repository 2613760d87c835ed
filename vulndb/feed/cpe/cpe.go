// Package cpe reads CPE 2.3 names, which the sources of the generic namespace
// use to name products. It parses the formatted string only and matches
// nothing.
//
// Source: NIST IR 7695, section 6.2 (formatted string binding).
package cpe

import "strings"

// Name is the part of a CPE name that advisories need. "*" is any, "-" is not
// applicable.
type Name struct {
	Part      string // "a" application, "o" operating system, "h" hardware
	Vendor    string
	Product   string
	Version   string
	Update    string
	TargetSW  string
	SWEdition string
}

// fields is how many components a formatted string has after "cpe:2.3:".
const fields = 11

// Parse splits a formatted string. Backslashes that quote are removed.
func Parse(s string) (Name, bool) {
	rest, ok := strings.CutPrefix(s, "cpe:2.3:")
	if !ok {
		return Name{}, false
	}
	var f [fields]string
	var b strings.Builder
	n := 0
	for i := 0; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && i+1 < len(rest):
			i++
			b.WriteByte(rest[i])
		case rest[i] == ':':
			if n == fields-1 {
				return Name{}, false
			}
			f[n] = b.String()
			b.Reset()
			n++
		default:
			b.WriteByte(rest[i])
		}
	}
	f[n] = b.String()
	if n != fields-1 || f[1] == "" || f[2] == "" {
		return Name{}, false
	}
	return Name{
		Part: f[0], Vendor: f[1], Product: f[2], Version: f[3], Update: f[4], SWEdition: f[7], TargetSW: f[8],
	}, true
}

// Key is "vendor:product", the package name in the generic namespace.
func (n *Name) Key() string { return n.Vendor + ":" + n.Product }

// OnLinux reports whether the product runs on Linux as far as the name tells:
// it is meant for no other operating system and is no plug-in or library for
// another program ("wordpress", "node.js"). Servers written in Java are often
// filed under "maven".
func (n *Name) OnLinux() bool {
	switch n.TargetSW {
	case "*", "-", "linux", "linux_kernel", "unix", "docker", "kubernetes", "maven", "java":
		return true
	}
	return false
}
