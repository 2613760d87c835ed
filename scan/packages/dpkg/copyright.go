package dpkg

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/scanner"
)

const (
	// copyrightBytes is how much of a copyright file is read.
	copyrightBytes = 256 << 10
	// maxLicenses and licenseBytes bound what one file can name.
	maxLicenses  = 64
	licenseBytes = 128
)

// readCopyright finds the licences that a copyright file names.
func (Scanner) readCopyright(f *scanner.File) (scanner.Result, error) {
	text := f.Data
	if text == nil || len(text) > copyrightBytes {
		text = make([]byte, min(f.Size, copyrightBytes))
		n, err := f.Content.ReadAt(text, 0)
		if text = text[:n]; err != nil && err != io.EOF {
			return scanner.Result{}, err
		}
	}
	names := licenses(text)
	if len(names) == 0 {
		return scanner.Result{}, nil
	}
	d := scanner.Detail{Type: "deb", Package: packageOf(f.Path), Licenses: names}
	return scanner.Result{Details: []scanner.Detail{d}}, nil
}

// licenses names the licences of a copyright file, sorted. Machine-readable
// files say them in "License:" fields; of the others, references to
// /usr/share/common-licenses and the opening words of the most usual licences
// tell.
// Source: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
func licenses(text []byte) []string {
	var found []string
	if bytes.HasPrefix(text, []byte("Format")) {
		found = after(text, "\nLicense:", endOfLine)
	}
	if len(found) == 0 {
		found = after(text, "/usr/share/common-licenses/", endOfName)
		for _, p := range phrases {
			if bytes.Contains(text, []byte(p.words)) {
				found = append(found, p.license)
			}
		}
	}
	for i, name := range found {
		found[i] = spdx(name)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// phrases are words that only one licence begins with.
var phrases = []struct{ words, license string }{
	{"Permission is hereby granted, free of charge, to any person obtaining", "MIT"},
	{"Permission to use, copy, modify, and/or distribute this software for any", "ISC"},
	{"This software is provided 'as-is', without any express or implied", "Zlib"},
}

// after returns the values that follow each mark in the text, up to what end
// finds.
func after(text []byte, mark string, end func([]byte) int) []string {
	var values []string
	for len(values) < maxLicenses {
		_, rest, ok := bytes.Cut(text, []byte(mark))
		if !ok {
			break
		}
		value := bytes.TrimSpace(rest[:end(rest)])
		if len(value) > 0 && len(value) <= licenseBytes && !slices.Contains(values, string(value)) {
			values = append(values, string(value))
		}
		text = rest
	}
	return values
}

func endOfLine(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i
	}
	return len(b)
}

// endOfName ends a file name; a full stop at its end belongs to the sentence.
func endOfName(b []byte) int {
	n := 0
	for n < len(b) && (b[n] >= 'A' && b[n] <= 'Z' || b[n] >= 'a' && b[n] <= 'z' || b[n] >= '0' && b[n] <= '9' || b[n] == '.' || b[n] == '-') {
		n++
	}
	return len(bytes.TrimRight(b[:n], ".-"))
}

// spdxNames are the SPDX identifiers of Debian's short names that differ.
var spdxNames = map[string]string{
	"expat":         "MIT",
	"apache-2":      "Apache-2.0",
	"apache-2.0":    "Apache-2.0",
	"bsd":           "BSD-3-Clause",
	"bsd-2-clause":  "BSD-2-Clause",
	"bsd-3-clause":  "BSD-3-Clause",
	"bsd-4-clause":  "BSD-4-Clause",
	"isc":           "ISC",
	"zlib":          "Zlib",
	"artistic":      "Artistic-1.0-Perl",
	"boost-1.0":     "BSL-1.0",
	"cc0":           "CC0-1.0",
	"psf-2":         "PSF-2.0",
	"openldap-2.8":  "OLDAP-2.8",
	"public-domain": "public-domain",
	"gpl":           "GPL-1.0-or-later",
	"lgpl":          "LGPL-2.0-or-later",
	"gfdl":          "GFDL-1.1-or-later",
}

// spdx rewrites a DEP-5 licence expression with SPDX identifiers where they are
// known; other words stay as they are.
func spdx(expression string) string {
	words := strings.Fields(strings.ReplaceAll(expression, ",", " "))
	for i, w := range words {
		switch lower := strings.ToLower(w); lower {
		case "and", "or", "with":
			words[i] = strings.ToUpper(w)
		default:
			words[i] = spdxName(w, lower)
		}
	}
	return strings.Join(words, " ")
}

// spdxName is the SPDX identifier of one short name. GNU licences are "GPL-2+"
// in Debian's words and "GPL-2.0-or-later" in SPDX's.
func spdxName(name, lower string) string {
	if id, ok := spdxNames[lower]; ok {
		return id
	}
	family, version, ok := strings.Cut(name, "-")
	switch {
	case !ok, version == "", version[0] < '1' || version[0] > '9':
		return name
	case family != "GPL" && family != "LGPL" && family != "AGPL" && family != "GFDL":
		return name
	}
	number, later := strings.CutSuffix(version, "+")
	if strings.Trim(number, "0123456789.") != "" {
		return name
	}
	if !strings.Contains(number, ".") {
		number += ".0"
	}
	if later {
		return family + "-" + number + "-or-later"
	}
	return family + "-" + number + "-only"
}
