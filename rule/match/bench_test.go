package match

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// corpus is up to 64 MB of the files that match the patterns.
func corpus(b *testing.B, patterns ...string) []byte {
	b.Helper()
	var out []byte
	for _, p := range patterns {
		names, err := filepath.Glob(p)
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range names {
			if st, err := os.Stat(n); err != nil || !st.Mode().IsRegular() || st.Size() > 8<<20 {
				continue
			}
			data, err := os.ReadFile(n)
			if err != nil {
				continue
			}
			if out = append(out, data...); len(out) > 64<<20 {
				return out
			}
		}
	}
	if len(out) == 0 {
		b.Skip("no such files on this machine")
	}
	return out
}

// words are n literals of at least so many bytes that look like those of rules:
// identifiers and paths, changed so that they are rare in what is searched.
func words(b *testing.B, n, shortest int) []Literal {
	b.Helper()
	seen := map[string]bool{}
	var ls []Literal
	re := regexp.MustCompile(`[A-Za-z0-9_/.-]{4,24}`)
	for _, name := range []string{"/etc/services", "/etc/ssl/openssl.cnf", "/usr/share/perl/5.36/perl5db.pl", "/usr/lib/python3.11/ast.py"} {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		for i, w := range re.FindAll(data, -1) {
			w = bytes.Clone(w)
			w[len(w)/2] = "QZXJ7"[i%5]
			if len(w) < shortest || seen[string(w)] {
				continue
			}
			seen[string(w)] = true
			if ls = append(ls, Literal{Text: w, Fold: i%4 == 0}); len(ls) == n {
				return ls
			}
		}
	}
	b.Skipf("only %d words on this machine", len(ls))
	return nil
}

func BenchmarkScan(b *testing.B) {
	elf := corpus(b, "/usr/bin/*", "/usr/lib/x86_64-linux-gnu/*.so*")
	text := corpus(b, "/usr/lib/python3*/*.py", "/usr/share/perl/*/*.p[ml]", "/usr/share/doc/*/copyright", "/usr/include/*.h")
	for _, set := range []struct {
		name        string
		n, shortest int
		extra       []string
	}{
		{"1500x4", 1500, 4, nil},
		{"1500x7", 1500, 7, nil},
		{"100x4", 100, 4, nil},
		{"4000x4", 4000, 4, nil},
		{"1500x4+short", 1500, 4, []string{"sk-", "xq", "~#\x00"}},
	} {
		s, err := Compile(append(words(b, set.n, set.shortest), lits(set.extra...)...))
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range []struct {
			name string
			data []byte
		}{{"elf", elf}, {"text", text}} {
			b.Run(set.name+"/"+c.name, func(b *testing.B) {
				hits, before := 0, cpu()
				for b.Loop() {
					s.Scan(c.data, func(int, int) bool { hits++; return true })
				}
				spent := cpu() - before
				b.ReportMetric(float64(len(c.data))*float64(b.N)/1e6/spent.Seconds(), "MB/cpu-s")
				b.ReportMetric(float64(hits)/float64(b.N), "hits")
			})
		}
	}
}

// cpu is the processor time that this process used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
