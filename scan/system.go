package scan

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/release"
)

// systemPaths are where package databases and release files stand. A result at
// another place (a chroot inside the image) belongs to another root.
var systemPaths = []string{
	"var/lib/dpkg/status",
	"var/lib/dpkg/status.d",
	"var/lib/dpkg/info",
	"lib/apk/db/installed",
	"usr/lib/apk/db/installed",
	"usr/lib/sysimage/rpm",
	"usr/share/rpm",
	"var/lib/rpm",
	"var/lib/rpmmanifest",
	"usr/share/doc",
	"etc",
	"usr/lib",
}

// systemTypes are the purl types of operating-system packages with the scanner
// that reads their database.
var systemTypes = map[string]string{"dpkg": "deb", "apk": "apk", "rpm": "rpm"}

// system picks the operating system's own results out of an overlay.
type system struct {
	o *overlay
	// dirs are the resolved systemPaths.
	dirs map[string]bool
}

func newSystem(o *overlay) *system {
	s := &system{o: o, dirs: map[string]bool{}}
	for _, p := range systemPaths {
		s.dirs[p] = true
		s.dirs[o.resolve(p)] = true
	}
	return s
}

// issues names the symlinks because of which a system path leads nowhere.
func (s *system) issues(layers []string) (list []inventory.Issue) {
	for _, p := range systemPaths {
		if at := s.o.loop(p); at != "" {
			list = append(list, inventory.Issue{
				Kind: "corrupt", Layer: layers[s.o.links[at].layer], File: at,
				Message: fmt.Sprintf("%s leads through more than %d symlinks", p, maxHops),
			})
		}
	}
	return list
}

// owns says whether p is one of the system's own databases: at a system path
// or directly in one.
func (s *system) owns(p string) bool { return s.dirs[p] || s.dirs[path.Dir(p)] }

// os merges the release files: the highest ranking one decides, the others
// complete what it leaves out.
func (s *system) os() *inventory.OS {
	var found []*inventory.OS
	for _, p := range s.o.paths() {
		if r := s.o.files[p].last().result(release.Name); r != nil && r.OS != nil && s.owns(p) {
			os := *r.OS
			os.Path = p
			found = append(found, &os)
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b *inventory.OS) int {
		return cmp.Compare(release.Rank(a.Path), release.Rank(b.Path))
	})
	best := found[0]
	for _, other := range found[1:] {
		if other.ID == best.ID {
			best.VersionID = cmp.Or(best.VersionID, other.VersionID)
			best.Variant = cmp.Or(best.Variant, other.Variant)
			best.Pretty = cmp.Or(best.Pretty, other.Pretty)
		}
	}
	return best
}

// packages lists the operating-system packages with files, details and the
// layer that brought each, and a note per database of another root.
func (s *system) packages(layers []string) (pkgs []inventory.Package, notes []string) {
	for _, p := range s.o.paths() {
		f := s.o.files[p]
		for _, r := range f.last().results {
			if systemTypes[r.Scanner] == "" || len(r.Result.Packages) == 0 {
				continue
			}
			if !s.owns(p) {
				notes = append(notes, "package database of another root left out: "+p)
				continue
			}
			pkgs = append(pkgs, attribute(f, r, layers)...)
		}
	}
	pkgs = dropOldDatabases(pkgs)
	s.join(pkgs)
	return pkgs, notes
}

// attribute gives every package of a database the layer since which it has been
// there in this version without a break.
func attribute(f *liveFile, r fileResult, layers []string) []inventory.Package {
	since := make(map[string]int, len(r.Result.Packages))
	for vi := range f.versions {
		v := &f.versions[vi]
		here := make(map[string]int, len(since))
		for _, p := range v.packages(r.Scanner) {
			key := packageKey(&p)
			if layer, ok := since[key]; ok {
				here[key] = layer
			} else {
				here[key] = v.layer
			}
		}
		since = here
	}
	out := make([]inventory.Package, len(r.Result.Packages))
	for i, p := range r.Result.Packages {
		p.Locations = []inventory.Location{{Path: f.path, Layer: layers[since[packageKey(&p)]]}}
		out[i] = p
	}
	return out
}

func packageKey(p *inventory.Package) string {
	return p.Type + "\x00" + p.Name + "\x00" + p.Version + "\x00" + p.Arch + "\x00" + p.Module
}

// rpmDatabases are the file names of rpm's back ends, the newest first. An
// image that was converted may still hold the older one.
var rpmDatabases = []string{"rpmdb.sqlite", "Packages.db", "Packages", "container-manifest-2"}

// dropOldDatabases keeps one rpm database.
func dropOldDatabases(pkgs []inventory.Package) []inventory.Package {
	best := len(rpmDatabases)
	rank := func(p *inventory.Package) int { return slices.Index(rpmDatabases, path.Base(p.Path())) }
	for i := range pkgs {
		if pkgs[i].Type == "rpm" {
			best = min(best, rank(&pkgs[i]))
		}
	}
	return slices.DeleteFunc(pkgs, func(p inventory.Package) bool { return p.Type == "rpm" && rank(&p) != best })
}

// join completes packages by what other files say of them: dpkg's file lists,
// changelogs, licences.
func (s *system) join(pkgs []inventory.Package) {
	byName := make(map[string][]*inventory.Package, 2*len(pkgs))
	for i := range pkgs {
		p := &pkgs[i]
		byName[p.Type+"/"+p.Name] = append(byName[p.Type+"/"+p.Name], p)
		if p.Arch != "" {
			key := p.Type + "/" + p.Name + ":" + p.Arch
			byName[key] = append(byName[key], p)
		}
	}
	for _, p := range s.o.paths() {
		for _, r := range s.o.files[p].last().results {
			if len(r.Result.Owned)+len(r.Result.Details) == 0 || !s.near(p) {
				continue
			}
			for _, o := range r.Result.Owned {
				for _, pkg := range byName[o.Type+"/"+o.Package] {
					pkg.Files = o.Paths
				}
			}
			for _, d := range r.Result.Details {
				for _, pkg := range byName[d.Type+"/"+d.Package] {
					if d.FixedCVEs != nil { // the licences are another detail of the package
						pkg.FixedCVEs = d.FixedCVEs
					}
					pkg.Licenses = appendNew(pkg.Licenses, d.Licenses)
				}
			}
		}
	}
}

// near is owns for files one directory further down (usr/share/doc/x/y).
func (s *system) near(p string) bool { return s.owns(p) || s.owns(path.Dir(p)) }

func appendNew(list, more []string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// canonical gives the path that the file has in the final file system, for a
// path that a package database names.
func (s *system) canonical(p string) string {
	return s.o.resolve(strings.TrimPrefix(p, "/"))
}
