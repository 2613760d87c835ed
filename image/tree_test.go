package image

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// makeTree makes files (content), directories (name with a slash at the end)
// and symlinks ("-> target").
func makeTree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		target, link := strings.CutPrefix(content, "-> ")
		switch {
		case err != nil:
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		case link:
			err = os.Symlink(target, path)
		default:
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestTreeVisitsInOrder(t *testing.T) {
	root := makeTree(t, map[string]string{
		"etc/os-release": "-> ../usr/lib/os-release", "usr/lib/os-release": "ID=x\n",
		"usr/bin/": "", "a": "A", "proc/1/environ": "secret", "escape": "-> /etc",
	})
	must(t, os.Link(filepath.Join(root, "a"), filepath.Join(root, "b")))
	must(t, unix.Mkfifo(filepath.Join(root, "fifo"), 0o600))
	got, w, err := walkAll(t, TreeLayer(Descriptor{}, root, TreeOptions{Skip: []string{"proc"}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`file a "A"`, "hardlink b -> a", "symlink escape -> /etc", "dir etc", "symlink etc/os-release -> ../usr/lib/os-release",
		"device fifo", "dir usr", "dir usr/bin", "dir usr/lib", `file usr/lib/os-release "ID=x\n"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Walked{Compressed: 6, Uncompressed: 6, Entries: 10}, w); diff != "" {
		t.Error(diff)
	}
}

func TestTreeMetadata(t *testing.T) {
	root := makeTree(t, map[string]string{"x": "12345"})
	must(t, os.Chmod(filepath.Join(root, "x"), 0o4755|fs.ModeSetuid))
	var e *Entry
	_, err := TreeLayer(Descriptor{}, root, TreeOptions{}).Walk(context.Background(), nil, func(got *Entry, _ *Body) error {
		e = got
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if e.Mode != 0o755|fs.ModeSetuid || e.Size != 5 || e.UID != os.Getuid() || e.ModTime.IsZero() {
		t.Errorf("got %+v", e)
	}
}

// A file that changes between being listed and being read.
func TestTreeFilesThatChange(t *testing.T) {
	change := map[string]func(path string) error{
		"grown":   func(p string) error { return os.WriteFile(p, []byte("0123456789abcdef"), 0o600) },
		"shrunk":  func(p string) error { return os.Truncate(p, 4) },
		"gone":    os.Remove,
		"fifo":    func(p string) error { return errors.Join(os.Remove(p), unix.Mkfifo(p, 0o600)) },
		"symlink": func(p string) error { return errors.Join(os.Remove(p), os.Symlink("/etc/passwd", p)) },
		"replaced": func(p string) error {
			return errors.Join(os.WriteFile(p+"~", []byte("xx"), 0o600), os.Rename(p+"~", p))
		},
	}
	files := map[string]string{}
	for name := range change {
		files[name] = "0123456789"
	}
	root := makeTree(t, files)
	got := map[string]string{}
	w, err := TreeLayer(Descriptor{}, root, TreeOptions{}).Walk(context.Background(), nil, func(e *Entry, b *Body) error {
		must(t, change[e.Path](filepath.Join(root, e.Path)))
		content, err := b.ReadAll(nil)
		got[e.Path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"grown": "0123456789", "shrunk": "0123", "gone": "", "fifo": "", "symlink": "", "replaced": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantWarnings := []string{
		"file fifo: replaced while it was read",
		"file gone: open: no such file or directory",
		"file replaced: replaced while it was read",
		"file shrunk: it shrank by 6 bytes while it was read",
		"file symlink: open: too many levels of symbolic links",
	}
	if diff := cmp.Diff(wantWarnings, w.Warnings); diff != "" {
		t.Error(diff)
	}
}

// What the visitor deals with itself is not a warning too.
func TestTreeVisitorHandlesUnreadable(t *testing.T) {
	root := makeTree(t, map[string]string{"gone": "x", "there": "y"})
	var failed error
	w, err := TreeLayer(Descriptor{}, root, TreeOptions{}).Walk(context.Background(), nil, func(e *Entry, b *Body) error {
		if e.Path == "gone" {
			must(t, os.Remove(filepath.Join(root, e.Path)))
			_, failed = b.Head(10)
		}
		return nil
	})
	if err != nil || len(w.Warnings) > 0 || !errors.Is(failed, fs.ErrNotExist) {
		t.Errorf("got %v, %q, %v", err, w.Warnings, failed)
	}
}

func TestTreeOneFilesystem(t *testing.T) {
	root := makeTree(t, map[string]string{"a": "A", "mnt/": "", "z": "Z"})
	mnt := filepath.Join(root, "mnt")
	if err := unix.Mount("tmpfs", mnt, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mount a file system: %v", err)
	}
	defer func() { must(t, unix.Unmount(mnt, 0)) }()
	must(t, os.WriteFile(filepath.Join(mnt, "m"), []byte("M"), 0o600))
	for one, want := range map[bool][]string{
		true:  {`file a "A"`, "dir mnt", `file z "Z"`},
		false: {`file a "A"`, "dir mnt", `file mnt/m "M"`, `file z "Z"`},
	} {
		got, w, err := walkAll(t, TreeLayer(Descriptor{}, root, TreeOptions{OneFilesystem: one}), nil)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if warned := len(w.Warnings) == 1 && strings.HasPrefix(w.Warnings[0], "directory mnt: not read"); warned != one {
			t.Errorf("warnings %q", w.Warnings)
		}
	}
}

func TestTreeOverlay(t *testing.T) {
	root := makeTree(t, map[string]string{
		"opaque/new": "n", "moved/": "", "meta": "xxx", "white": "", "plain": "p",
		"fuse/.wh.old": "", "fuse/.wh..wh..opq": "",
	})
	must(t, unix.Mknod(filepath.Join(root, "removed"), unix.S_IFCHR, 0))
	for _, x := range [][3]string{
		{"opaque", "user.overlay.opaque", "y"}, {"moved", "user.overlay.redirect", "/was"},
		{"meta", "user.overlay.metacopy", ""}, {"white", "user.overlay.whiteout", "y"},
	} {
		if err := unix.Setxattr(filepath.Join(root, x[0]), x[1], []byte(x[2]), 0); err != nil {
			t.Skipf("set %s: %v", x[1], err)
		}
	}
	got, w, err := walkAll(t, TreeLayer(Descriptor{}, root, TreeOptions{Overlay: true}), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"dir fuse", "opaque fuse", "whiteout fuse/old", "dir moved", "dir opaque", "opaque opaque",
		`file opaque/new "n"`, `file plain "p"`, "whiteout removed", "whiteout white",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"directory moved: renamed from /was, of which lower layers' files are not seen here"}, w.Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestTreeLimits(t *testing.T) {
	deep := "d"
	for range treeDepth + 10 {
		deep += "/d"
	}
	root := makeTree(t, map[string]string{"a": "0123456789", "b": "0123456789", deep + "/f": "", "z": ""})
	for name, c := range map[string]struct {
		lim  Limits
		want string
	}{
		"entries": {Limits{Entries: 2}, "file b: limit exceeded: more than 2 files"},
		"bytes":   {Limits{LayerBytes: 15}, "file b: limit exceeded: files hold more than 15 bytes"},
		"path":    {Limits{PathBytes: 5}, "file d/d/d/d: limit exceeded: path of more than 5 bytes"},
		"depth":   {Limits{}, "limit exceeded: directories more than 255 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := walkAll(t, TreeLayer(Descriptor{DiffID: "L"}, root, TreeOptions{}), &c.lim)
			if !errors.Is(err, ErrLimit) || !strings.HasSuffix(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "read layer L: file ") {
				t.Errorf("got %v", err)
			}
			if name == "path" || name == "depth" {
				if got[len(got)-1] != `file z ""` {
					t.Errorf("the walk did not go on: %q", got[len(got)-1])
				}
			}
		})
	}
}

func TestTreeCancelled(t *testing.T) {
	root := makeTree(t, map[string]string{"big": "", "next": ""})
	must(t, os.Truncate(filepath.Join(root, "big"), 1<<40))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := TreeLayer(Descriptor{}, root, TreeOptions{}).Walk(ctx, nil, func(e *Entry, b *Body) error {
		if e.Path == "next" {
			t.Error("visited an entry after the end")
		}
		cancel()
		_, err := b.ReadAll(nil)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTreeMissingRoot(t *testing.T) {
	_, _, err := walkAll(t, TreeLayer(Descriptor{}, filepath.Join(t.TempDir(), "none"), TreeOptions{}), nil)
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
