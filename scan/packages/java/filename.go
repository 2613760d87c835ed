package java

import (
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/scanner"
)

// fileName is what the name of an archive says: "log4j-core-2.17.1.jar" is
// artifact log4j-core, version 2.17.1.
type fileName struct {
	stem              string // without the extension
	artifact, version string // version is "" when the name has none
	sourceOnly        bool   // holds no classes
}

// classifiers may follow the version and are no part of it.
var classifiers = []string{
	"sources", "javadoc", "test-sources", "tests", "shaded", "all", "jar-with-dependencies", "exec", "boot", "uber",
	"linux-x86_64", "linux-aarch_64", "osx-x86_64", "osx-aarch_64", "windows-x86_64",
}

// qualifiers are parts of a version that may stand between its dashes:
// 1.0-rc-2, 2.0-M3-1.
var qualifiers = []string{"rc", "alpha", "beta", "m", "cr", "sp", "snapshot", "final", "ga", "release"}

// parseFileName splits the last element of path.
func parseFileName(path string) fileName {
	_, base := scanner.Split(path)
	f := fileName{stem: base[:max(strings.LastIndexByte(base, '.'), 0)]}
	name := f.stem
	for _, c := range classifiers {
		if rest, ok := strings.CutSuffix(name, "-"+c); ok {
			name = rest
			f.sourceOnly = c == "sources" || c == "javadoc" || c == "test-sources"
			break
		}
	}
	f.artifact = name
	if i := versionAt(name); i > 0 && isVersion(name[i:]) {
		f.artifact, f.version = name[:i-1], name[i:]
	}
	return f
}

// versionAt is where the version begins: at the last dash that a digit
// follows, or at an earlier one if only such parts and qualifiers are between
// (log4j-1.2-api-2.17.1 has version 2.17.1, foo-1.0-rc-2 has 1.0-rc-2).
func versionAt(name string) int {
	at := 0
	for end := len(name); end > 0; {
		dash := strings.LastIndexByte(name[:end], '-')
		if dash <= 0 {
			break
		}
		part := name[dash+1 : end]
		switch {
		case part != "" && part[0] >= '0' && part[0] <= '9':
			at = dash + 1
			if strings.Count(part, ".") >= 2 {
				return at // a whole version
			}
		case at > 0 && !slices.Contains(qualifiers, strings.ToLower(part)):
			return at
		}
		end = dash
	}
	return at
}
