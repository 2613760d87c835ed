package version

import (
	"errors"
	"strings"
	"testing"
)

// ascending lists, for each scheme, versions in strictly ascending order;
// versions in one line are equal.
var ascending = map[Scheme]string{
	Dpkg: `
		1.0~~ | 1.0~rc1 | 1.0 1.0-0 0:1.0 | 1.0-1~deb12u1 | 1.0-1 | 1.0-1+b1 | 1.0a | 1.0+dfsg | 1.0.1 | 1.2 | 1.10 1.010 | 1:0.1
		1.2.3-4 | 1.2.3-4ubuntu0.1 | 1.2.3-4ubuntu0.10 | 1.2.3-4.1
		2.36-9+deb12u9 | 2.36-9+deb12u10`,
	RPM: `
		1.0~rc1-1 | 1.0 0:1.0 | 1.0-1.el8 0:1.0-1.el8 | 1.0-1.el8_6 | 1.0-2.el8 | 1.0^git1-1 | 1.0a-1 | 1.0.1 | 1:0.1
		2.34-60.el9 | 2.34-60.el9_2.7 | 2.34-100.el9
		1a | 1.1`,
	APK: `
		1.0_alpha | 1.0_alpha2 | 1.0_beta | 1.0_pre | 1.0_rc1 | 1.0_rc1-r1 | 1.0 | 1.0-r0 | 1.0-r1 | 1.0-r10 | 1.0~abc-r0 | 1.0_cvs | 1.0_svn | 1.0_git20240101 | 1.0_hg | 1.0_p1-r3 | 1.0a | 1.0.1
		8.2.0015 | 8.2.002 | 8.2.1
		0.01 | 0.1 | 0.2 | 0.10`,
	Semver: `
		1.0.0-alpha | 1.0.0-alpha.1 | 1.0.0-alpha.beta | 1.0.0-beta | 1.0.0-beta.2 | 1.0.0-beta.11 | 1.0.0-rc.1 | 1.0.0 v1.0.0 1 1.0 =1.0.0 1.0.0+build | 1.0.0.1 | 1.0.1 | 1.10.0`,
	Go: `
		(devel) | devel | v0.0.0-20200101000000-abcdefabcdef | v0.0.1 | v1.0.0-rc.1 | v1.0.0 v1.0.0+incompatible | v1.0.1-0.20200101000000-abcdefabcdef | v1.0.1
		1.22.0-0 | go1.22beta1 1.22.0-beta.1 | go1.22rc1 | go1.22rc2 1.22.0-rc.2 | go1.22 go1.22.0 1.22 go1.22.0-custom | go1.22.1 | go1.22.10
		go1.20rc1 | go1.20 1.20.0 | go1.20.1`,
	Maven: `
		1.0-alpha-1 1-a1 | 1.0-beta-1 | 1.0-m2 | 1.0-rc1 1.0-cr1 1.0.RC1 | 1.0-SNAPSHOT | 1.0 1 1.0.0 1.0-ga 1.0.Final 1.0.0.RELEASE | 1.0-sp | 1.0-jre | 1.0-1 | 1.0.1
		2.0.0.RC1 | 2.0.0.Final | 2.0.0.sp1 | 2.0.1.Final`,
	PEP440: `
		2004d | 1.dev0 | 1.0.dev456 | 1.0a1 | 1.0a2.dev456 | 1.0a12.dev456 | 1.0a12 1.0alpha12 | 1.0b1.dev456 | 1.0b2 | 1.0b2.post345.dev456 | 1.0b2.post345 | 1.0rc1.dev456 | 1.0rc1 1.0c1 1.0-preview1 | 1.0 v1.0.0 | 1.0+abc.5 | 1.0+abc.7 | 1.0+5 | 1.0.post456.dev34 | 1.0.post456 1.0-456 1.0.rev456 | 1.1.dev1 | 1!0.1`,
	Gem: `
		1.0.a | 1.0.b1 | 1.0-rc1 1.0.pre.rc1 | 1.0 1 1.0.0 | 1.0.0.1 | 1.0.1 | 1.9.a | 1.9 | 1.10
		1.a.0.b | 1.a | 1.a.0.1 | 1.a.1`,
	NuGet: `
		1.0.0-alpha 1.0.0-ALPHA | 1.0.0-alpha.2 | 1.0.0-alpha.10 | 1.0.0-rc | 1.0.0 1.0 1.0.0.0 1.0.0+git | 1.0.0.1 | 1.0.1`,
	Composer: `
		dev-main | 1.0-dev | 1.0.0-alpha1 | 1.0-beta1 1.0b1 | 1.0-RC1 | 1.0 v1.0.0.0 1.0.0-stable 1.0+build | 1.0-p1 1.0-patch1 1.0pl1 | 1.0.0.1 | 1.0.1 | 1.99 | 1.x-dev | 2.0-dev | 2.0`,
	CRAN:    `1 | 1.0 1-0 | 1.0.0 | 1.0-1 1.0.1 | 1.0.10`,
	Hackage: `1 | 1.0 | 1.0.0 | 1.0.1 | 1.0.10.2`,
	Conan:   `1.0-pre | 1.0 1 1.0.0 | 1.0+b1 | 1.0.2 | 1.0.2a | 1.0.2k | 1.0.10 | cci.20200101`,
	Pub:     `1.0.0-dev | 1.0.0 | 1.0.0+1 | 1.0.0+2 | 1.0.0+10 | 1.0.1`,
	Julia:   `1.0.0-rc1 | 1.0.0 | 1.0.0+0 | 1.0.0+1 | 1.0.1`,
	Generic: `
		1.0.2~git1 | 1.0.2-dev | 1.0.2-alpha1 | 1.0.2-beta1 | 1.0.2rc1 | 1.0.2 v1.0.2 OpenSSL_1_0_2 1.0.2.0 | 1.0.2a | 1.0.2k | 1.0.2za | 1.0.2.1 | 1.0.3
		8u292 | 8u302
		1.8.0_292 | 1.8.0_292-b10 | 1.8.0_302 | 11.0.2
		2.3.15 | 2.3.15.1 | 2.3.16`,
}

func TestAscending(t *testing.T) {
	for _, s := range Schemes() {
		if ascending[s] == "" {
			t.Errorf("%v: no versions", s)
		}
		for line := range strings.Lines(strings.TrimSpace(ascending[s])) {
			var groups [][]string
			for group := range strings.SplitSeq(line, "|") {
				groups = append(groups, strings.Fields(group))
			}
			checkAscending(t, s, groups)
		}
	}
}

// checkAscending compares every two versions of a line.
func checkAscending(t *testing.T, s Scheme, groups [][]string) {
	for i, lower := range groups {
		for j, higher := range groups {
			for _, a := range lower {
				for _, b := range higher {
					if got := s.Compare(a, b); got != sign(i-j) {
						t.Errorf("%v: Compare(%q, %q) = %d, want %d", s, a, b, got, sign(i-j))
					}
				}
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestValid(t *testing.T) {
	tests := []struct {
		scheme  Scheme
		valid   []string
		invalid []string
	}{
		{Dpkg, []string{"1", "1:2.0-1~deb12u1+b3", " 1.0 "}, []string{"", "1:", ":1", "1.0 2", "1_0", "-1"}},
		{RPM, []string{"1", "0:1.0-1.el8", "1.0~rc1^git"}, []string{"", "-1", "1.0 2", "1:", "1-"}},
		{APK, []string{"1", "1.2.3a_rc1_p2~0af-r3"}, []string{"", "a", "1_foo", "1-1", "1.0-r1-r2", "1.", "1~", "1_p1~0g"}},
		{Semver, []string{"1", "v1.2.3-a+b", "1.2.3.4"}, []string{"", "latest", "-1", "1..2", "file:x", "*"}},
		{Go, []string{"v1.2.3", "go1.21.3 X:foo", "1.22rc1"}, []string{"", "devel", "(devel)", "devel go1.24-abc", "go", "gopher", "go1.x"}},
		{Maven, []string{"1", "1.0.Final", "Finchley.SR2"}, []string{"", "${version}", "-1"}},
		{PEP440, []string{"1", "1!2.0a1.post2.dev3+x.1"}, []string{"", "2004d", "1.0-foo", "1.0+", "1.0+a..b", "x"}},
		{Gem, []string{"1", "1.0.a", "1-x86-linux", "1.0.rc-1"}, []string{"", "a", "1..2", "1.", "1_0", "1-"}},
		{NuGet, []string{"1.0.0.0-Beta"}, []string{"", "$(Version)"}},
		{Composer, []string{"1.0", "v1.0-RC1", "1.x-dev"}, []string{"", "dev-main", "self.version"}},
		{CRAN, []string{"1.0-2"}, []string{"", "1..0", "1.a", "1."}},
		{Hackage, []string{"1.0.2"}, []string{"", "1-0"}},
		{Conan, []string{"1.0", "cci.20200101"}, []string{"", "a b"}},
		{Generic, []string{"1.0", "release-7"}, []string{"", "latest"}},
		{Scheme(0), nil, []string{"", "1.0"}},
	}
	for _, test := range tests {
		for _, v := range test.valid {
			if p, err := test.scheme.Parse(v); !test.scheme.Valid(v) || err != nil || p.String() != v || p.Scheme() != test.scheme {
				t.Errorf("%v: %q is not valid: %v", test.scheme, v, err)
			}
		}
		for _, v := range test.invalid {
			if _, err := test.scheme.Parse(v); test.scheme.Valid(v) || !errors.Is(err, ErrInvalid) {
				t.Errorf("%v: %q is valid: %v", test.scheme, v, err)
			}
		}
	}
}

func TestSchemeByName(t *testing.T) {
	for _, s := range Schemes() {
		if got, ok := SchemeByName(strings.ToUpper(s.String())); !ok || got != s {
			t.Errorf("SchemeByName(%v) = %v, %v", s, got, ok)
		}
	}
	for name, want := range map[string]Scheme{"deb": Dpkg, "npm": Semver, "golang": Go, "pypi": PEP440, "cargo": Semver} {
		if got, ok := SchemeByName(name); !ok || got != want {
			t.Errorf("SchemeByName(%s) = %v, %v", name, got, ok)
		}
	}
	if got, ok := SchemeByName(""); ok {
		t.Errorf("SchemeByName of nothing = %v", got)
	}
	if got := Scheme(200).String(); got != "scheme(200)" {
		t.Errorf("String = %s", got)
	}
}

func TestCompareEVR(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"0:1.2-3.el8", "0:1.2", 0},
		{"1.2-3.el8", "0:1.2-4.el8", -1},
		{"1:1.2-3.el8", "1.3", 1},
		{"1.2", "1.2-3", 0},
		{"1.2-1", "1.2~rc1", 1},
	}
	for _, test := range tests {
		if got := CompareEVR(test.a, test.b); got != test.want {
			t.Errorf("CompareEVR(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
