package golang

import (
	"regexp"
	"strings"
)

// goVersion matches the versions of Go's releases: 1.21, 1.21.3, 1.22rc1.
var goVersion = regexp.MustCompile(`^go(\d+\.\d+)(\.\d+)?(?:(rc|beta)(\d+))?`)

// stdlibVersion turns "go1.22rc1 X:boringcrypto" into "1.22.0-rc.1", the form
// in which advisories name Go. Whatever builders append (experiments, "b7" of
// the old BoringCrypto branch, a distribution's release) is dropped. It is ""
// for development builds, which have no version.
func stdlibVersion(s string) string {
	m := goVersion.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	v := m[1] + m[2]
	if m[2] == "" {
		v += ".0"
	}
	if m[3] != "" {
		v += "-" + m[3] + "." + m[4]
	}
	return v
}

var (
	// versionFlag matches the linker's -X for a variable that holds a version:
	// -X main.version=1.2.3, -X 'k8s.io/component-base/version.gitVersion=v1.29.0'.
	versionFlag  = regexp.MustCompile(`(?i)-X[ =]?['"]?[^\s'"=]*\.(?:git|build|app)?version=([^\s'"]+)`)
	cleanRelease = regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
)

// flagVersion finds the program's version in the linker's flags, in Go's form.
// It is "" when the flags name none, or several.
func flagVersion(flags string) string {
	found := ""
	for _, m := range versionFlag.FindAllStringSubmatch(flags, 10) {
		v := m[1]
		if !cleanRelease.MatchString(v) {
			continue
		}
		v = "v" + strings.TrimPrefix(v, "v")
		if found != "" && found != v {
			return ""
		}
		found = v
	}
	return found
}
