package version

import "testing"

func fuzzCompare(f *testing.F, s Scheme) {
	a, b := benchmarkPair(s)
	f.Add(a, b, "1.0")
	f.Add("1", "1.0.alpha", "1-5")
	f.Add("", "1.0~", "1.0^")
	f.Fuzz(func(t *testing.T, a, b, c string) { checkOrder(t, s, a, b, c) })
}

func FuzzCompareDpkg(f *testing.F)     { fuzzCompare(f, Dpkg) }
func FuzzCompareRPM(f *testing.F)      { fuzzCompare(f, RPM) }
func FuzzCompareAPK(f *testing.F)      { fuzzCompare(f, APK) }
func FuzzCompareSemver(f *testing.F)   { fuzzCompare(f, Semver) }
func FuzzCompareGo(f *testing.F)       { fuzzCompare(f, Go) }
func FuzzCompareMaven(f *testing.F)    { fuzzCompare(f, Maven) }
func FuzzComparePEP440(f *testing.F)   { fuzzCompare(f, PEP440) }
func FuzzCompareGem(f *testing.F)      { fuzzCompare(f, Gem) }
func FuzzCompareNuGet(f *testing.F)    { fuzzCompare(f, NuGet) }
func FuzzCompareComposer(f *testing.F) { fuzzCompare(f, Composer) }
func FuzzCompareCRAN(f *testing.F)     { fuzzCompare(f, CRAN) }
func FuzzCompareHackage(f *testing.F)  { fuzzCompare(f, Hackage) }
func FuzzCompareConan(f *testing.F)    { fuzzCompare(f, Conan) }
func FuzzComparePub(f *testing.F)      { fuzzCompare(f, Pub) }
func FuzzCompareJulia(f *testing.F)    { fuzzCompare(f, Julia) }
func FuzzCompareGeneric(f *testing.F)  { fuzzCompare(f, Generic) }

// FuzzParseConstraint checks that ranges from any expression are sound: no
// range is empty, and each holds its own closed bounds.
func FuzzParseConstraint(f *testing.F) {
	for i, expr := range []string{">=1.0 <2.0 || ^3.1", "[1.0,2.0),(,0.5]", "~> 1.2, != 1.3", "==1.4.*", "1.0 - 2.x", "*", "[>=1 <2]", "~=2.2"} {
		f.Add(uint8(i+4), expr)
	}
	f.Fuzz(func(t *testing.T, scheme uint8, expr string) {
		s := Scheme(scheme)
		ranges, err := s.ParseConstraint(expr)
		if err != nil && ranges != nil {
			t.Fatal("ranges beside an error")
		}
		for _, r := range ranges {
			if s.isEmpty(r) {
				t.Fatalf("%v %q: empty range %+v", s, expr, r)
			}
			for _, bound := range []string{r.Introduced, r.LastAffected} {
				if v, _ := s.Parse(bound); bound != "" && !s.In(v, r) {
					t.Fatalf("%v %q: %q is not in %+v", s, expr, bound, r)
				}
			}
		}
	})
}
