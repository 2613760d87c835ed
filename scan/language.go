package scan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// libraries lists the packages that no operating-system database holds, one
// per place, from the last version of every live file.
func libraries(o *overlay, layers []string) []inventory.Package {
	var out []inventory.Package
	for _, p := range o.paths() {
		v := o.files[p].last()
		for _, r := range v.results {
			if systemTypes[r.Scanner] != "" {
				continue
			}
			for _, pkg := range r.Result.Packages {
				inner := pkg.Path() // "!/..." inside an archive, or ""
				pkg.Locations = []inventory.Location{{Path: p + inner, Layer: layers[v.layer]}}
				out = append(out, pkg)
			}
		}
	}
	return out
}

// place is where a package was found on disk: its first path up to the archive.
func place(p *inventory.Package) string {
	outer, _, _ := strings.Cut(p.Path(), "!/")
	return outer
}

// own marks the libraries whose file an operating-system package owns. What was
// only recognised by its content and is owned is the operating system's own
// package again, and is dropped.
func own(libs, system []inventory.Package, s *system) []inventory.Package {
	owner := make(map[string]string, len(libs))
	for i := range libs {
		owner[place(&libs[i])] = ""
	}
	for i := range system {
		for _, f := range system[i].Files {
			f = s.canonical(f)
			if _, wanted := owner[f]; wanted {
				owner[f] = system[i].Type + "/" + system[i].Name
			}
		}
	}
	for i := range libs {
		libs[i].Owner = owner[place(&libs[i])]
	}
	return slices.DeleteFunc(libs, func(p inventory.Package) bool {
		return p.Evidence == inventory.Fingerprint && p.Owner != ""
	})
}

// globalTypes install into one place for the whole system, so that a lock file
// anywhere is displaced by an installed package of the same name.
var globalTypes = []string{"pypi", "gem"}

// preferInstalled drops what lock files name where the packages themselves are
// installed: in the lock file's directory or below it, or anywhere for types
// that install globally. It notes every lock file that it dropped.
func preferInstalled(libs []inventory.Package) (kept []inventory.Package, notes []string) {
	installed := map[string]bool{} // "type\0directory" of every ancestor; "type\0=name"
	for i := range libs {
		p := &libs[i]
		if p.Evidence != inventory.Installed && p.Evidence != inventory.Binary {
			continue
		}
		installed[p.Type+"\x00="+p.Name] = true
		for dir := path.Dir(place(p)); ; dir = path.Dir(dir) {
			key := p.Type + "\x00" + dir
			if installed[key] {
				break
			}
			installed[key] = true
			if dir == "." {
				break
			}
		}
	}
	dropped := map[string]int{}
	for _, p := range libs {
		if p.Evidence == inventory.Lockfile && displaced(&p, installed) {
			dropped[place(&p)]++
			continue
		}
		kept = append(kept, p)
	}
	for file, n := range dropped {
		notes = append(notes, fmt.Sprintf("lock file %s not counted (%d packages): the packages are installed", file, n))
	}
	slices.Sort(notes)
	return kept, notes
}

func displaced(p *inventory.Package, installed map[string]bool) bool {
	if slices.Contains(globalTypes, p.Type) && installed[p.Type+"\x00="+p.Name] {
		return true
	}
	dir := path.Dir(place(p))
	// At the root every installed package is "below": that says nothing.
	return dir != "." && installed[p.Type+"\x00"+dir]
}

// merge makes one package of all that are equal but for the place.
func merge(libs []inventory.Package) []inventory.Package {
	index := make(map[string]int, len(libs))
	var out []inventory.Package
	for _, p := range libs {
		key := packageKey(&p) + "\x00" + string(p.Evidence) + "\x00" + p.Owner + "\x00" + p.SHA1
		i, ok := index[key]
		if !ok {
			index[key] = len(out)
			out = append(out, p)
			continue
		}
		for _, l := range p.Locations {
			if !slices.Contains(out[i].Locations, l) {
				out[i].Locations = append(out[i].Locations, l)
			}
		}
		out[i].Dev = out[i].Dev && p.Dev
	}
	return out
}
