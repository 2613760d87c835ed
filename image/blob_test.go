package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	must(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

func zstded(t testing.TB, b []byte, opts ...zstd.EOption) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, opts...)
	must(t, err)
	defer w.Close()
	return w.EncodeAll(b, nil)
}

func sha(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }

// blobOf is a layer with the digest and size of its bytes.
func blobOf(b []byte) Layer {
	return blobWith(Descriptor{Digest: sha(b), Size: int64(len(b))}, b)
}

func blobWith(d Descriptor, b []byte) Layer {
	return BlobLayer(d, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b)), nil
	})
}

// sample is a small tar and what is seen of it.
func sample(t testing.TB) ([]byte, []string) {
	big := strings.Repeat("0123456789abcdef", 20000)
	return packGo(t,
			tar.Header{Typeflag: tar.TypeDir, Name: "./"},
			tar.Header{Typeflag: tar.TypeDir, Name: "./etc/"},
			regular("etc/a", "A"), regular("big", big),
			tar.Header{Typeflag: tar.TypeSymlink, Name: "s", Linkname: "../x"},
			tar.Header{Typeflag: tar.TypeLink, Name: "h", Linkname: "./etc/a"},
			regular("etc/.wh.gone", ""), regular("var/.wh..wh..opq", ""), regular(".wh..wh.aufs", ""),
			regular(".wh..wh..opq", ""), regular("etc/a", "again"),
		), []string{
			"dir etc", `file etc/a "A"`, fmt.Sprintf("file big %q", big), "symlink s -> ../x", "hardlink h -> etc/a",
			"whiteout etc/gone", "opaque var", "opaque .", `file etc/a "again"`,
		}
}

func TestBlobForms(t *testing.T) {
	plain, want := sample(t)
	half := len(plain) / 2
	skippable := append([]byte{0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0}, "chunk"...)
	for name, b := range map[string][]byte{
		"tar":             plain,
		"gzip":            gzipped(t, plain),
		"gzip members":    append(append(gzipped(t, plain[:half]), gzipped(t, nil)...), gzipped(t, plain[half:])...),
		"zstd":            zstded(t, plain),
		"zstd frames":     append(zstded(t, plain[:half]), zstded(t, plain[half:])...),
		"zstd skippable":  append(append(bytes.Clone(skippable), zstded(t, plain)...), skippable...),
		"padded":          gzipped(t, append(bytes.Clone(plain), make([]byte, 300000)...)),
		"more behind":     gzipped(t, append(bytes.Clone(plain), plain...)),
		"without an end":  gzipped(t, plain[:len(plain)-1024]),
		"with half a end": plain[:len(plain)-512],
	} {
		t.Run(name, func(t *testing.T) {
			got, w, err := walkAll(t, blobOf(b), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if w.Digest != sha(b) || w.Compressed != int64(len(b)) || w.Uncompressed < int64(len(plain)-1024) || w.Entries != 11 {
				t.Errorf("got %+v", w)
			}
			if isPlain := detect(b).name == "tar"; isPlain != (w.DiffID == w.Digest) {
				t.Errorf("diff ID %q of digest %q", w.DiffID, w.Digest)
			}
			if _, _, err := skipAll(t, blobOf(b), nil); err != nil {
				t.Errorf("without reading: %v", err)
			}
		})
	}
}

func TestBlobEmpty(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing": {}, "empty tar": make([]byte, 1024), "gzip of nothing": gzipped(t, nil),
		"gzip of an empty tar": gzipped(t, make([]byte, 10240)), "zstd of nothing": zstded(t, nil, zstd.WithZeroFrames(true)),
	} {
		t.Run(name, func(t *testing.T) {
			if got, w, err := walkAll(t, blobOf(b), nil); err != nil || len(got) > 0 || w.Entries != 0 {
				t.Errorf("got %q, %+v, %v", got, w, err)
			}
		})
	}
}

func TestBlobDigests(t *testing.T) {
	plain, _ := sample(t)
	gz := gzipped(t, plain)
	sha5 := func(b []byte) string { return fmt.Sprintf("sha512:%x", sha512.Sum512(b)) }
	for name, c := range map[string]struct {
		d    Descriptor
		b    []byte
		lim  *Limits
		want Walked // the two digests
		fail bool   // with ErrDigest
	}{
		"right":                 {Descriptor{Digest: sha(gz), Size: -1}, gz, nil, Walked{Digest: sha(gz)}, false},
		"none":                  {Descriptor{Size: -1}, gz, nil, Walked{Digest: sha(gz)}, false},
		"sha512":                {Descriptor{Digest: sha5(gz), Size: -1}, gz, nil, Walked{Digest: sha5(gz)}, false},
		"wrong":                 {Descriptor{Digest: sha(plain), Size: -1}, gz, nil, Walked{Digest: sha(gz)}, true},
		"wrong sha512":          {Descriptor{Digest: sha5(plain), Size: -1}, gz, nil, Walked{Digest: sha5(gz)}, true},
		"unknown":               {Descriptor{Digest: "md5:abc", Size: -1}, gz, nil, Walked{}, true},
		"short":                 {Descriptor{Digest: "sha256:abc", Size: -1}, gz, nil, Walked{}, true},
		"upper case":            {Descriptor{Digest: "sha256:" + strings.ToUpper(sha(gz)[7:]), Size: -1}, gz, nil, Walked{Digest: sha(gz)}, true},
		"too long":              {Descriptor{Digest: sha(gz), Size: int64(len(gz)) - 1}, gz, nil, Walked{}, true},
		"too short":             {Descriptor{Digest: sha(gz), Size: int64(len(gz)) + 1}, gz, nil, Walked{}, true},
		"size without digest":   {Descriptor{Size: 1}, gz, nil, Walked{}, true},
		"diff ID unasked":       {Descriptor{Digest: sha(gz), DiffID: sha(gz), Size: -1}, gz, nil, Walked{Digest: sha(gz)}, false},
		"diff ID":               {Descriptor{DiffID: sha(plain), Size: -1}, gz, &Limits{DiffID: true}, Walked{Digest: sha(gz), DiffID: sha(plain)}, false},
		"diff ID sha512":        {Descriptor{DiffID: sha5(plain), Size: -1}, gz, &Limits{DiffID: true}, Walked{Digest: sha(gz), DiffID: sha5(plain)}, false},
		"diff ID unpromised":    {Descriptor{Size: -1}, gz, &Limits{DiffID: true}, Walked{Digest: sha(gz), DiffID: sha(plain)}, false},
		"diff ID wrong":         {Descriptor{DiffID: sha(gz), Size: -1}, gz, &Limits{DiffID: true}, Walked{Digest: sha(gz), DiffID: sha(plain)}, true},
		"diff ID of tar":        {Descriptor{DiffID: sha(plain), Size: -1}, plain, nil, Walked{Digest: sha(plain), DiffID: sha(plain)}, false},
		"diff ID of tar wrong":  {Descriptor{DiffID: sha(gz), Size: -1}, plain, nil, Walked{Digest: sha(plain), DiffID: sha(plain)}, true},
		"diff ID of tar sha512": {Descriptor{DiffID: sha5(plain), Size: -1}, plain, &Limits{DiffID: true}, Walked{Digest: sha(plain), DiffID: sha5(plain)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, w, err := skipAll(t, blobWith(c.d, c.b), c.lim)
			if c.fail != errors.Is(err, ErrDigest) || !c.fail && err != nil {
				t.Errorf("got error %v", err)
			}
			if diff := cmp.Diff(c.want, Walked{Digest: w.Digest, DiffID: w.DiffID}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every kind of broken layer has an error that names the layer and the file,
// and what came before it is seen.
func TestBlobHostile(t *testing.T) {
	plain, want := sample(t)
	gz, zs := gzipped(t, plain), zstded(t, plain)
	long := strings.Repeat("n", 5000)
	flipped := bytes.Clone(gz)
	flipped[len(gz)/2] ^= 0x55
	for name, c := range map[string]struct {
		b      []byte
		lim    Limits
		is     error
		text   string // all of the error behind the layer
		see    int    // entries of sample
		goesOn bool   // the walk
	}{
		"truncated gzip":    {b: gz[:len(gz)/2], is: io.ErrUnexpectedEOF, text: "file big: gzip data is truncated: unexpected EOF", see: 2},
		"truncated header":  {b: gz[:5], is: io.ErrUnexpectedEOF, text: "gzip data is truncated: unexpected EOF"},
		"truncated zstd":    {b: zs[:len(zs)-10], is: io.ErrUnexpectedEOF, text: "file big: zstd data is truncated: unexpected EOF", see: 2},
		"truncated tar":     {b: plain[:4096], is: io.ErrUnexpectedEOF, text: "file big: unexpected EOF", see: 2},
		"corrupt gzip":      {b: flipped, is: ErrCorrupt, see: 2},
		"gzip garbage":      {b: append(bytes.Clone(gz), "garbage, not a member"...), is: ErrCorrupt, see: 9},
		"not a tar":         {b: []byte(strings.Repeat("<html>", 1000)), is: ErrCorrupt, text: "corrupt data: not a tar header"},
		"not a tar in gz":   {b: gzipped(t, []byte(strings.Repeat("<html>", 1000))), is: ErrCorrupt, text: "corrupt data: not a tar header"},
		"small garbage":     {b: []byte("x"), is: io.ErrUnexpectedEOF, text: "unexpected EOF"},
		"bad header":        {b: append(bytes.Clone(plain[:2048]), bytes.Repeat([]byte("?"), 512)...), is: ErrCorrupt, text: "file etc/a: header behind it: corrupt data: not a tar header", see: 2},
		"bzip2":             {b: []byte("BZh91AY&SY"), text: "unsupported compression bzip2"},
		"xz":                {b: []byte("\xfd7zXZ\x00\x00\x00"), text: "unsupported compression xz"},
		"entries":           {b: gz, lim: Limits{Entries: 4}, is: ErrLimit, text: "file big: header behind it: limit exceeded: more than 4 tar headers", see: 3},
		"layer bytes":       {b: gz, lim: Limits{LayerBytes: 200000}, is: ErrLimit, text: "file big: limit exceeded: layer holds more than 200000 bytes", see: 2},
		"long path":         {b: packGo(t, regular(long, ""), regular("etc/a", "A")), is: ErrLimit, text: "file " + long[:200] + "...: limit exceeded: path of more than 4096 bytes", goesOn: true},
		"long link":         {b: packGo(t, tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: long}, regular("etc/a", "A")), is: ErrLimit, text: "file l: limit exceeded: path of more than 4096 bytes", goesOn: true},
		"PAX header":        {b: packGo(t, regular(strings.Repeat("n", 3000), "")), lim: Limits{HeaderBytes: 2000}, is: ErrLimit, text: "limit exceeded: extension header of 3011 bytes"},
		"whiteout":          {b: packGo(t, regular("d/.wh...", ""), regular("etc/a", "A")), is: ErrCorrupt, text: "file d/.wh...: corrupt data: invalid whiteout", goesOn: true},
		"hard link to root": {b: packGo(t, tar.Header{Typeflag: tar.TypeLink, Name: "h", Linkname: "./.."}, regular("etc/a", "A")), is: ErrCorrupt, text: "file h: corrupt data: hard link to the root", goesOn: true},
		"zstd window":       {b: zstded(t, bytes.Repeat(plain, 10), zstd.WithWindowSize(8<<20)), lim: Limits{WindowBytes: 1 << 20}, is: ErrLimit},
		"sparse bomb":       {b: append(sparseBomb(), packGo(t, regular("etc/a", "A"))...), lim: Limits{LayerBytes: 1 << 20}, is: ErrLimit, text: "file bomb: limit exceeded: more than 1048576 bytes of holes in sparse files", goesOn: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, w, err := walkAll(t, blobOf(c.b), &c.lim)
			var e *Error
			if !errors.As(err, &e) || e.Layer != sha(c.b) || c.is != nil && !errors.Is(err, c.is) || errors.Is(err, ErrDigest) {
				t.Fatalf("got error %v", err)
			}
			if want := "read layer " + sha(c.b) + ": " + c.text; c.text != "" && err.Error() != want {
				t.Errorf("got error  %v\nwant error %s", err, want)
			}
			wantSeen := append([]string{}, want[:c.see]...)
			if c.goesOn {
				wantSeen = want[1:2]
			}
			if diff := cmp.Diff(wantSeen, append([]string{}, got...)); diff != "" {
				t.Error(diff)
			}
			if w.Digest != sha(c.b) {
				t.Errorf("digest %q of %s", w.Digest, sha(c.b))
			}
		})
	}
}

// sparseBomb is a file of an exabyte without content.
func sparseBomb() []byte {
	records := paxRecords("GNU.sparse.numblocks=1", "GNU.sparse.size=1152921504606846976", "GNU.sparse.map=0,0")
	return append(paxBlocks("x", records), rawHeader(map[int]string{0: "bomb"})...)
}

// A visitor that reads only heads does not mind a sparse bomb.
func TestBlobSparseBombUnread(t *testing.T) {
	b := append(sparseBomb(), packGo(t, regular("a", "A"))...)
	var size int64
	_, err := blobOf(b).Walk(context.Background(), nil, func(e *Entry, b *Body) error {
		size += e.Size
		_, err := b.Head(4096)
		return err
	})
	if err != nil || size != 1<<60+1 {
		t.Errorf("got %d, %v", size, err)
	}
}

func TestBlobGzipBomb(t *testing.T) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	must(t, err)
	w := tar.NewWriter(z)
	must(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "zeros", Size: 1 << 30}))
	for range 70 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	must(t, z.Flush())
	_, walked, err := skipAll(t, blobOf(b.Bytes()), &Limits{Ratio: 50})
	if !errors.Is(err, ErrLimit) || !strings.HasSuffix(err.Error(), "file zeros: limit exceeded: layer expands to more than 50 times its size") {
		t.Errorf("got %v", err)
	}
	if walked.Uncompressed > ratioFrom+1<<20 {
		t.Errorf("read %d bytes", walked.Uncompressed)
	}
}

// endless gives headers for ever.
type endless struct{ block []byte }

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.block)
	}
	return n, nil
}
func (endless) Close() error { return nil }

func TestBlobEndless(t *testing.T) {
	header := rawHeader(map[int]string{0: "./usr/../../x//y"})
	l := BlobLayer(Descriptor{Size: -1}, func(context.Context) (io.ReadCloser, error) { return endless{header}, nil })
	got, w, err := skipAll(t, l, &Limits{Entries: 10_000, LayerBytes: 8 << 20})
	if !errors.Is(err, ErrLimit) || len(got) != 10_000 || got[0] != "x/y" || w.Digest != "" {
		t.Errorf("got %d entries, %+v, %v", len(got), w, err)
	}
}

func TestBlobPaths(t *testing.T) {
	for in, want := range map[string]string{
		"a": "a", "./a/b": "a/b", "/etc/passwd": "etc/passwd", "../../etc/x": "etc/x", "a/../../b": "b", "a//b/./c/": "a/b/c",
		`a\..\b`: `a\..\b`, "a/..b": "a/..b", "...": "...", "./": "", "/": "", "..": "", "a/..": "", ".//x": "x",
	} {
		if got := cleanPath(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestBlobEstargz(t *testing.T) {
	b := gzipped(t, packGo(t, regular(".no.prefetch.landmark", "\xf0"), regular("a", "A"), regular(".prefetch.landmark", "not one"), regular("stargz.index.json", "{}")))
	got, _, err := walkAll(t, blobOf(b), nil)
	if diff := cmp.Diff([]string{`file a "A"`, `file .prefetch.landmark "not one"`}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestBlobVisitorStops(t *testing.T) {
	plain, _ := sample(t)
	stop := errors.New("stop")
	n := 0
	_, err := blobOf(gzipped(t, plain)).Walk(context.Background(), nil, func(*Entry, *Body) error {
		n++
		return stop
	})
	if err != stop || n != 1 {
		t.Errorf("got %v after %d entries", err, n)
	}
}

// A wrong digest is told even when the layer is broken too.
func TestBlobWrongAndBroken(t *testing.T) {
	plain, _ := sample(t)
	gz := gzipped(t, plain)
	_, _, err := walkAll(t, blobWith(Descriptor{Digest: sha(gz), Size: -1}, gz[:len(gz)/2]), nil)
	if !errors.Is(err, ErrDigest) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// stuck is a source that gives its bytes and then blocks until it is closed.
type stuck struct {
	io.Reader
	closed chan struct{}
}

func (s *stuck) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF {
		<-s.closed
		err = io.ErrClosedPipe
	}
	return n, err
}

func (s *stuck) Close() error {
	close(s.closed)
	return nil
}

func TestBlobCancelled(t *testing.T) {
	for name, b := range map[string][]byte{
		"in a file that does not come":   rawHeader(map[int]string{0: "big", 124: "77777777777"}),
		"in a hole":                      append(sparseBomb(), make([]byte, ringBytes)...),
		"between entries":                rawHeader(map[int]string{0: "n"}),
		"while the visitor does nothing": append(rawHeader(map[int]string{0: "big", 124: "77777777777"}), make([]byte, 10*ringBytes)...),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			l := BlobLayer(Descriptor{Size: -1}, func(context.Context) (io.ReadCloser, error) {
				s := &stuck{bytes.NewReader(b), make(chan struct{})}
				go func() { // once the walk waits for more, or is busy with zeros
					time.Sleep(20 * time.Millisecond)
					cancel()
				}()
				return s, nil
			})
			_, err := l.Walk(ctx, &Limits{LayerBytes: 1 << 62}, func(_ *Entry, b *Body) error {
				if strings.HasPrefix(name, "while") {
					return nil
				}
				for {
					if _, err := b.Next(); err == io.EOF {
						return nil
					} else if err != nil {
						return err
					}
				}
			})
			var e *Error
			if !errors.Is(err, context.Canceled) || !errors.As(err, &e) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What the network fails with is the error, not what decoding makes of it.
func TestBlobSourceFails(t *testing.T) {
	plain, _ := sample(t)
	gz := gzipped(t, plain)
	down := errors.New("connection reset")
	for _, b := range [][]byte{gz[:len(gz)/2], plain[:3000], zstded(t, plain)[:200], nil} {
		l := BlobLayer(Descriptor{Digest: sha(gz), Size: -1}, func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(b), failing{down})), nil
		})
		if _, w, err := walkAll(t, l, nil); !errors.Is(err, down) || errors.Is(err, ErrCorrupt) || w.Digest != "" {
			t.Errorf("got %+v, %v", w, err)
		}
	}
	l := BlobLayer(Descriptor{}, func(context.Context) (io.ReadCloser, error) { return nil, down })
	if _, _, err := walkAll(t, l, nil); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzWalk(f *testing.F) {
	plain, _ := sample(f)
	plain = plain[:4096]
	f.Add(plain)
	f.Add(gzipped(f, plain))
	f.Add(zstded(f, plain))
	f.Add(append(sparseBomb(), plain...))
	lim := &Limits{LayerBytes: 4 << 20, Entries: 1000, WindowBytes: 1 << 20}
	f.Fuzz(func(t *testing.T, b []byte) {
		if detect(b).name == "tar" {
			resign(b)
		}
		visited := 0
		w, err := blobOf(b).Walk(context.Background(), lim, func(e *Entry, body *Body) error {
			visited++
			if e.Path == "" || e.Path[0] == '/' || e.Path != "." && e.Path != cleanPath(e.Path) || e.Size < 0 || e.Type == 0 {
				t.Errorf("bad entry %+v", e)
			}
			if visited%2 == 0 {
				return nil
			}
			_, err := body.ReadAll(nil)
			return err
		})
		var named *Error
		if err != nil && (!errors.As(err, &named) || errors.Is(err, ErrDigest)) {
			t.Errorf("got error %v", err)
		}
		if w.Digest != sha(b) || w.Entries > lim.Entries+1 || visited > w.Entries {
			t.Errorf("got %+v after %d entries", w, visited)
		}
	})
}
