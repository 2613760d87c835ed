package scan

import (
	"path"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// liveFile is what the scanners said about one path, in the layers in which it
// was (re)written since it was last deleted, base first. The last one counts;
// the earlier ones tell in which layer a package first appeared.
type liveFile struct {
	path     string
	versions []fileVersion
}

type fileVersion struct {
	layer   int
	results []fileResult
}

// last is what counts in the final file system.
func (f *liveFile) last() *fileVersion { return &f.versions[len(f.versions)-1] }

// overlay is the final file system of an image as far as results go: layers
// put on top of each other the way a container engine does.
// Source: OCI image specification, layer.md (whiteouts, opaque directories).
type overlay struct {
	files map[string]*liveFile
	links map[string]symlink // those that may lead to a database
}

// symlink is where a link leads and the layer that made it.
type symlink struct {
	target string
	layer  int
}

func newOverlay() *overlay {
	return &overlay{files: map[string]*liveFile{}, links: map[string]symlink{}}
}

// push puts a layer on top.
func (o *overlay) push(index int, l *layerResult) {
	o.hide(l)
	for i := 0; i < len(l.Files); {
		p := l.Files[i].Path
		j := i
		for j < len(l.Files) && l.Files[j].Path == p {
			j++
		}
		o.put(index, p, l.Files[i:j])
		i = j
	}
	for _, h := range l.Hardlinks {
		if f := o.files[h.Target]; f != nil && h.Path != h.Target {
			o.put(index, h.Path, f.last().results)
		}
	}
	for _, s := range l.Symlinks {
		o.links[s.Path] = symlink{s.Target, index}
	}
}

// hide removes what the layer deletes or replaces. A replaced file keeps its
// earlier versions when the layer says something about it again.
func (o *overlay) hide(l *layerResult) {
	again := make(map[string]bool, len(l.Files))
	for i := range l.Files {
		again[l.Files[i].Path] = true
	}
	for p := range o.files {
		if l.removes(p) || l.Entries.hides(p) && !again[p] {
			delete(o.files, p)
		}
	}
	for p := range o.links {
		if l.removes(p) || l.Entries.hides(p) {
			delete(o.links, p)
		}
	}
}

func (o *overlay) put(index int, p string, results []fileResult) {
	f := o.files[p]
	if f == nil {
		f = &liveFile{path: p}
		o.files[p] = f
	}
	f.versions = append(f.versions, fileVersion{index, results})
}

// maxHops is how many symlinks along one path are followed, as many as the
// kernel does.
const maxHops = 40

// resolve follows the symlinks that it knows along p and returns the path of
// the file itself.
func (o *overlay) resolve(p string) string {
	for range maxHops {
		next, ok := o.step(p)
		if !ok {
			return p
		}
		p = next
	}
	return p
}

// loop returns a symlink of a loop that p leads into, "" if there is none.
func (o *overlay) loop(p string) string {
	p = o.resolve(p)
	if _, ok := o.step(p); !ok {
		return ""
	}
	for i := range len(p) + 1 {
		if _, ok := o.links[p[:i]]; ok && (i == len(p) || p[i] == '/') {
			return p[:i]
		}
	}
	return ""
}

// step replaces the first symlink in p by its target.
func (o *overlay) step(p string) (string, bool) {
	for i := 0; i <= len(p); i++ {
		if i < len(p) && p[i] != '/' {
			continue
		}
		link, ok := o.links[p[:i]]
		if !ok {
			continue
		}
		target := link.target
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", path.Dir(p[:i]), target)
		}
		return strings.TrimPrefix(path.Join("/", target, p[i:]), "/"), true
	}
	return p, false
}

// paths returns all live paths, sorted.
func (o *overlay) paths() []string {
	all := make([]string, 0, len(o.files))
	for p := range o.files {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

// packagesOf returns the packages that a version of a file names.
func (v *fileVersion) packages(scannerName string) []inventory.Package {
	for i := range v.results {
		if v.results[i].Scanner == scannerName {
			return v.results[i].Result.Packages
		}
	}
	return nil
}

// result returns what the named scanner said, nil if nothing.
func (v *fileVersion) result(scannerName string) *scanner.Result {
	for i := range v.results {
		if v.results[i].Scanner == scannerName {
			return &v.results[i].Result
		}
	}
	return nil
}
