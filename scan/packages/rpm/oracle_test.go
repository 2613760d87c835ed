package rpm

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
)

// specs are packages that between them have an epoch, a module, a source of
// another name, no files, and more files than fit into a page.
var specs = map[string]string{
	"alpha": `Name: alpha
Version: 1.0
Release: 1
Epoch: 2
Summary: s
License: MIT
Vendor: Example, Inc.
%description
d
%package -n libalpha
Summary: s
%description -n libalpha
d
%prep
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib/alpha
echo a > %{buildroot}/usr/bin/alpha
ln -s alpha %{buildroot}/usr/bin/alias
echo b > %{buildroot}/usr/lib/alpha/b.so
%files
/usr/bin/alpha
/usr/bin/alias
%files -n libalpha
%dir /usr/lib/alpha
/usr/lib/alpha/b.so
%ghost /usr/lib/alpha/ghost
`,
	"beta": `Name: beta
Version: 2.0~rc1
Release: 3.module
Summary: s
License: GPLv2+ and (BSD or MIT)
BuildArch: noarch
ModularityLabel: beta:stable:20240101:abcd
%description
d
%files
`,
	"many": `Name: many-files
Version: 20240101
Release: 1
Summary: s
License: MIT
BuildArch: noarch
%description
d
%prep
%install
mkdir -p %{buildroot}/opt/many/a %{buildroot}/opt/many/b
for i in $(seq 1500); do echo > %{buildroot}/opt/many/a/file-$i; echo > %{buildroot}/opt/many/b/f$i; done
%files
/opt/many
`,
}

// installed makes a database of the specs and returns its directory.
func installed(t testing.TB) string {
	t.Helper()
	for _, tool := range []string{"rpm", "rpmbuild"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: it makes the databases and says what is in them", tool)
		}
	}
	top := t.TempDir()
	for name, spec := range specs {
		path := filepath.Join(top, name+".spec")
		write(t, path, []byte(spec))
		run(t, "rpmbuild", "-bb", "--quiet", "--define", "_topdir "+top, "--define", "_build_id_links none", path)
	}
	packages, err := filepath.Glob(filepath.Join(top, "RPMS/*/*.rpm"))
	if err != nil || len(packages) != 4 {
		t.Fatalf("built %v, %v", packages, err)
	}
	db := filepath.Join(top, "db")
	run(t, "rpm", append([]string{"--dbpath", db, "-i", "--justdb", "--nodeps", "--ignorearch"}, packages...)...)
	return db
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run %s: %v\n%s%s", name, err, out, problems.String())
	}
	return string(out)
}

// query lists a database with rpm: a line per package and one per file that is
// no directory.
func query(t testing.TB, dir, backend string) []string {
	t.Helper()
	const format = "package %{NAME} %|EPOCH?{%{EPOCH}}:{0}| %{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM} %{VENDOR} %{LICENSE} %{MODULARITYLABEL}\n" +
		"[file %{=NAME} %{=VERSION} %{FILEMODES:perms} %{FILENAMES}\n]"
	var lines []string
	for line := range strings.Lines(run(t, "rpm", "--dbpath", dir, "--define", "_db_backend "+backend, "-qa", "--qf", format)) {
		line = strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "(none)", "")
		if kind, rest, _ := strings.Cut(line, " "); kind == "file" {
			f := strings.SplitN(rest, " ", 4)
			if strings.HasPrefix(f[2], "d") {
				continue
			}
			line = strings.Join([]string{"file", f[0], f[1], f[3]}, " ")
		}
		if !strings.Contains(line, " gpg-pubkey ") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// listing writes packages as query does.
func listing(packages []inventory.Package) []string {
	var lines []string
	for _, p := range packages {
		epoch, version, ok := strings.Cut(p.Version, ":")
		if !ok {
			epoch, version = "0", p.Version
		}
		source := ""
		if p.Source.Name != "" {
			_, v, ok := strings.Cut(p.Source.Version, ":")
			if !ok {
				v = p.Source.Version
			}
			source = p.Source.Name + "-" + v + ".src.rpm"
		}
		lines = append(lines, strings.Join([]string{"package", p.Name, epoch, version, p.Arch, source, p.Vendor, strings.Join(p.Licenses, ""), p.Module}, " "))
		upstream := version[:strings.LastIndexByte(version, '-')]
		for _, f := range p.Files {
			lines = append(lines, strings.Join([]string{"file", p.Name, upstream, "/" + f}, " "))
		}
	}
	slices.Sort(lines)
	return lines
}

// compare scans a database, in memory and spilled, and compares the packages
// with the lines that rpm gave.
func compare(t *testing.T, path string, want []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		t.Fatal("rpm lists nothing")
	}
	f := file("var/lib/rpm/"+filepath.Base(path), data)
	res, err := New().Scan(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, listing(res.Packages)); d != "" {
		t.Errorf("packages and files (-rpm +got):\n%s", d)
	}
	again, err := New().Scan(t.Context(), spilled(f))
	if d := cmp.Diff(res, again); d != "" || err != nil {
		t.Errorf("spilled: %v\n%s", err, d)
	}
	t.Logf("%d packages, %d lines", len(res.Packages), len(want))
}

// TestBuiltDatabases makes the same database in every format.
func TestBuiltDatabases(t *testing.T) {
	db := installed(t)
	path := filepath.Join(db, "rpmdb.sqlite")
	want := query(t, db, "sqlite")
	t.Run("sqlite", func(t *testing.T) { compare(t, path, want) })
	headers := blobs(t, path)
	t.Run("ndb", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "Packages.db")
		write(t, path, ndbFile(headers))
		compare(t, path, want)
	})
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, pageSize := range []int{512, 4096, 65536} {
			t.Run(fmt.Sprintf("Berkeley DB %v %d", order, pageSize), func(t *testing.T) {
				compare(t, hashFileOf(t, headers, pageSize, order), want)
			})
		}
	}
}

// blobs are the headers in a database.
func blobs(t testing.TB, path string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	src := &source{data: data, size: int64(len(data))}
	walk, err := formatOf(src)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	if err := walk(src, func(b []byte) error { out = append(out, slices.Clone(b)); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// hashFileOf makes a Packages file with Berkeley DB's own tool.
func hashFileOf(t testing.TB, blobs [][]byte, pageSize int, order binary.ByteOrder) string {
	t.Helper()
	if _, err := exec.LookPath("db5.3_load"); err != nil {
		t.Skip("db5.3_load (Debian's db5.3-util) is not installed: it makes the databases")
	}
	endian := 1234
	if order == binary.BigEndian {
		endian = 4321
	}
	var dump strings.Builder
	fmt.Fprintf(&dump, "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=%d\ndb_lorder=%d\nHEADER=END\n", pageSize, endian)
	number := make([]byte, 4)
	fmt.Fprintf(&dump, " 00000000\n 0%d000000\n", len(blobs))
	for i, blob := range blobs {
		order.PutUint32(number, uint32(i+1))
		fmt.Fprintf(&dump, " %s\n %s\n", hex.EncodeToString(number), hex.EncodeToString(blob))
	}
	dump.WriteString("DATA=END\n")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dump"), []byte(dump.String()))
	path := filepath.Join(dir, "Packages")
	run(t, "db5.3_load", "-f", filepath.Join(dir, "dump"), path)
	return path
}

// collection is a directory of databases of many distributions, each in a
// directory of its own, in all three formats.
func collection(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("BOLTSEAL_RPMDBS")
	if dir == "" {
		out, err := exec.Command("go", "env", "GOMODCACHE").Output()
		if err != nil {
			t.Skipf("ask go for its module cache: %v", err)
		}
		dir = filepath.Join(strings.TrimSpace(string(out)), "github.com/knqyf263/go-rpmdb@v0.1.1/pkg/testdata")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no collection of real databases: set BOLTSEAL_RPMDBS, or run `go mod download github.com/knqyf263/go-rpmdb@v0.1.1`")
	}
	return dir
}

// TestRealDatabases compares every database of the collection with rpm's
// listing, except for ndb, which Debian's rpm does not read.
func TestRealDatabases(t *testing.T) {
	if _, err := exec.LookPath("rpm"); err != nil {
		t.Skip("rpm is not installed: it says what is in the databases")
	}
	found := 0
	for base, backend := range map[string]string{"Packages": "bdb_ro", "rpmdb.sqlite": "sqlite"} {
		paths, err := filepath.Glob(filepath.Join(collection(t), "*", base))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			found++
			t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
				dir := t.TempDir() // rpm writes beside its databases
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(dir, base), data)
				compare(t, path, query(t, dir, backend))
			})
		}
	}
	if found == 0 {
		t.Error("the collection is empty")
	}
}

// TestRealNDB reads the database of a SUSE image. Debian's rpm does not read
// ndb; the expected packages are what other software finds in it.
func TestRealNDB(t *testing.T) {
	path := filepath.Join(collection(t), "sle15-bci", "Packages.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("not in the collection: %v", err)
	}
	res, err := New().Scan(t.Context(), file("usr/lib/sysimage/rpm/Packages.db", data))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range res.Packages {
		got = append(got, p.Name+" "+p.Version+" "+p.Source.Name)
	}
	want := []string{
		"system-user-root 20190513-3.3.1 system-user-root",
		"filesystem 15.0-11.3.2 filesystem",
		"glibc 2.31-9.3.2 glibc",
		"libpcre1 8.45-20.10.1 pcre",
		"libgmp10 6.1.2-4.6.1 gmp",
		"libgcc_s1 11.2.1+git610-1.3.9 gcc11",
		"libcap2 2.26-4.6.1 libcap",
		"libstdc++6 11.2.1+git610-1.3.9 gcc11",
		"libncurses6 6.1-5.9.1 ncurses",
		"terminfo-base 6.1-5.9.1 ncurses",
		"libattr1 2.4.47-2.19 attr",
		"libselinux1 3.0-1.31 libselinux",
		"libreadline7 7.0-19.6.1 bash",
		"bash 4.4-19.6.1 bash",
		"libacl1 2.2.52-4.3.1 acl",
		"coreutils 8.32-3.2.1 coreutils",
		"sles-release 15.3-55.4.1 sles-release",
		"ca-certificates-mozilla-prebuilt 2.44-21.1 ca-certificates-mozilla-prebuilt",
		"libgpg-error0 1.29-1.8 libgpg-error",
		"libpopt0 1.16-3.22 popt",
		"file-magic 5.32-7.14.1 file",
		"libbz2-1 1.0.6-5.11.1 bzip2",
		"liblua5_3-5 5.3.6-3.6.1 lua53",
		"liblzma5 5.2.3-4.3.1 xz",
		"libz1 1.2.11-3.21.1 zlib",
		"libzstd1 1.4.4-1.6.1 zstd",
		"libmagic1 5.32-7.14.1 file",
		"libdw1 0.168-4.5.3 elfutils",
		"libebl-plugins 0.168-4.5.3 elfutils",
		"libelf1 0.168-4.5.3 elfutils",
		"libcrypt1 4.4.15-2.51 libxcrypt",
		"perl-base 5.26.1-15.87 perl",
		"libgcrypt20 1.8.2-8.39.1 libgcrypt",
		"rpm-config-SUSE 1-5.6.1 rpm-config-SUSE",
		"rpm-ndb 4.14.3-40.1 rpm-ndb",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
}

// BenchmarkScan reads the largest databases of the collection.
func BenchmarkScan(b *testing.B) {
	for _, name := range []string{"centos7-many/Packages", "fedora35-plus-mongo/rpmdb.sqlite", "sle15-bci/Packages.db"} {
		b.Run(filepath.Dir(name), func(b *testing.B) {
			data, err := os.ReadFile(filepath.Join(collection(b), name))
			if err != nil {
				b.Skip(err)
			}
			f := file("var/lib/rpm/"+filepath.Base(name), data)
			b.SetBytes(f.Size)
			b.ReportAllocs()
			for b.Loop() {
				if res, err := New().Scan(b.Context(), f); err != nil || len(res.Packages) == 0 {
					b.Fatal(len(res.Packages), err)
				}
			}
		})
	}
}
