package version

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/osv-scalibr/semantic"
	apk "github.com/knqyf263/go-apk-version"
)

// askScalibr asks the version orders of OSV-SCALIBR, for ecosystems whose own
// program Debian does not package.
func askScalibr(ecosystem string, pairs []pair) []string {
	answers := make([]string, len(pairs))
	for i, p := range pairs {
		answers[i] = refused
		if a, err := semantic.Parse(p.a, ecosystem); err == nil {
			if c, err := a.CompareStr(p.b); err == nil {
				answers[i] = fmt.Sprint(c)
			}
		}
	}
	return answers
}

// TestAPKOracle asks a port of apk-tools 2. OSV-SCALIBR's own order of Alpine
// versions is no oracle: it holds 1.0 = 1.0-r0 and 1.0 = 1.0_cvs, which
// apk-tools' test data denies.
func TestAPKOracle(t *testing.T) {
	pairs := partsInOrder(oraclePairs, []string{"0", "1", "2", "10"}, []string{"", ".0", ".1", ".10", ".01", ".9"}, []string{"", ".2", ".11"},
		[]string{"", "", "a", "b"}, []string{"", "", "_alpha", "_beta2", "_pre1", "_rc", "_p1", "_git20200101", "_hg1", "_cvs", "_svn3"},
		[]string{"", "", "-r0", "-r1", "-r10"})
	answers := make([]string, len(pairs))
	for i, p := range pairs {
		answers[i] = fmt.Sprint(apk.Version(p.a).Compare(apk.Version(p.b)))
	}
	check(t, APK, pairs, answers, false)
}

func TestNuGetOracle(t *testing.T) {
	pairs := partsInOrder(oraclePairs, []string{"1", "2"}, []string{".0", ".1", ".10"}, []string{".0", ".2"}, []string{"", ".0", ".1"},
		[]string{"", "-alpha", "-ALPHA.1", "-beta.2", "-beta.10", "-rc", "-1"}, []string{"", "+build"})
	check(t, NuGet, pairs, askScalibr("NuGet", pairs), false)
}

func TestNumberListOracle(t *testing.T) {
	pairs := generate(oraclePairs, ".0", ".1", ".10", ".2")
	check(t, Hackage, pairs, askScalibr("Hackage", pairs), false)
	pairs = generate(oraclePairs, ".0", ".1", "-10", "-2")
	check(t, CRAN, pairs, askScalibr("CRAN", pairs), false)
}

func TestPubOracle(t *testing.T) {
	pairs := partsInOrder(oraclePairs, []string{"1.0.0", "1.0.10", "2.0.0"}, []string{"", "-alpha", "-alpha.1", "-dev.2", "-dev.10", "-1"},
		[]string{"", "+1", "+10", "+a", "+1.a"})
	check(t, Pub, pairs, askScalibr("Pub", pairs), false)
}

// TestPublishedOrders checks the orders that OSV-SCALIBR's fixtures list. Most
// were made by each ecosystem's own program from the versions of its most used
// packages. The fixtures for Packagist are left to TestComposerOracle: they
// give PHP's version_compare of versions that Composer would first normalise,
// and so hold 1.0.0 > 1.0 and v3.0 < v3.0.0-beta.
func TestPublishedOrders(t *testing.T) {
	files := map[string]Scheme{
		"alpine-versions": APK, "cran-versions": CRAN, "debian-versions": Dpkg, "maven-versions": Maven,
		"pypi-versions": PEP440, "rubygems-versions": Gem, "hackage-versions": Hackage,
		"nuget-versions": NuGet, "pub-versions": Pub, "redhat-versions": RPM, "semver-versions": Semver,
		"alpine-versions-generated": APK, "cran-versions-generated": CRAN, "debian-versions-generated": Dpkg,
		"maven-versions-generated": Maven, "pypi-versions-generated": PEP440,
		"rubygems-versions-generated": Gem,
	}
	sign := map[string]int{"<": -1, "=": 0, ">": 1}
	for name, s := range files {
		t.Run(name, func(t *testing.T) {
			published, excused := published(t, name), 0
			for _, line := range published {
				if got := s.Compare(line.a, line.b); got == sign[line.sign] {
					continue
				} else if !isExcused(s, line.pair) {
					t.Errorf("%v: Compare(%q, %q) = %d, published %s", s, line.a, line.b, got, line.sign)
				}
				excused++
			}
			t.Logf("%d pairs, %d excused", len(published), excused)
			if excused > 3 && excused*100 > len(published) {
				t.Errorf("%d of %d lines are excused", excused, len(published))
			}
		})
	}
}

// isExcused tells the pairs for which a fixture is wrong by today's rules.
func isExcused(s Scheme, p pair) bool {
	switch s {
	case APK, RPM:
		// The programs call any two invalid versions equal.
		return !s.Valid(p.a) || !s.Valid(p.b)
	case Maven:
		// Until 3.9 (MNG-7644) Maven gave a qualifier after a dot another
		// place than one after a hyphen.
		return dottedWord(p.a) || dottedWord(p.b)
	}
	return false
}

// dottedWord reports if a letter follows a dot in v.
func dottedWord(v string) bool {
	for i := 1; i < len(v); i++ {
		if v[i-1] == '.' && isAlpha(v[i]) {
			return true
		}
	}
	return false
}

// publishedLine is a fixture's line such as "1.0 < 1.1".
type publishedLine struct {
	pair
	sign string
}

// published reads one of OSV-SCALIBR's fixtures from the module cache.
func published(t *testing.T, name string) []publishedLine {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/osv-scalibr").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "semantic", "testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var published []publishedLine
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] == "#" || fields[0] == "//" {
			continue
		}
		published = append(published, publishedLine{pair{fields[0], fields[2]}, fields[1]})
	}
	return published
}
