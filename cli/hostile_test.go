package cli

import (
	"archive/tar"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// hostileRow is an image of which one layer is hostile.
type hostileRow struct {
	layer func(w io.Writer) error // writes the layer as it is stored
	args  []string
	forge bool // the manifest promises another digest
	// file and message are parts of the issue that must be reported.
	file, message string
}

// hostileRows are what an image can do to whoever reads it.
func hostileRows() map[string]hostileRow {
	line := append(noise(8<<10), bytes.Repeat([]byte("x"), 1<<20-8<<10)...) // compresses by about 100
	return map[string]hostileRow{
		"truncated layer": {layer: cut(gzipped(regular("app/zeros", noise(1<<20)))), message: "unexpected EOF", file: "app/zeros"},
		"corrupt layer":   {layer: flipped(gzipped(regular("app/zeros", noise(1<<20)))), message: "corrupt", file: "app/zeros"},
		"digest mismatch": {layer: gzipped(regular("app/x", noise(10))), forge: true, message: "digest mismatch"},
		"tar bomb": {layer: gzipped(repeated("", line, 200<<20, "app/big")), args: []string{"--max-layer", fmt.Sprint(100 << 20)},
			message: "holds more than", file: "app/big"},
		"tar bomb of holes": {layer: gzipped(sparseBomb), message: "read whole (--max-file)", file: "package-lock.json"},
		"gzip bomb":         {layer: gzipped(repeated("", make([]byte, 64<<20), 1<<30, "app/big")), message: "times its size", file: "app/big"},
		"zstd bomb":         {layer: zstdBomb, message: "times its size", file: "app/big"},
		"zstd window":       {layer: zstdWindow, message: "window"},
		"content, claimed":  {layer: claimedContent, message: "unexpected EOF", file: "app/many"},
		"entries, real":     {layer: gzipped(manyEntries(1_000_000)), args: []string{"--max-entries", "900000"}, message: "more than 900000 tar headers"},
		"path out of the root": {layer: gzipped(regular("../../etc/evil", noise(10))),
			message: "leaves the root", file: "../../etc/evil"},
		"absolute path out of the root": {layer: gzipped(regular("/../etc/evil", noise(10))), message: "leaves the root", file: "/../etc/evil"},
		"symlink loop": {layer: gzipped(symlinks("var/lib/rpm", "/usr/lib/sysimage/rpm", "usr/lib/sysimage/rpm", "../../../var/lib/rpm")),
			message: "symlinks", file: "var/lib/rpm"},
		"long path":             {layer: gzipped(regular(strings.Repeat("d/", 3000)+"x", noise(10))), message: "path of more than"},
		"line in dpkg status":   {layer: gzipped(repeated("Package: a\nVersion: 1\nX: ", line, 1<<30, "var/lib/dpkg/status.d/a")), message: "lines of more than", file: "var/lib/dpkg/status.d/a"},
		"line in apk installed": {layer: gzipped(repeated("P:a\nV:1\nX:", line, 1<<30, "lib/apk/db/installed")), message: "too long", file: "lib/apk/db/installed"},
		"line in package-lock":  {layer: gzipped(repeated(`{"packages":{"`, line, 1<<30, "app/package-lock.json")), message: "bytes", file: "app/package-lock.json"},
		"line in requirements":  {layer: gzipped(repeated("a==1", line, 1<<30, "app/requirements.txt")), message: "bytes", file: "app/requirements.txt"},
		"line in os-release":    {layer: gzipped(repeated("ID=", line, 1<<30, "usr/lib/os-release")), message: "bytes", file: "usr/lib/os-release"},
		"line in a manifest":    {layer: gzipped(regular("app/line.jar", manifestJar(line))), message: "MANIFEST.MF", file: "app/line.jar"},
		"names in dpkg status":  {layer: gzipped(repeated("", packageOf("Package: ", line), 1<<30, "var/lib/dpkg/status.d/a")), message: "bytes", file: "var/lib/dpkg/status.d/a"},
		"names in apk installed": {layer: gzipped(repeated("", packageOf("P:", line), 1<<30, "lib/apk/db/installed")), message: "bytes",
			file: "lib/apk/db/installed"},
		"jars in jars":            {layer: gzipped(regular("app/deep.jar", deepJar(100))), message: "nested more than 8 deep", file: "app/deep.jar"},
		"zip bomb, ratio":         {layer: gzipped(regular("app/bomb.jar", bombJar(5, false))), message: "expands to more than", file: "app/bomb.jar"},
		"zip bomb, overlapping":   {layer: gzipped(regular("app/bomb.jar", bombJar(5000, true))), message: "zip", file: "app/bomb.jar"},
		"zip of claimed entries":  {layer: gzipped(regular("app/many.jar", claimedJar())), message: "zip", file: "app/many.jar"},
		"long text in pnpm-lock":  {layer: gzipped(regular("app/pnpm-lock.yaml", []byte(strings.Repeat("\"", 17<<20)))), message: "bytes", file: "app/pnpm-lock.yaml"},
		"nesting in package-lock": {layer: gzipped(regular("app/package-lock.json", []byte(strings.Repeat(`{"packages":`, 20_000)))), message: "decode package-lock.json", file: "app/package-lock.json"},
	}
}

// noise is hexadecimal digits: one line of text that does not compress well.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[r.IntN(16)]
	}
	return b
}

// packageOf is an entry of dpkg's or apk's database with a long name.
func packageOf(field string, name []byte) []byte {
	return []byte(field + string(name[:len(name)-100]) + "\n" + map[string]string{"P:": "V:1", "Package: ": "Version: 1"}[field] + "\n\n")
}

// content is a tar's: pieces that are compressed one by one, so that the same
// one is compressed only once.
type content func(piece func(b []byte) error) error

// header is a tar's header block with extensions.
func header(h *tar.Header) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(h); err != nil {
		panic(err) // a mistake in this file
	}
	return b.Bytes()
}

func fileHeader(name string, size int64) []byte {
	return header(&tar.Header{Name: name, Mode: 0o644, Size: size, Typeflag: tar.TypeReg})
}

func padded(b []byte) []byte { return append(bytes.Clone(b), make([]byte, -len(b)&511)...) }

func regular(name string, data []byte) content {
	return func(piece func([]byte) error) error {
		return errors.Join(piece(fileHeader(name, int64(len(data)))), piece(padded(data)), piece(make([]byte, 1024)))
	}
}

// repeated is a file of start and then as many times again as size asks for.
func repeated(start string, again []byte, size int64, name string) content {
	return func(piece func([]byte) error) error {
		n := (size - int64(len(start))) / int64(len(again))
		total := int64(len(start)) + n*int64(len(again))
		if err := errors.Join(piece(fileHeader(name, total)), piece([]byte(start))); err != nil {
			return err
		}
		for range n {
			if err := piece(again); err != nil {
				return err
			}
		}
		return piece(make([]byte, 1024+-total&511))
	}
}

func symlinks(pairs ...string) content {
	return func(piece func([]byte) error) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := piece(header(&tar.Header{Name: pairs[i], Linkname: pairs[i+1], Typeflag: tar.TypeSymlink})); err != nil {
				return err
			}
		}
		return piece(make([]byte, 1024))
	}
}

func manyEntries(n int) content {
	return func(piece func([]byte) error) error {
		var block []byte
		for i := range 1000 {
			block = append(block, fileHeader(fmt.Sprintf("app/%d", i), 0)...)
		}
		for range n / 1000 {
			if err := piece(block); err != nil {
				return err
			}
		}
		return piece(make([]byte, 1024))
	}
}

// sparseBomb is a sparse file of one exabyte, all of it a hole.
func sparseBomb(piece func([]byte) error) error {
	block := fileHeader("package-lock.json", 0)
	const size = 1 << 59
	copy(block[257:], "ustar  \x00") // GNU
	block[156] = 'S'
	binary.BigEndian.PutUint64(block[483+4:], size)
	block[483] = 0x80
	copy(block[386:], fmt.Sprintf("%011o\x00%011o\x00", 0, 0))
	copy(block[148:], "        ")
	sum := 0
	for _, c := range block[:512] {
		sum += int(c)
	}
	copy(block[148:], fmt.Sprintf("%06o\x00 ", sum))
	return errors.Join(piece(block[:512]), piece(make([]byte, 1024)))
}

// claimedContent claims a file of a terabyte and ends
// behind its header.
func claimedContent(w io.Writer) error {
	return gzipped(func(piece func([]byte) error) error { return piece(fileHeader("app/many", 1<<40)) })(w)
}

// gzipped makes one gzip member of each piece; the last one is kept, for it
// often comes again.
func gzipped(c content) func(w io.Writer) error {
	return func(w io.Writer) error {
		var last *byte
		var packed bytes.Buffer
		return c(func(b []byte) error {
			if len(b) == 0 {
				return nil
			}
			if last != &b[0] {
				packed.Reset()
				z := gzip.NewWriter(&packed)
				z.Write(b)
				z.Close()
				last = &b[0]
			}
			_, err := w.Write(packed.Bytes())
			return err
		})
	}
}

func zstdBomb(w io.Writer) error {
	z, err := zstd.NewWriter(w, zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	err = repeated("", make([]byte, 1<<20), 1<<30, "app/big")(func(b []byte) error { _, err := z.Write(b); return err })
	return errors.Join(err, z.Close())
}

// zstdWindow asks for a window of 2 GiB in the header of its frame.
// Source: RFC 8878, 3.1.1.1.2.
func zstdWindow(w io.Writer) error {
	_, err := w.Write(append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3}, make([]byte, 64)...))
	return err
}

func cut(layer func(io.Writer) error) func(io.Writer) error {
	return changed(layer, func(b []byte) []byte { return b[:len(b)*3/4] })
}

func flipped(layer func(io.Writer) error) func(io.Writer) error {
	return changed(layer, func(b []byte) []byte {
		for i := range 64 {
			b[len(b)/2+i] ^= 0x55
		}
		return b
	})
}

func changed(layer func(io.Writer) error, change func(b []byte) []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		var b bytes.Buffer
		err := layer(&b)
		_, err2 := w.Write(change(b.Bytes()))
		return errors.Join(err, err2)
	}
}

// zipEntry is one entry as the directory of a zip tells of it.
type zipEntry struct {
	name         string
	size, offset uint32
	crc          uint32
	deflated     []byte
}

// zipLocal is an entry's header and content.
func zipLocal(e zipEntry) []byte {
	h := make([]byte, 30)
	copy(h, "PK\x03\x04")
	binary.LittleEndian.PutUint16(h[8:], 8)
	binary.LittleEndian.PutUint32(h[14:], e.crc)
	binary.LittleEndian.PutUint32(h[18:], uint32(len(e.deflated)))
	binary.LittleEndian.PutUint32(h[22:], e.size)
	binary.LittleEndian.PutUint16(h[26:], uint16(len(e.name)))
	return append(append(h, e.name...), e.deflated...)
}

// zipDirectory ends an archive whose entries take n bytes; it promises extra
// entries more than it has.
func zipDirectory(n, extra int, entries []zipEntry) []byte {
	le := binary.LittleEndian
	var d []byte
	for _, e := range entries {
		h := make([]byte, 46)
		copy(h, "PK\x01\x02")
		le.PutUint16(h[10:], 8)
		le.PutUint32(h[16:], e.crc)
		le.PutUint32(h[20:], uint32(len(e.deflated)))
		le.PutUint32(h[24:], e.size)
		le.PutUint16(h[28:], uint16(len(e.name)))
		le.PutUint32(h[42:], e.offset)
		d = append(append(d, h...), e.name...)
	}
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	le.PutUint16(end[8:], uint16(len(entries)+extra))
	le.PutUint16(end[10:], uint16(len(entries)+extra))
	le.PutUint32(end[12:], uint32(len(d)))
	le.PutUint32(end[16:], uint32(n))
	return append(d, end...)
}

// deflated is start and n times again, compressed, with the size and checksum of it all.
func deflated(start, again []byte, n int) (packed []byte, size, crc uint32) {
	var b, one bytes.Buffer
	sum := crc32.NewIEEE()
	z, _ := flate.NewWriter(&b, flate.BestSpeed)
	z.Write(start)
	z.Flush()
	sum.Write(start)
	zo, _ := flate.NewWriter(&one, flate.BestCompression)
	zo.Write(again)
	zo.Flush()
	for range n {
		b.Write(one.Bytes())
		sum.Write(again)
	}
	z.Close() // its last block follows
	return b.Bytes(), uint32(len(start) + n*len(again)), sum.Sum32()
}

// jar makes an archive of entries, all at their own place.
func jar(entries ...zipEntry) []byte {
	var b []byte
	for i := range entries {
		entries[i].offset = uint32(len(b))
		b = append(b, zipLocal(entries[i])...)
	}
	return append(b, zipDirectory(len(b), 0, entries)...)
}

func packed(name string, start, again []byte, n int) zipEntry {
	data, size, crc := deflated(start, again, n)
	return zipEntry{name: name, size: size, crc: crc, deflated: data}
}

func manifestJar(line []byte) []byte {
	return jar(packed("META-INF/MANIFEST.MF", []byte("Manifest-Version: 1.0\nX: "), line, 1<<10))
}

func deepJar(depth int) []byte {
	inner := jar(packed("META-INF/MANIFEST.MF", []byte("Manifest-Version: 1.0\n"), nil, 0))
	for i := range depth {
		inner = jar(packed(fmt.Sprintf("inner%d.jar", i), inner, nil, 0))
	}
	return inner
}

// bombJar names n archives of 1 GB: each with its own bytes, or all with the
// same.
func bombJar(n int, overlap bool) []byte {
	one := packed("", []byte("PK\x03\x04"), make([]byte, 1<<20), 1<<10)
	var b []byte
	var entries []zipEntry
	for i := range n {
		e := one
		e.name = fmt.Sprintf("bomb%04d.jar", i)
		if i > 0 && overlap {
			e.offset = 0
		} else {
			e.offset = uint32(len(b))
			b = append(b, zipLocal(e)...)
		}
		entries = append(entries, e)
	}
	return append(b, zipDirectory(len(b), 0, entries)...)
}

// claimedJar promises 60,000 entries and has one.
func claimedJar() []byte {
	e := packed("a", nil, nil, 0)
	b := zipLocal(e)
	return append(b, zipDirectory(len(b), 60_000, []zipEntry{e})...)
}

func TestHostileImages(t *testing.T) {
	for name, row := range hostileRows() {
		t.Run(name, func(t *testing.T) { row.check(t) })
	}
}
