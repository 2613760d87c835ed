package version

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseConstraint(t *testing.T) {
	tests := []struct {
		scheme Scheme
		expr   string
		want   []Range
	}{
		{Semver, ">=1.0.0 <2.0.0", []Range{{Introduced: "1.0.0", Fixed: "2.0.0"}}},
		{Semver, ">= 1.0.0, < 2.0.0", []Range{{Introduced: "1.0.0", Fixed: "2.0.0"}}},
		{Semver, ">=1.0.0<2.0.0||=3.0.0", []Range{{Introduced: "1.0.0", Fixed: "2.0.0"}, {Introduced: "3.0.0", LastAffected: "3.0.0"}}},
		{Semver, ">1.0.0 >=1.0.0 <=2.0.0 <3.0.0", []Range{{After: "1.0.0", LastAffected: "2.0.0"}}},
		{Semver, "<1.0.0 >2.0.0", nil},
		{Semver, "*", []Range{{}}},
		{Semver, "1.2", []Range{{Introduced: "1.2-0", Fixed: "1.3.0-0"}}},
		{Semver, "^0.2.3", []Range{{Introduced: "0.2.3", Fixed: "0.3.0-0"}}},
		{Semver, "~1.9.3", []Range{{Introduced: "1.9.3", Fixed: "1.10.0-0"}}},
		{Semver, "1.0.0 - 2.3", []Range{{Introduced: "1.0.0-0", Fixed: "2.4.0-0"}}},
		{Maven, "[1.0,2.0)", []Range{{Introduced: "1.0", Fixed: "2.0"}}},
		{Maven, "(,1.0],[1.2, 1.3)", []Range{{LastAffected: "1.0"}, {Introduced: "1.2", Fixed: "1.3"}}},
		{Maven, "(1.0,)", []Range{{After: "1.0"}}},
		{Maven, "[1.0]", []Range{{Introduced: "1.0", LastAffected: "1.0"}}},
		{Maven, "[2.0,1.0]", nil},
		{Maven, "1.0", []Range{{Introduced: "1.0", LastAffected: "1.0"}}},
		{NuGet, "1.0", []Range{{Introduced: "1.0"}}},
		{NuGet, "[1.0, 2.0)", []Range{{Introduced: "1.0", Fixed: "2.0"}}},
		{NuGet, "1.*", []Range{{Introduced: "1", Fixed: "2-0"}}},
		{Gem, "~> 1.2", []Range{{Introduced: "1.2", Fixed: "2.A"}}},
		{Gem, "~> 1.2.9", []Range{{Introduced: "1.2.9", Fixed: "1.3.A"}}},
		{Gem, ">= 1.0, != 1.5, < 2.0", []Range{{Introduced: "1.0", Fixed: "1.5"}, {After: "1.5", Fixed: "2.0"}}},
		{PEP440, ">=1.0,<2.0||==3.0", []Range{{Introduced: "1.0", Fixed: "2.0"}, {Introduced: "3.0", LastAffected: "3.0"}}},
		{PEP440, "~=1!2.2.3", []Range{{Introduced: "1!2.2.3", Fixed: "1!2.3.dev0"}}},
		{PEP440, "==1.9.*", []Range{{Introduced: "1.9.dev0", Fixed: "1.10.dev0"}}},
		{PEP440, "!=1.9.*", []Range{{Fixed: "1.9.dev0"}, {Introduced: "1.10.dev0"}}},
		{Composer, "~1.2|^3.0", []Range{{Introduced: "1.2-dev", Fixed: "2-dev"}, {Introduced: "3.0-dev", Fixed: "4-dev"}}},
		{Composer, "dev-main", []Range{{Introduced: "dev-main", LastAffected: "dev-main"}}},
		{Conan, "[>=1.0 <2.0]", []Range{{Introduced: "1.0", Fixed: "2.0"}}},
		{Conan, "[~1.2]", []Range{{Introduced: "1.2", Fixed: "1.3-0"}}},
		{Dpkg, "[1.0~rc1,2.0)", []Range{{Introduced: "1.0~rc1", Fixed: "2.0"}}},
		{Dpkg, "<< 1:1.0~rc1-2", nil},
		{Dpkg, "< 1:1.0~rc1-2", []Range{{Fixed: "1:1.0~rc1-2"}}},
		{RPM, "<1.0^git-1", []Range{{Fixed: "1.0^git-1"}}},
	}
	for _, test := range tests {
		got, err := test.scheme.ParseConstraint(test.expr)
		if malformed := strings.HasPrefix(test.expr, "<<"); malformed != (err != nil) {
			t.Errorf("%v %q: %v", test.scheme, test.expr, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v %q (-want +got):\n%s", test.scheme, test.expr, diff)
		}
	}
}

func TestParseConstraintErrors(t *testing.T) {
	tests := []struct {
		scheme Scheme
		expr   string
		want   error
	}{
		{Semver, "", ErrConstraint},
		{Semver, "1.0 || ", ErrConstraint},
		{Semver, "=>1.0.0", ErrConstraint},
		{Semver, ">=latest", ErrInvalid},
		{Semver, ">=", ErrInvalid},
		{Semver, strings.Repeat("!=1.0.0 ", maxComparators+1), ErrConstraint},
		{Semver, strings.Repeat("1||", maxExpression), ErrConstraint},
		{Maven, "[1.0,2.0", ErrConstraint},
		{Maven, "(1.0)", ErrConstraint},
		{Maven, "[1.0,2.0)x", ErrConstraint},
		{Maven, "[${v},2.0)", ErrInvalid},
		{Composer, ">=dev-main", ErrInvalid},
	}
	for _, test := range tests {
		if got, err := test.scheme.ParseConstraint(test.expr); !errors.Is(err, test.want) || got != nil {
			t.Errorf("%v %.40q: %v, %v, want %v", test.scheme, test.expr, got, err, test.want)
		}
	}
}

func TestIn(t *testing.T) {
	tests := []struct {
		scheme  Scheme
		version string
		in      Range
		want    bool
	}{
		{Semver, "1.0.0", Range{}, true},
		{Semver, "0.0.0-0", Range{Introduced: "0"}, true},
		{Semver, "1.0.0", Range{Introduced: "1.0.0", Fixed: "1.0.1"}, true},
		{Semver, "1.0.1", Range{Introduced: "1.0.0", Fixed: "1.0.1"}, false},
		{Semver, "1.0.1-rc.1", Range{Introduced: "1.0.0", Fixed: "1.0.1"}, true},
		{Semver, "1.0.1", Range{LastAffected: "1.0.1"}, true},
		{Semver, "1.0.1", Range{After: "1.0.1"}, false},
		{RPM, "1.2-3.el8", Range{LastAffected: "0:1.2"}, true},
		{RPM, "1.2-3.el8", Range{Fixed: "0:1.2"}, false},
		{RPM, "1.2-3.el8", Range{Fixed: "0:1.2-4.el8"}, true},
		{Dpkg, "1.2-3", Range{Fixed: "1:0.1"}, true},
		{Go, "go1.21rc2", Range{Introduced: "1.21.0-0", Fixed: "1.21.3"}, true},
		{Go, "go1.21.3", Range{Introduced: "1.21.0-0", Fixed: "1.21.3"}, false},
	}
	for _, test := range tests {
		v, err := test.scheme.Parse(test.version)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.scheme.In(v, test.in); got != test.want {
			t.Errorf("%v: %s in %+v = %v", test.scheme, test.version, test.in, got)
		}
	}
	v, _ := Semver.Parse("1.0.0")
	if Dpkg.In(v, Range{}) || Scheme(0).In(Version{}, Range{}) {
		t.Error("a version lies in a range of another scheme")
	}
}

// constraintPairs crosses expressions (a) with versions (b).
func constraintPairs(expressions, versions string) []pair {
	var pairs []pair
	for _, expr := range strings.Split(expressions, ";") {
		for _, v := range strings.Fields(versions) {
			pairs = append(pairs, pair{strings.TrimSpace(expr), v})
		}
	}
	return pairs
}

// checkConstraints compares membership with an oracle that answers 1 or 0.
func checkConstraints(t *testing.T, s Scheme, pairs []pair, answers []string) {
	t.Helper()
	for i, p := range pairs {
		ranges, err := s.ParseConstraint(p.a)
		if err != nil || answers[i] == refused {
			t.Fatalf("%v: %q: %v, oracle %s", s, p.a, err, answers[i])
		}
		v, err := s.Parse(p.b)
		if err != nil {
			t.Fatal(err)
		}
		inside := 0
		for _, r := range ranges {
			if s.In(v, r) {
				inside = 1
			}
		}
		if fmt.Sprint(inside) != answers[i] {
			t.Errorf("%v: %q holds %q: %d, oracle %s, ranges %+v", s, p.a, p.b, inside, answers[i], ranges)
		}
	}
	t.Logf("%d pairs", len(pairs))
}

// TestSemverConstraintOracle leaves out pre-releases of the lower bound of
// ^0.1.2, which npm lets in and its own documentation does not.
func TestSemverConstraintOracle(t *testing.T) {
	program := script(t, "satisfies.js", `
		const semver = require(process.argv[2]);
		const options = { loose: true, includePrerelease: true };
		for (const line of require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
			const [range, v] = line.split('\t');
			console.log(semver.validRange(range, options) === null ? 'x' : Number(semver.satisfies(v, range, options)));
		}`)
	pairs := constraintPairs(`>=1.2.3 <2.0.0;>1.2.3;<=1.2.3;<1.2.3;=1.2.3;1.2.3;1;1.2;1.2.x;1.x;*;x;>1;>1.2;>=1;>=1.2;<1;<1.2;<=1;<=1.2;
		~1;~1.2;~1.2.3;^1;^1.2;^1.2.3;^0;^0.0;^0.1;^0.1.2;^0.0.3;^0.x;~0.1.2;1.2.3 - 2.0.0;1.2 - 2.0.0;1.2.3 - 2;1.2.3 - 2.1;
		<1.0.0 || >=2.0.0 <2.1.0 || 3;>=1.2.3-beta <1.2.3;>=1.0.0 <1.2.3 || ~2.1.0-rc.1;< 1.2.3;>= 1.2.3 < 2.1.0;1.2.3||2.0.0`,
		`0.0.0 0.0.3 0.0.4 0.1.1 0.1.2 0.1.3 0.2.0 0.2.0-rc 1.0.0-0 1.0.0 1.2.0-rc.1 1.2.0 1.2.2 1.2.3-alpha 1.2.3-beta 1.2.3 1.2.4 1.3.0-0 1.3.0
		1.10.0 2.0.0-0 2.0.0-rc.1 2.0.0 2.0.1 2.1.0-rc.0 2.1.0-rc.1 2.1.0 2.2.0-0 2.2.0 3.0.0-a 3.0.0 3.1.0 4.0.0-0 4.0.0`)
	checkConstraints(t, Semver, pairs, ask(t, pairs, tool(t, "node"), program, npmSemver(t)))
}

func TestGemConstraintOracle(t *testing.T) {
	pairs := constraintPairs(`>= 1.2, < 2.0;> 1.2;<= 1.2;= 1.2;!= 1.2;~> 1;~> 1.2;~> 1.2.3;~> 1.2.a;~> 1.2.3.rc1;~> 0.9.9;>= 1.0, != 1.2, != 1.3, < 2`,
		`0.9.9 0.9.10 0.10 1.0.a 1.0 1.2.a 1.2.b1 1.2 1.2.0 1.2.3.rc0 1.2.3.rc1 1.2.3 1.2.10 1.3.a 1.3 1.9 2.0.a 2.0 2.1 10`)
	answers := ask(t, pairs, tool(t, "ruby"), "-ne", `
		expr, v = $_.chomp.split("\t", -1)
		puts Gem::Requirement.new(expr.split(", ")).satisfied_by?(Gem::Version.new(v)) ? 1 : 0`)
	checkConstraints(t, Gem, pairs, answers)
}

// TestComposerConstraintOracle gives "<" and ">=" no pre-releases of their
// bounds: Composer moves such bounds down to -dev, and ParseConstraint does not.
func TestComposerConstraintOracle(t *testing.T) {
	firstFile(t, "composer", "/usr/share/php/Composer/Semver/autoload.php")
	pairs := constraintPairs(`~1;~1.2;~1.2.3;~1.2.3.4;~1.2-beta2;^1;^1.2;^1.2.3;^0.3;^0.0.3;1.2.*;1.*;1.x;1.2.3;1.2.3|1.3;1.0 - 2.0;1.0.0 - 2.0.0;^1.2 || ^2.1`,
		`0.0.2 0.0.3 0.0.4 0.3 0.3.9 0.4 1.0-dev 1.0-beta1 1.0 1.2-dev 1.2-beta1 1.2-beta3 1.2 1.2.2 1.2.3-RC1 1.2.3 1.2.3.4 1.2.3.9 1.2.4-dev 1.2.4 1.3-beta1 1.3
		2.0-dev 2.0-RC1 2.0 2.0.1 2.1-dev 2.1 3.0-dev 3.0`)
	pairs = append(pairs, constraintPairs(`>=1.2,<2.0;>1.2;<=1.2;!=1.2;<1.2|>=2.0;>1.0 <2.1`, `0.3 1.0 1.2-p1 1.2 1.2.1 2.0 2.0.1 2.1 3.0`)...)
	answers := ask(t, pairs, tool(t, "php"), "-r", `
		require "/usr/share/php/Composer/Semver/autoload.php";
		while (($line = fgets(STDIN)) !== false) {
			[$range, $version] = explode("\t", rtrim($line, "\n"));
			echo (int) Composer\Semver\Semver::satisfies($version, $range), "\n";
		}`)
	checkConstraints(t, Composer, pairs, answers)
}

// TestPEP440ConstraintOracle gives ">" no post-releases, "<" no pre-releases
// and "==" no local versions of their bounds, for which the specification has
// rules that no interval can say.
func TestPEP440ConstraintOracle(t *testing.T) {
	program := script(t, "contains.py", `
import sys
from packaging.specifiers import SpecifierSet
for line in sys.stdin:
    spec, v = line.rstrip("\n").split("\t")
    print(int(SpecifierSet(spec).contains(v, prereleases=True)))
`)
	pairs := constraintPairs(`~=1.2;~=1.2.3;~=1.2.post3;==1.2.*;!=1.2.*;>=1.2,<2.0;>1.2;<=1.2;==1.2;!=1.2;>=1.0,!=1.2,!=1.3,<2;===1.2`,
		`0.9 1.0.dev1 1.0 1.1 1.2 1.2.3 1.2.3.post1 1.2.10 1.3 1.9 2.0 2.1 1!1.2`)
	pairs = append(pairs, constraintPairs(`~=1.2;==1.2.*;!=1.2.*;>=1.2;<=1.2`, `1.2.dev0 1.2a1 1.2.post3 1.3.dev0 1.3a1 2.0.dev0 2.0rc1`)...)
	checkConstraints(t, PEP440, pairs, ask(t, pairs, python(t), program))
}
