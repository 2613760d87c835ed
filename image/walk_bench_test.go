package image

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// cpuTime is what the process has used, on all its threads.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// floor is what any scan in Go costs that is built of common parts: gunzip and
// a walk of the tar's headers.
func floor(b *testing.B, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	for t := tar.NewReader(z); ; {
		if _, err := t.Next(); err == io.EOF {
			break
		} else if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := io.Copy(io.Discard, z); err != nil {
		b.Fatal(err)
	}
}

// walkFile walks a layer the way that a scan does in which no file is wanted.
func walkFile(b *testing.B, d Descriptor, path string) {
	l := BlobLayer(d, func(context.Context) (io.ReadCloser, error) { return os.Open(path) })
	_, err := l.Walk(b.Context(), nil, func(e *Entry, body *Body) error {
		_, err := body.Head(4096)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkWalk reports the CPU time of walking layers with their digests
// verified, as a multiple of the floor's in the same run. The layers are those
// of the OCI layout in BOLTSEAL_BENCH_IMAGE, or one made of /usr.
func BenchmarkWalk(b *testing.B) {
	layers := benchLayers(b)
	var size int64
	for _, d := range layers {
		size += d.Size
	}
	b.SetBytes(size)
	var base, ours time.Duration
	for b.Loop() {
		for path, d := range layers {
			t0 := cpuTime(b)
			floor(b, path)
			t1 := cpuTime(b)
			walkFile(b, d, path)
			base, ours = base+t1-t0, ours+cpuTime(b)-t1
		}
	}
	b.ReportMetric(float64(ours)/float64(base), "x-floor-cpu")
	b.ReportMetric(ours.Seconds()/float64(b.N), "cpu-s/op")
}

// benchLayers returns the layers to be walked by path.
func benchLayers(b *testing.B) map[string]Descriptor {
	root := os.Getenv("BOLTSEAL_BENCH_IMAGE")
	if root == "" {
		path := makeLayer(b)
		return map[string]Descriptor{path: fileDescriptor(b, path)}
	}
	blobs, err := filepath.Glob(filepath.Join(root, "blobs", "sha256", "*"))
	if err != nil || len(blobs) == 0 {
		b.Fatalf("no blobs in %s: %v", root, err)
	}
	layers := map[string]Descriptor{}
	for _, path := range blobs {
		if d := fileDescriptor(b, path); d.Size > 0 && d.MediaType == "gzip" {
			layers[path] = d
		}
	}
	return layers
}

// makeLayer packs programs, libraries and data of this machine, up to 100 MB
// of each, as container tools do: gzip, level 6.
func makeLayer(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "layer.tar.gz")
	program := "pigz"
	if _, err := exec.LookPath(program); err != nil {
		program = "gzip"
	}
	cmd := exec.Command("sh", "-c", program+" -6 > '"+path+"'")
	in, err := cmd.StdinPipe()
	must(b, err)
	must(b, cmd.Start())
	w := tar.NewWriter(in)
	for _, dir := range []string{"/usr/bin", "/usr/lib", "/usr/share"} {
		must(b, packFiles(w, dir, 100<<20))
	}
	must(b, errors.Join(w.Close(), in.Close(), cmd.Wait()))
	return path
}

// packFiles writes the files of a directory until they have limit bytes.
func packFiles(w *tar.Writer, dir string, limit int64) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if limit -= int64(len(data)); limit < 0 {
			return fs.SkipAll
		}
		err = w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: path[1:], Mode: 0o755, Size: int64(len(data))})
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	})
}

func fileDescriptor(b *testing.B, path string) Descriptor {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	sum, _ := newDigester("")
	n, err := io.Copy(sum, f)
	if err != nil {
		b.Fatal(err)
	}
	head := make([]byte, 2)
	if _, err := f.ReadAt(head, 0); err != nil {
		b.Fatal(err)
	}
	return Descriptor{Digest: sum.digest(), Size: n, MediaType: detect(head).name}
}
