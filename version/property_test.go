package version

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// pieces are what odd versions are made of, in every scheme.
var pieces = []string{
	"0", "00", "1", "01", "2", "10", "99999999999999999999999", ".", ".0", "-", "-0", "-1", "_", "+", "~", "^", ":", "!", " ", "\x00", "\xff",
	"a", "A", "b1", "m", "x", "*", "alpha", "beta", "pre", "rc", "RC1", "dev", "post", "r", "-r1", "p", "_p", "_alpha", "sp", "ga", "final",
	"snapshot", "stable", "go", "v", "devel", "dev-", "incompatible", "z", "É",
}

func drawVersion(t *rapid.T, label string) string {
	if rapid.IntRange(0, 9).Draw(t, "bytes") == 0 {
		return string(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, label))
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 7).Draw(t, label), "")
}

// checkOrder checks that three versions are in a total preorder, and that
// parsed versions compare as their strings do.
func checkOrder(t interface{ Fatalf(string, ...any) }, s Scheme, a, b, c string) {
	versions := []string{a, b, c}
	for _, x := range versions {
		for _, y := range versions {
			xy := s.Compare(x, y)
			if x == y && xy != 0 {
				t.Fatalf("%v: %q differs from itself", s, x)
			}
			if yx := s.Compare(y, x); xy != -yx {
				t.Fatalf("%v: Compare(%q, %q) = %d, but the other way %d", s, x, y, xy, yx)
			}
			v, errV := s.Parse(x)
			w, _ := s.Parse(y)
			if got := v.Compare(w); got != xy {
				t.Fatalf("%v: parsed %q and %q compare as %d, the strings as %d", s, x, y, got, xy)
			}
			if (errV == nil) != s.Valid(x) {
				t.Fatalf("%v: Parse(%q) = %v, Valid is %v", s, x, errV, s.Valid(x))
			}
		}
	}
	slices.SortFunc(versions, s.Compare)
	if s.Compare(versions[0], versions[2]) > 0 {
		t.Fatalf("%v: cycle of %q", s, versions)
	}
	if s.Compare(versions[0], versions[2]) == 0 && s.Compare(versions[0], versions[1]) != 0 {
		t.Fatalf("%v: equality of %q is not transitive", s, versions)
	}
}

func TestTotalOrder(t *testing.T) {
	for _, s := range append(Schemes(), 0) {
		t.Run(s.String(), rapid.MakeCheck(func(t *rapid.T) {
			checkOrder(t, s, drawVersion(t, "a"), drawVersion(t, "b"), drawVersion(t, "c"))
		}))
	}
}

// TestRelatedVersions draws versions that differ in one piece, which random
// versions seldom do.
func TestRelatedVersions(t *testing.T) {
	for _, s := range Schemes() {
		t.Run(s.String(), rapid.MakeCheck(func(t *rapid.T) {
			head := "1" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 3).Draw(t, "head"), "")
			tail := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 3).Draw(t, "tail"), "")
			middle := func(label string) string {
				return head + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 2).Draw(t, label), "") + tail
			}
			checkOrder(t, s, middle("a"), middle("b"), middle("c"))
		}))
	}
}

// TestHostileLength compares strings of a megabyte; a quadratic step would take
// hours.
func TestHostileLength(t *testing.T) {
	const size = 1 << 20
	for _, s := range Schemes() {
		for _, piece := range []string{"9", "0.", "a1", "-", "~", "|1"} {
			long := "1" + strings.Repeat(piece, size/len(piece))
			start := time.Now()
			s.Compare(long+"1", long+"2")
			_, _ = s.ParseConstraint(long[:maxExpression])
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%v: repeated %q takes %v", s, piece, took)
			}
		}
	}
}

// TestNoAllocation holds the promise of Compare and In for ordinary versions.
func TestNoAllocation(t *testing.T) {
	for _, s := range Schemes() {
		a, b := benchmarkPair(s)
		v, err := s.Parse(a)
		if err != nil {
			t.Fatal(err)
		}
		r := Range{Introduced: "1.0", Fixed: b}
		for name, f := range map[string]func(){
			"Compare": func() { s.Compare(a, b) },
			"In":      func() { s.In(v, r) },
			"Valid":   func() { s.Valid(a) },
		} {
			if n := testing.AllocsPerRun(100, f); n != 0 {
				t.Errorf("%v: %s allocates %v times", s, name, n)
			}
		}
	}
}

// benchmarkPair returns two typical versions, the first of them lower.
func benchmarkPair(s Scheme) (a, b string) {
	switch s {
	case Dpkg:
		return "1:2.36-9+deb12u9", "1:2.36-9+deb12u10"
	case RPM:
		return "0:2.34-60.el9_2.7", "0:2.34-100.el9_4.2"
	case APK:
		return "3.1.4_rc1-r5", "3.1.4-r6"
	case Go:
		return "v0.0.0-20231215000000-0123456789ab", "v0.17.0"
	case Maven:
		return "2.13.4-rc1", "2.13.4.2"
	case PEP440:
		return "2.28.0rc1.post1", "2.28.1"
	case CRAN, Hackage:
		return "1.20.4.1", "1.20.10"
	}
	return "1.20.4-beta.2", "1.20.10"
}

func BenchmarkCompare(b *testing.B) {
	for _, s := range Schemes() {
		v, w := benchmarkPair(s)
		b.Run(s.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Compare(v, w)
			}
		})
	}
}

func BenchmarkParsedCompare(b *testing.B) {
	for _, s := range []Scheme{Dpkg, Semver, Maven} {
		x, y := benchmarkPair(s)
		v, _ := s.Parse(x)
		w, _ := s.Parse(y)
		b.Run(s.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v.Compare(w)
			}
		})
	}
}

// BenchmarkMatch asks 20,000 ranges about a package each, as one scan of 1,000
// packages with 20 advisories each does.
func BenchmarkMatch(b *testing.B) {
	for _, s := range []Scheme{Dpkg, RPM, APK, Semver, Maven, PEP440} {
		x, y := benchmarkPair(s)
		ranges := make([]Range, 20)
		for i := range ranges {
			ranges[i] = Range{Introduced: fmt.Sprint(i % 3), Fixed: y}
		}
		b.Run(s.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range 1000 {
					v, _ := s.Parse(x)
					for _, r := range ranges {
						s.In(v, r)
					}
				}
			}
		})
	}
}
