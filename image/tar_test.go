package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shownBytes is how much of a file's content the comparisons with archive/tar
// read: a hostile sparse file has no end.
const shownBytes = 1 << 20

// tarFile is an entry as both readers tell it.
type tarFile struct {
	Name, Link           string
	Type                 byte
	Size, Mode, UID, GID int64
	ModTime              time.Time
	Content              string
	Bad                  bool // ours says that the entry is unusable
}

// byOracle reads a tar with archive/tar; the files before an error are those
// that it read completely.
func byOracle(b []byte) (files []tarFile, err error) {
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := r.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return files, err
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(r, shownBytes))
		if err != nil {
			return files, err
		}
		files = append(files, tarFile{h.Name, h.Linkname, h.Typeflag, h.Size, h.Mode, int64(h.Uid), int64(h.Gid), h.ModTime, string(content), false})
	}
}

// byUs reads a tar in pieces of step bytes.
func byUs(b []byte, step int, lim *Limits) (files []tarFile, err error) {
	var ps [][]byte
	for ; len(b) > 0; b = b[min(step, len(b)):] {
		ps = append(ps, b[:min(step, len(b))])
	}
	r := newTarReader(NewBody(pieces(ps, io.EOF)), lim.WithDefaults())
	for {
		h, err := r.next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return files, err
		}
		f := tarFile{h.name, h.link, h.typ, h.size, h.mode, h.uid, h.gid, h.modTime, "", h.bad != nil}
		var content []byte
		for !f.Bad && len(content) < shownBytes {
			p, err := r.content()
			if err == io.EOF {
				break
			}
			if err != nil {
				return files, err
			}
			content = append(content, p[:min(len(p), shownBytes-len(content))]...)
		}
		f.Content = string(content)
		if int64(len(f.Content)) < min(f.Size, shownBytes) && !h.headerOnly() && !f.Bad {
			return files, fmt.Errorf("content of %q has %d of %d bytes", h.name, len(f.Content), h.size)
		}
		files = append(files, f)
	}
}

// sameAsOracle fails unless what archive/tar reads is also what we read, and
// all of it if it finds no error.
func sameAsOracle(t *testing.T, b []byte, step int) []tarFile {
	t.Helper()
	want, wantErr := byOracle(b)
	got, gotErr := byUs(b, step, nil)
	if wantErr == nil && gotErr != nil {
		t.Fatalf("archive/tar accepts it: %v", gotErr)
	}
	if len(got) < len(want) || wantErr == nil && len(got) != len(want) {
		t.Fatalf("got %d entries (%v), archive/tar %d (%v)", len(got), gotErr, len(want), wantErr)
	}
	for i, w := range want {
		g := got[i]
		if g.Bad && w.Size > shownBytes {
			continue // archive/tar would see it later
		}
		if diff := cmp.Diff(w, g); diff != "" {
			t.Fatalf("entry %d: -archive/tar +ours\n%s", i, diff)
		}
	}
	return got
}

// packGo writes a tar with archive/tar.
func packGo(t testing.TB, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range entries {
		body := h.PAXRecords["test.body"]
		delete(h.PAXRecords, "test.body")
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(body))
		}
		must(t, w.WriteHeader(&h))
		if _, err := io.WriteString(w, body); err != nil {
			t.Fatal(err)
		}
	}
	must(t, w.Close())
	return b.Bytes()
}

// regular is an entry for packGo.
func regular(name, body string) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, PAXRecords: map[string]string{"test.body": body}}
}

func TestTarFormatsOfGo(t *testing.T) {
	long := strings.Repeat("long/", 60) + "name"
	when := time.Unix(1700000000, 123456789)
	for _, format := range []tar.Format{tar.FormatUSTAR, tar.FormatPAX, tar.FormatGNU} {
		t.Run(format.String(), func(t *testing.T) {
			var entries []tar.Header
			for _, h := range []tar.Header{
				{Typeflag: tar.TypeDir, Name: "dir/", Mode: 0o1777},
				{Typeflag: tar.TypeReg, Name: "empty", Uid: 1000, Gid: 7},
				{Typeflag: tar.TypeSymlink, Name: "s", Linkname: "../t"},
				{Typeflag: tar.TypeLink, Name: "h", Linkname: "empty"},
				{Typeflag: tar.TypeChar, Name: "c", Devmajor: 1, Devminor: 3},
				{Typeflag: tar.TypeFifo, Name: "p"},
			} {
				h.Format, h.ModTime = format, when.Truncate(time.Second)
				entries = append(entries, h)
			}
			if format != tar.FormatUSTAR {
				entries = append(entries,
					tar.Header{Format: format, Typeflag: tar.TypeReg, Name: long, Uid: 1 << 40, ModTime: when.Truncate(time.Second)},
					tar.Header{Format: format, Typeflag: tar.TypeSymlink, Name: "l", Linkname: long},
				)
			}
			if format == tar.FormatPAX {
				h := tar.Header{Format: format, Typeflag: tar.TypeReg, Name: "ü/文件", ModTime: when, AccessTime: when}
				g := tar.Header{Format: format, Typeflag: tar.TypeXGlobalHeader, Name: "g", PAXRecords: map[string]string{"path": "not this"}}
				entries = append(entries, h, g, regular("after", strings.Repeat("x", 1000)))
			}
			b := packGo(t, entries...)
			for _, step := range []int{1, 511, 512, 700, 1 << 20} {
				sameAsOracle(t, b, step)
			}
		})
	}
}

// sparseTree makes a directory with sparse files; the last has more holes than
// one header can list.
func sparseTree(t *testing.T) string {
	root := makeTree(t, map[string]string{"plain": "p", "sub/ü": "u"})
	for i, holes := range []int{0, 1, 3, 40} {
		f, err := os.Create(filepath.Join(root, fmt.Sprintf("sparse%d", i)))
		must(t, err)
		must(t, f.Truncate(int64(holes*64<<10+5000)))
		for j := range holes {
			if _, err := fmt.Fprintf(f, "%4096d", j); err != nil {
				t.Fatal(err)
			}
			_, err := f.Seek(60<<10, io.SeekCurrent)
			must(t, err)
		}
		must(t, f.Close())
	}
	return root
}

func TestTarFormatsOfGNUTar(t *testing.T) {
	if out, err := exec.Command("tar", "--version").Output(); err != nil || !bytes.Contains(out, []byte("GNU tar")) {
		t.Skip("needs GNU tar")
	}
	root := sparseTree(t)
	for name, args := range map[string][]string{
		"v7": {"--format=v7"}, "ustar": {"--format=ustar"}, "oldgnu": {"--format=oldgnu", "--sparse"}, "gnu": {"--format=gnu", "--sparse"},
		"posix": {"--format=posix"}, "sparse 0.0": {"--format=posix", "--sparse", "--sparse-version=0.0"},
		"sparse 0.1": {"--format=posix", "--sparse", "--sparse-version=0.1"}, "sparse 1.0": {"--format=posix", "--sparse", "--sparse-version=1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("tar", append(args, "-c", "-C", root, ".")...)
			b, err := cmd.Output()
			must(t, err)
			for _, step := range []int{700, 1 << 20} {
				files := sameAsOracle(t, b, step)
				for _, f := range files {
					if f.Type == tarDir {
						continue
					}
					want, err := os.ReadFile(filepath.Join(root, f.Name))
					if err != nil || string(want[:min(len(want), shownBytes)]) != f.Content || f.Size != int64(len(want)) {
						t.Errorf("%s: content differs from the file (%v)", f.Name, err)
					}
				}
				if len(files) != 8 {
					t.Errorf("got %d entries", len(files))
				}
			}
		})
	}
}

// sign sets the checksum of a header block.
func sign(block []byte, signed bool) {
	copy(block[148:], "        ")
	var sum int64
	for _, c := range block {
		if signed {
			sum += int64(int8(c))
		} else {
			sum += int64(c)
		}
	}
	copy(block[148:], fmt.Sprintf("%06o\x00 ", sum))
}

// rawHeader is a header block with the given fields, by offset.
func rawHeader(fields map[int]string) []byte {
	b := make([]byte, blockSize)
	copy(b[100:], "0000644\x000000000\x000000000\x0000000000000\x0000000000000\x00")
	for at, text := range fields {
		copy(b[at:], text)
	}
	sign(b, false)
	return b
}

func TestTarOddHeaders(t *testing.T) {
	signed := rawHeader(map[int]string{0: "\xfc\xfe"})
	sign(signed, true)
	for name, b := range map[string][]byte{
		"signed checksum":  signed,
		"star prefix":      rawHeader(map[int]string{0: "n", 257: "ustar\x0000", 345: "pre/fix", 476: "00000000000\x0000000000000\x00", 508: "tar\x00"}),
		"prefix in GNU":    rawHeader(map[int]string{0: "n", 257: "ustar  \x00", 345: "pre/fix"}),
		"times in GNU":     rawHeader(map[int]string{0: "n", 257: "ustar  \x00", 345: "00000000001\x0000000000002\x00"}),
		"old directory":    rawHeader(map[int]string{0: "n/", 156: "\x00"}),
		"spaces in number": rawHeader(map[int]string{0: "n", 100: "   644 \x00", 108: " 12\x00junk"}),
		"negative time":    rawHeader(map[int]string{0: "n", 136: "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe"}),
		"binary size":      append(rawHeader(map[int]string{0: "n", 124: "\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03"}), "abc"...),
		"unknown type":     rawHeader(map[int]string{0: "n", 156: "Z"}),
		"half an end":      append(rawHeader(map[int]string{0: "n"}), make([]byte, blockSize)...),
		"directory's size": append(rawHeader(map[int]string{0: "n", 124: "00000001000", 156: "5"}), rawHeader(map[int]string{0: "next"})...),
	} {
		t.Run(name, func(t *testing.T) {
			if got := sameAsOracle(t, b, 1000); len(got) == 0 {
				t.Error("no entry")
			}
		})
	}
}

func TestTarCorrupt(t *testing.T) {
	ok := rawHeader(map[int]string{0: "n"})
	broken := bytes.Clone(ok)
	broken[3] = 'x'
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"checksum":           {broken, ErrCorrupt},
		"bad number":         {rawHeader(map[int]string{0: "n", 108: "9"}), ErrCorrupt},
		"huge number":        {rawHeader(map[int]string{0: "n", 124: "\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"}), ErrCorrupt},
		"negative size":      {rawHeader(map[int]string{0: "n", 124: "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}), ErrCorrupt},
		"short header":       {ok[:300], io.ErrUnexpectedEOF},
		"short content":      {append(rawHeader(map[int]string{0: "n", 124: "00000001000"}), "abc"...), io.ErrUnexpectedEOF},
		"text":               {bytes.Repeat([]byte("hello "), 200), ErrCorrupt},
		"end not ended":      {append(make([]byte, blockSize), ok...), ErrCorrupt},
		"sparse, not GNU":    {rawHeader(map[int]string{0: "n", 156: "S"}), ErrCorrupt},
		"sparse, cut":        {rawHeader(map[int]string{0: "n", 156: "S", 257: "ustar  \x00", 482: "\x01"}), io.ErrUnexpectedEOF},
		"huge PAX":           {rawHeader(map[int]string{0: "n", 124: "77777777777", 156: "x"}), ErrLimit},
		"huge long name":     {rawHeader(map[int]string{0: "n", 124: "77777777777", 156: "L"}), ErrLimit},
		"endless sparse map": {endlessSparseMap(), ErrLimit},
		"PAX without end":    {paxBlocks("x", "30 path=abc"), ErrCorrupt},
		"PAX NUL":            {paxBlocks("x", "10 path=\x00\n"), ErrCorrupt},
		"global NUL":         {paxBlocks("g", "10 path=\x00\n"), ErrCorrupt},
		"PAX size":           {append(paxBlocks("x", "11 size=-1\n"), ok...), ErrCorrupt},
		"PAX time":           {append(paxBlocks("x", "13 mtime=1.x\n"), ok...), ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := byOracle(c.b); err == nil {
				t.Error("archive/tar accepts it")
			}
			if _, err := byUs(c.b, 4096, nil); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// paxRecords encodes records of ten to 97 bytes.
func paxRecords(records ...string) string {
	var all string
	for _, r := range records {
		all += fmt.Sprintf("%d %s\n", len("nn \n")+len(r), r)
	}
	return all
}

// paxBlocks is an extension header with its content.
func paxBlocks(typ, records string) []byte {
	b := rawHeader(map[int]string{0: "PaxHeaders/n", 124: fmt.Sprintf("%011o", len(records)), 156: typ, 257: "ustar\x0000"})
	return append(b, append([]byte(records), make([]byte, -len(records)&511)...)...)
}

// endlessSparseMap is an old GNU sparse file whose map goes on and on.
func endlessSparseMap() []byte {
	b := rawHeader(map[int]string{0: "n", 156: "S", 257: "ustar  \x00", 482: "\x01", 483: "00000000000\x00"})
	more := make([]byte, blockSize)
	more[offsetMoreExtended] = 1
	return append(b, bytes.Repeat(more, 2100)...)
}

// An entry that is unusable alone does not end the tar.
func TestTarBadSparseEntry(t *testing.T) {
	for name, records := range map[string]string{
		"order":     paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=2", "GNU.sparse.map=50,1,10,1"),
		"beyond":    paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=1", "GNU.sparse.map=200,1"),
		"overflow":  paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=1", "GNU.sparse.map=9223372036854775807,2"),
		"count":     paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=9", "GNU.sparse.map=1,1"),
		"odd":       paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=1", "GNU.sparse.map=1,1,1"),
		"not there": paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,100"),
		"text":      paxRecords("GNU.sparse.size=x", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,1"),
		"version 1": paxRecords("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=100"),
	} {
		t.Run(name, func(t *testing.T) {
			b := append(paxBlocks("x", records), rawHeader(map[int]string{0: "bad"})...)
			b = append(b, rawHeader(map[int]string{0: "good"})...)
			got, err := byUs(b, 512, nil)
			if err != nil || len(got) != 2 || !got[0].Bad || got[1].Bad || got[1].Name != "good" {
				t.Errorf("got %+v, %v", got, err)
			}
			if files, err := byOracle(b); err == nil {
				t.Errorf("archive/tar accepts it: %+v", files)
			}
		})
	}
}

func FuzzTar(f *testing.F) {
	f.Add(packGo(f, regular("a", "body"), tar.Header{Typeflag: tar.TypeSymlink, Name: strings.Repeat("n", 300), Linkname: "x"}), uint16(511))
	f.Add(append(paxBlocks("x", paxRecords("GNU.sparse.size=100", "GNU.sparse.numblocks=1", "GNU.sparse.map=90,0")), rawHeader(map[int]string{0: "n"})...), uint16(100))
	f.Add(endlessSparseMap()[:4096], uint16(1000))
	f.Fuzz(func(t *testing.T, b []byte, step uint16) {
		resign(b)
		sameAsOracle(t, b, int(step)+1)
	})
}

// resign gives every block that could be a header its checksum, since hardly a
// mutation would have it right. A flag in the field chooses those that keep a
// wrong one.
func resign(b []byte) {
	for ; len(b) >= blockSize; b = b[blockSize:] {
		if block := b[:blockSize]; block[0] != 0 && block[148] != '!' && bytes.IndexByte(block[:100], 0) > 0 {
			sign(block, block[148] == 's')
		}
	}
}
