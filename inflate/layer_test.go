package inflate

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	kgzip "github.com/klauspost/compress/gzip"
)

// tree writes a tar of the regular files under the folders until it has limit
// bytes, as an image layer would have them.
func tree(t testing.TB, limit int, folders ...string) []byte {
	t.Helper()
	var w bytes.Buffer
	tw := tar.NewWriter(&w)
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return nil // what cannot be read is not in the layer
			}
			room := limit - w.Len()
			if room <= 0 {
				return fs.SkipAll
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			b = b[:min(len(b), room)]
			h := &tar.Header{Name: path, Mode: 0o644, Size: int64(len(b))}
			if err := tw.WriteHeader(h); err != nil {
				return err
			}
			_, err = tw.Write(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Len() < limit {
		t.Fatalf("only %d bytes of files under %q", w.Len(), folders)
	}
	return w.Bytes()
}

// goroot is where the Go toolchain has its files.
func goroot(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("ask go for its root: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// TestLayer decodes tens of megabytes of real files: some faults show once in a
// hundred megabytes of them and in nothing smaller.
func TestLayer(t *testing.T) {
	root := goroot(t)
	size, levels := 24<<20, []int{1, 6}
	if testing.Short() { // for the race detector
		size, levels = 1<<20, levels[1:2]
	}
	src := tree(t, size, filepath.Join(root, "src"))
	bin := tree(t, size, filepath.Join(root, "pkg"), filepath.Join(root, "bin"))
	for _, want := range [][]byte{src, bin} {
		for _, level := range levels {
			t.Run(strconv.Itoa(level), func(t *testing.T) {
				t.Parallel()
				g := NewGzipReader(bytes.NewReader(gzipped(t, want, level)))
				n, err := g.WriteTo(&comparer{t: t, want: want})
				if err != nil || n != int64(len(want)) {
					t.Errorf("got %d of %d bytes, error %v", n, len(want), err)
				}
			})
		}
	}
}

// comparer checks what is written to it.
type comparer struct {
	t    *testing.T
	want []byte
}

func (c *comparer) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(c.want, p) {
		c.t.Fatalf("wrong output in the %d bytes before the last %d", len(p), len(c.want))
	}
	c.want = c.want[len(p):]
	return len(p), nil
}

// contender decodes once and returns the length of the output.
type contender struct {
	name string
	run  func() (int64, error)
}

// compare runs the contenders in turn and reports, by processor time, how many
// times faster the first is than each other, which the load of the machine
// disturbs less than the speed. size is what MB/s counts; 0 is the output.
func compare(b *testing.B, size int64, cs ...contender) {
	b.Helper()
	spent := make([][]float64, len(cs))
	for b.Loop() {
		for i, c := range cs {
			start := cpuTime()
			n, err := c.run()
			if err != nil {
				b.Fatalf("%s: %v", c.name, err)
			}
			spent[i] = append(spent[i], (cpuTime() - start).Seconds())
			if size == 0 && i == 0 {
				size = n
			}
		}
	}
	first := median(spent[0])
	b.ReportMetric(float64(size)/1e6/first, "MB/s")
	for i, c := range cs[1:] {
		b.ReportMetric(median(spent[i+1])/first, "x-"+c.name)
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// cpuTime is the user time that the process has spent.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano())
}

func stdGzip(data []byte) contender {
	var z gzip.Reader
	return contender{"stdlib", func() (int64, error) {
		if err := z.Reset(bytes.NewReader(data)); err != nil {
			return 0, err
		}
		return io.Copy(io.Discard, &z)
	}}
}

func klauspostGzip(data []byte) contender {
	var z kgzip.Reader
	return contender{"klauspost", func() (int64, error) {
		if err := z.Reset(bytes.NewReader(data)); err != nil {
			return 0, err
		}
		return z.WriteTo(io.Discard)
	}}
}

// BenchmarkLayer decodes layers of programs, of libraries and of text, of up to
// 100 MB each.
func BenchmarkLayer(b *testing.B) {
	for name, folder := range map[string]string{
		"programs":  "/usr/bin",
		"libraries": "/usr/lib",
		"text":      filepath.Join(goroot(b), "src"),
	} {
		b.Run(name, func(b *testing.B) {
			data := compress(b, tree(b, 100<<20, folder))
			g := NewGzipReader(nil)
			ours := contender{"inflate", func() (int64, error) {
				g.Reset(bytes.NewReader(data))
				return g.WriteTo(io.Discard)
			}}
			compare(b, 0, ours, klauspostGzip(data), stdGzip(data))
		})
	}
}

// compress makes a layer as most are made: by pigz or gzip, level 6.
func compress(b *testing.B, layer []byte) []byte {
	b.Helper()
	for _, program := range []string{"pigz", "gzip"} {
		path, err := exec.LookPath(program)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, "-6", "-c")
		cmd.Stdin = bytes.NewReader(layer)
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	return gzipped(b, layer, 6)
}
