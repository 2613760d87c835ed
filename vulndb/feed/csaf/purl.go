package csaf

import (
	"net/url"
	"strings"
)

// RPM is what a package URL of type rpm says.
type RPM struct {
	Name    string
	EVR     string // with the epoch where it is not 0, "" when no version is named
	Arch    string
	Module  string // "name:stream"
	Distro  string
	IsDebug bool // debuginfo and debugsource, which nothing runs
}

// ParseRPM parses "pkg:rpm/redhat/ruby@2.5.9-111?arch=x86_64&epoch=1&rpmmod=ruby:2.5:8090020".
// Source: https://github.com/package-url/purl-spec, type rpm; rpmmod is how
// Red Hat writes the module build.
func ParseRPM(purl string) (RPM, bool) {
	rest, ok := strings.CutPrefix(purl, "pkg:rpm/")
	if !ok {
		return RPM{}, false
	}
	rest, query, _ := strings.Cut(rest, "?")
	path, version, _ := strings.Cut(rest, "@")
	r := RPM{Name: unescape(path[strings.LastIndexByte(path, '/')+1:]), EVR: unescape(version)}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		value = unescape(value)
		switch key {
		case "arch":
			r.Arch = value
		case "distro":
			r.Distro = value
		case "epoch":
			if value != "0" && r.EVR != "" {
				r.EVR = value + ":" + r.EVR
			}
		case "rpmmod":
			r.Module = ModuleStream(value)
		}
	}
	r.IsDebug = strings.HasSuffix(r.Name, "-debuginfo") || strings.HasSuffix(r.Name, "-debugsource")
	return r, r.Name != ""
}

// ModuleStream cuts "name:stream:version:context" to "name:stream".
func ModuleStream(label string) string {
	parts := strings.SplitN(label, ":", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[0] + ":" + parts[1]
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
