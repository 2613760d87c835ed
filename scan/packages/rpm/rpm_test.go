package rpm

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

func file(path string, data []byte) *scanner.File {
	return &scanner.File{
		Entry:   image.Entry{Path: path, Type: image.File, Size: int64(len(data))},
		Content: bytes.NewReader(data), Data: data, Limits: image.DefaultLimits(),
	}
}

// spilled is the file as the scan hands it over when it is too large for
// memory.
func spilled(f *scanner.File) *scanner.File {
	s := *f
	s.Data = nil
	return &s
}

// headerEntry is one value of a header to be built.
type headerEntry struct {
	tag, kind, count uint32
	data             []byte
}

func str(tag uint32, s string) headerEntry {
	return headerEntry{tag, typeString, 1, append([]byte(s), 0)}
}

func list(tag uint32, s ...string) headerEntry {
	return headerEntry{tag, typeStringArray, uint32(len(s)), append([]byte(strings.Join(s, "\x00")), 0)}
}

func ints(tag uint32, n ...uint32) headerEntry {
	var b []byte
	for _, i := range n {
		b = binary.BigEndian.AppendUint32(b, i)
	}
	return headerEntry{tag, typeInt32, uint32(len(n)), b}
}

// build makes a header.
func build(entries ...headerEntry) []byte {
	var index, data []byte
	for _, e := range entries {
		for _, v := range []uint32{e.tag, e.kind, uint32(len(data)), e.count} {
			index = binary.BigEndian.AppendUint32(index, v)
		}
		data = append(data, e.data...)
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(entries)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	return append(append(out, index...), data...)
}

func TestHeader(t *testing.T) {
	got, err := parseHeader(build(
		str(tagName, "nodejs"), str(tagVersion, "18.19.0"), str(tagRelease, "1.module+el9"), ints(tagEpoch, 1),
		str(tagArch, "x86_64"), str(tagVendor, "Red Hat, Inc."), str(tagLicense, "MIT and ASL 2.0"),
		str(tagSourceRPM, "nodejs-18.19.0-1.module+el9.src.rpm"), str(tagModularity, "nodejs:18:9030020231222:rhel9"),
		list(tagDirnames, "/usr/bin/", "/usr/share/"), list(tagBasenames, "node", "doc", "npm"), ints(tagDirIndexes, 0, 1, 0),
		headerEntry{tagFileModes, typeInt16, 3, []byte{0x81, 0xed, 0x41, 0xed, 0xa1, 0xff}},
		ints(1008, 5), str(tagLicense, "MIT"),
	), newBudget(1<<20, image.DefaultLimits()))
	if err != nil {
		t.Fatal(err)
	}
	want := inventory.Package{
		Type: "rpm", Name: "nodejs", Version: "1:18.19.0-1.module+el9", Arch: "x86_64", Vendor: "Red Hat, Inc.",
		Source: inventory.Source{Name: "nodejs", Version: "1:18.19.0-1.module+el9"}, Module: "nodejs:18:9030020231222:rhel9",
		Licenses: []string{"MIT"}, Evidence: inventory.Installed, Files: []string{"usr/bin/node", "usr/bin/npm"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("package (-want +got):\n%s", d)
	}
}

func TestHeaderOfOldPackage(t *testing.T) {
	got, err := parseHeader(build(str(tagName, "a"), str(tagVersion, "1"), str(tagRelease, "2"), ints(tagEpoch, 0),
		list(tagOldFilenames, "/bin/a", "/etc/a.conf")), newBudget(1000, image.DefaultLimits()))
	if err != nil || got.Version != "1-2" || !slices.Equal(got.Files, []string{"bin/a", "etc/a.conf"}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestHeaderBroken(t *testing.T) {
	name, version, release := str(tagName, "a"), str(tagVersion, "1"), str(tagRelease, "2")
	whole := build(name, version, release)
	limits := image.DefaultLimits()
	for what, tc := range map[string]struct {
		blob   []byte
		budget *budget
		named  string
	}{
		"empty":            {nil, newBudget(1000, limits), ""},
		"truncated":        {whole[:len(whole)-1], newBudget(1000, limits), ""},
		"no version":       {build(name, release), newBudget(1000, limits), ""},
		"count":            {build(headerEntry{tagName, typeString, 99, []byte("a\x00")}, version), newBudget(1000, limits), ""},
		"number for name":  {build(ints(tagName, 7), version, release), newBudget(1000, limits), ""},
		"index":            {build(name, version, release, list(tagDirnames, "/"), list(tagBasenames, "b"), ints(tagDirIndexes, 1)), newBudget(1000, limits), "a"},
		"no indexes":       {build(name, version, release, list(tagDirnames, "/"), list(tagBasenames, "b")), newBudget(1000, limits), "a"},
		"unended":          {build(name, version, release, headerEntry{tagOldFilenames, typeStringArray, 2, []byte("x\x00y")}), newBudget(1000, limits), "a"},
		"number of paths":  {build(name, version, release, list(tagOldFilenames, "x", "y")), &budget{longest: 9, paths: 1, bytes: 99}, "a"},
		"length of path":   {build(name, version, release, list(tagOldFilenames, "xyz")), &budget{longest: 2, paths: 9, bytes: 99}, "a"},
		"bytes of paths":   {build(name, version, release, list(tagDirnames, "/dir/"), list(tagBasenames, "b", "c"), ints(tagDirIndexes, 0, 0)), &budget{longest: 9, paths: 9, bytes: 9}, "a"},
		"directory number": {build(name, version, release, list(tagDirnames, "/", "/b/", "/c/"), list(tagBasenames, "b"), ints(tagDirIndexes, 0)), &budget{longest: 9, paths: 2, bytes: 99}, "a"},
	} {
		p, err := parseHeader(tc.blob, tc.budget)
		if !errors.Is(err, image.ErrCorrupt) || p.Name != tc.named {
			t.Errorf("%s: package %q, error %v; want %q and corrupt", what, p.Name, err, tc.named)
		}
	}
}

func TestSourceOf(t *testing.T) {
	for name, want := range map[string]inventory.Source{
		"bash-5.1.8-6.el9.src.rpm":         {Name: "bash", Version: "2:5.1.8-6.el9"},
		"java-1.8.0-openjdk-1-2.nosrc.rpm": {Name: "java-1.8.0-openjdk", Version: "2:1-2"},
		"(none)":                           {},
		"":                                 {},
		"-1-2.src.rpm":                     {},
	} {
		if got := sourceOf(name, 2); got != want {
			t.Errorf("sourceOf(%q) = %+v, want %+v", name, got, want)
		}
	}
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{
		"var/lib/rpm/Packages":                     true,
		"var/lib/rpm/Packages.db":                  true,
		"var/lib/rpm/rpmdb.sqlite":                 true,
		"var/lib/rpm/rpmdb.sqlite-wal":             true,
		"var/lib/rpm/rpmdb.sqlite-shm":             false,
		"var/lib/rpm/Basenames":                    false,
		"usr/lib/sysimage/rpm/rpmdb.sqlite":        true,
		"usr/share/rpm/rpmdb.sqlite":               true,
		"chroot/usr/lib/sysimage/rpm/Packages.db":  true,
		"var/lib/rpmmanifest/container-manifest-2": true,
		"var/lib/rpmmanifest/container-manifest-1": false,
		"home/me/Packages":                         false,
	} {
		if got := New().Wants(&image.Entry{Path: path, Size: 1000}, nil); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
	if New().Wants(&image.Entry{Path: "var/lib/rpm/rpmdb.sqlite-wal"}, nil) {
		t.Error("wants an empty write-ahead log")
	}
}

func TestWriteAheadLog(t *testing.T) {
	if _, err := New().Scan(t.Context(), file("var/lib/rpm/rpmdb.sqlite-wal", make([]byte, 4096))); !errors.Is(err, errLog) {
		t.Errorf("error %v, want %v", err, errLog)
	}
}

func TestManifest(t *testing.T) {
	const text = "glibc\t2.35-6.cm2\t1694728932\t1694728000\tMicrosoft Corporation\t(none)\t12345\tx86_64\t0\tglibc-2.35-6.cm2.src.rpm\n" +
		"openssl-libs\t1.1.1k-27.cm2\t1694728932\t1694728000\tMicrosoft Corporation\t1\t12345\tx86_64\t1\topenssl-1.1.1k-27.cm2.src.rpm\n"
	want := []inventory.Package{
		{
			Type: "rpm", Name: "glibc", Version: "2.35-6.cm2", Arch: "x86_64", Vendor: "Microsoft Corporation",
			Source: inventory.Source{Name: "glibc", Version: "2.35-6.cm2"}, Evidence: inventory.Installed,
		},
		{
			Type: "rpm", Name: "openssl-libs", Version: "1:1.1.1k-27.cm2", Arch: "x86_64", Vendor: "Microsoft Corporation",
			Source: inventory.Source{Name: "openssl", Version: "1:1.1.1k-27.cm2"}, Evidence: inventory.Installed,
		},
	}
	const path = "var/lib/rpmmanifest/container-manifest-2"
	res, err := New().Scan(t.Context(), file(path, []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, res.Packages); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
	res, err = New().Scan(t.Context(), file(path, []byte(text+"broken line\n")))
	if !errors.Is(err, image.ErrCorrupt) || len(res.Packages) != 2 {
		t.Errorf("broken line: %d packages, %v", len(res.Packages), err)
	}
	f := file(path, []byte(text))
	f.Limits = &image.Limits{LineBytes: 1000, Packages: 1}
	if res, err = New().Scan(t.Context(), f); !errors.Is(err, image.ErrLimit) || len(res.Packages) != 1 {
		t.Errorf("limit: %d packages, %v", len(res.Packages), err)
	}
}

func TestUnknownFormat(t *testing.T) {
	if res, err := New().Scan(t.Context(), file("var/lib/rpm/Packages", nil)); err != nil || res.Packages != nil {
		t.Errorf("empty file: %v, %v", res, err)
	}
	for _, data := range []string{"short", strings.Repeat("x", 5000)} {
		if _, err := New().Scan(t.Context(), file("var/lib/rpm/Packages", []byte(data))); !errors.Is(err, image.ErrCorrupt) {
			t.Errorf("%.10q: error %v, want corrupt", data, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	db := ndbFile([][]byte{build(str(tagName, "a"), str(tagVersion, "1"))})
	if _, err := New().Scan(ctx, file("var/lib/rpm/Packages.db", db)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// ndbFile makes a Packages.db, as rpm's rpmpkg.c does.
func ndbFile(blobs [][]byte) []byte {
	slotPages := (len(blobs)+2)*ndbSlot/ndbSlotPage + 1
	le := binary.LittleEndian
	slots := append([]byte(ndbMagic), make([]byte, 28)...)
	le.PutUint32(slots[8:], 1)
	le.PutUint32(slots[12:], uint32(slotPages))
	le.PutUint32(slots[16:], uint32(len(blobs)+1))
	var body []byte
	for i, blob := range blobs {
		at := slotPages*ndbSlotPage + len(body)
		n := uint32(i + 1)
		item := append([]byte(ndbBlobMagic), make([]byte, 12)...)
		le.PutUint32(item[4:], n)
		le.PutUint32(item[8:], 1)
		le.PutUint32(item[12:], uint32(len(blob)))
		item = append(item, blob...)
		tail := append(make([]byte, 8), "BlbE"...)
		item = append(item, make([]byte, (ndbBlock-(len(item)+len(tail))%ndbBlock)%ndbBlock)...)
		item = append(item, tail...)
		slots = append(slots, ndbSlotMagic...)
		slots = le.AppendUint32(slots, n)
		slots = le.AppendUint32(slots, uint32(at/ndbBlock))
		slots = le.AppendUint32(slots, uint32(len(item)/ndbBlock))
		body = append(body, item...)
	}
	for len(slots) < slotPages*ndbSlotPage {
		slots = append(slots, ndbSlotMagic...)
		slots = append(slots, make([]byte, 12)...)
	}
	return append(slots, body...)
}

func TestNDB(t *testing.T) {
	var blobs [][]byte
	for i := range 600 { // more than one page of slots
		blobs = append(blobs, build(str(tagName, "p"+string(rune('a'+i%26))), str(tagVersion, "1"), str(tagRelease, "1")))
	}
	db := ndbFile(blobs)
	for name, f := range map[string]*scanner.File{"memory": file("var/lib/rpm/Packages.db", db), "spilled": spilled(file("var/lib/rpm/Packages.db", db))} {
		res, err := New().Scan(t.Context(), f)
		if err != nil || len(res.Packages) != 600 || res.Packages[27].Name != "pb" {
			t.Errorf("%s: %d packages, %v", name, len(res.Packages), err)
		}
	}
}

func TestNDBOverlap(t *testing.T) {
	db := ndbFile([][]byte{build(str(tagName, "a"), str(tagVersion, "1"), headerEntry{9999, 7, 4000, make([]byte, 4000)})})
	for slot := 3; slot < ndbSlotPage/ndbSlot; slot++ {
		copy(db[slot*ndbSlot:], db[2*ndbSlot:3*ndbSlot]) // all slots point to one blob
	}
	res, err := New().Scan(t.Context(), file("var/lib/rpm/Packages.db", db))
	if !errors.Is(err, image.ErrCorrupt) || len(res.Packages) > 3 {
		t.Errorf("%d packages, %v; want few and an error", len(res.Packages), err)
	}
}

// fuzz runs the scanner over changed bytes; in memory and spilled files must
// tell the same.
func fuzz(t *testing.T, path string, data []byte) {
	f := file(path, data)
	f.Limits.Entries, f.Limits.Packages = 10_000, 1000
	res, err := New().Scan(context.Background(), f)
	again, err2 := New().Scan(context.Background(), spilled(f))
	if d := cmp.Diff(res, again); d != "" || (err == nil) != (err2 == nil) {
		t.Errorf("in memory and spilled differ: %v, %v\n%s", err, err2, d)
	}
	for _, p := range res.Packages {
		if p.Name == "" || p.Version == "" {
			t.Errorf("package without name or version: %+v", p)
		}
	}
}

func FuzzNDB(f *testing.F) {
	f.Add(ndbFile([][]byte{
		build(str(tagName, "a"), str(tagVersion, "1"), str(tagRelease, "1")),
		build(str(tagName, "b"), str(tagVersion, "2"), list(tagDirnames, "/"), list(tagBasenames, "b"), ints(tagDirIndexes, 0)),
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		copy(data, ndbMagic)
		fuzz(t, "var/lib/rpm/Packages.db", data)
	})
}

func FuzzHeader(f *testing.F) {
	f.Add(build(str(tagName, "b"), str(tagVersion, "2"), ints(tagEpoch, 1), list(tagDirnames, "/"), list(tagBasenames, "b"), ints(tagDirIndexes, 0)))
	f.Add(build(str(tagName, "b"), str(tagVersion, "2"), list(tagOldFilenames, "/a", "/b")))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = parseHeader(data, &budget{longest: 100, paths: 100, bytes: 1000})
	})
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte("glibc\t2.35-6.cm2\t1694728932\t1694728000\tMicrosoft\t(none)\t12345\tx86_64\t0\tglibc-2.35-6.cm2.src.rpm\n"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, "var/lib/rpmmanifest/container-manifest-2", data) })
}

// small are databases of the packages alpha and beta, in pages of 512 bytes:
// the first made by SQLite with a table like rpm's, the others by Berkeley DB's
// db5.3_load on this and as for a big-endian machine.
var small = map[string]string{
	"testdata/small.sqlite": "var/lib/rpm/rpmdb.sqlite",
	"testdata/small.little": "var/lib/rpm/Packages",
	"testdata/small.big":    "var/lib/rpm/Packages",
}

func TestSmallDatabases(t *testing.T) {
	want := []inventory.Package{
		{Type: "rpm", Name: "alpha", Version: "1.0-1", Evidence: inventory.Installed},
		{Type: "rpm", Name: "beta", Version: "2.0-1", Evidence: inventory.Installed, Files: []string{"usr/bin/beta", "usr/bin/b"}},
	}
	for path, as := range small {
		f := file(as, read(t, path))
		for kind, f := range map[string]*scanner.File{"memory": f, "spilled": spilled(f)} {
			res, err := New().Scan(t.Context(), f)
			if err != nil {
				t.Errorf("%s, %s: %v", path, kind, err)
			}
			slices.SortFunc(res.Packages, func(a, b inventory.Package) int { return strings.Compare(a.Name, b.Name) })
			if d := cmp.Diff(want, res.Packages); d != "" {
				t.Errorf("%s, %s: packages (-want +got):\n%s", path, kind, d)
			}
		}
	}
}

// TestDamagedDatabases overwrites one page after the other: the scan must end,
// name the damage unless the page was unused, and never invent a package.
func TestDamagedDatabases(t *testing.T) {
	for path, as := range small {
		whole := read(t, path)
		damaged := 0
		for at := 0; at < len(whole); at += 512 {
			data := slices.Clone(whole)
			for i := range 512 {
				data[at+i] = 0xff
			}
			res, err := New().Scan(t.Context(), file(as, data))
			if err != nil {
				damaged++
			}
			for _, p := range res.Packages {
				if p.Name != "alpha" && p.Name != "beta" {
					t.Errorf("%s: damage at %d makes a package %q", path, at, p.Name)
				}
			}
		}
		if damaged < 3 {
			t.Errorf("%s: only %d pages were missed", path, damaged)
		}
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzSQLite(f *testing.F) {
	f.Add(read(f, "testdata/small.sqlite"))
	f.Fuzz(func(t *testing.T, data []byte) {
		copy(data, sqliteMagic)
		fuzz(t, "var/lib/rpm/rpmdb.sqlite", data)
	})
}

func FuzzBerkeleyDB(f *testing.F) {
	f.Add(read(f, "testdata/small.little"))
	f.Add(read(f, "testdata/small.big"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, "var/lib/rpm/Packages", data) })
}
