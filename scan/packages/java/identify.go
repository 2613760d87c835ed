package java

import (
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// identify adds the packages that the clues of one archive prove: the archive
// itself, and every library that was shaded into it.
func (w *walk) identify(l level, c *clues) {
	file := parseFileName(l.path)
	if file.sourceOnly {
		return
	}
	name, version := c.guess(file)
	main := c.main(file, version)
	for i, p := range c.poms {
		if i != main {
			w.add(p.name(), p.version, l.inner+"!/"+p.path, "")
		}
	}
	if main >= 0 {
		name, version = c.poms[main].name(), c.poms[main].version
	} else if len(c.poms) > 0 && version == "" {
		return // a bundle without an identity of its own
	}
	if name != "" {
		w.add(name, version, l.inner, digest(l), c.manifest.licenses()...)
	}
}

func (w *walk) add(name, version, inner, sha1 string, licenses ...string) {
	p := inventory.Package{
		Type: "maven", Name: name, Version: version, Evidence: inventory.Binary, SHA1: sha1, Licenses: licenses,
	}
	if inner != "" {
		p.Locations = []inventory.Location{{Path: inner}}
	}
	w.packages = append(w.packages, p)
}

func (p *pom) name() string { return p.group + ":" + p.artifact }

// main is the index of the pom that describes the archive itself, -1 if none
// does: the one that the archive is named after, else the only one, unless
// manifest or file name tell another version (a library that was shaded into an
// archive without a pom).
func (c *clues) main(file fileName, version string) int {
	best := -1
	for i, p := range c.poms {
		if !strings.EqualFold(p.artifact, file.artifact) && !strings.EqualFold(p.artifact, file.stem) {
			continue
		}
		if best < 0 || p.version == file.version {
			best = i
		}
	}
	if best < 0 && len(c.poms) == 1 && (version == "" || version == c.poms[0].version) {
		best = 0
	}
	return best
}

// guess names an archive by its manifest and file name. The name is "" if they
// say nothing.
func (c *clues) guess(file fileName) (name, version string) {
	m := c.manifest
	// A file that is named artifact-version is named so by a repository.
	// Manifests hold that version in other forms: 1.72.0 for 1.72, OSGi's
	// 31.1.0.jre for 31.1-jre, or the version of the specification.
	version = orElse(file.version, m.first(isVersion,
		"plugin-version", "implementation-version", "bundle-version", "specification-version"))
	artifact := file.artifact
	if file.version == "" {
		artifact = orElse(m.first(isArtifact, "short-name", "implementation-title"), artifact)
	}
	if !isCoordinate(artifact) {
		return "", ""
	}
	if name := wellKnownName(artifact); name != "" {
		return name, version
	}
	if group := m.group(artifact); group != "" {
		return group + ":" + artifact, version
	}
	return artifact, version
}

// isArtifact says whether a title is an artifact's name rather than prose.
func isArtifact(s string) bool {
	return isCoordinate(s) && s == strings.ToLower(s)
}

// isGroup says whether s is a group: a reversed domain.
func isGroup(s string) bool {
	return isArtifact(s) && strings.Contains(s, ".") && !isVersion(s)
}

// isVendorGroup says whether a vendor's id is a group. Those of the foundations
// are written into manifests but are no groups.
func isVendorGroup(s string) bool {
	return isGroup(s) && s != "org.apache" && s != "org.eclipse" && s != "org.codehaus"
}

// group is the group of an artifact as the manifest tells it, or "".
func (m manifest) group(artifact string) string {
	if g := m.first(isCoordinate, "group-id"); g != "" { // Jenkins plugins
		return g
	}
	for _, s := range []string{m.symbolicName(), m["automatic-module-name"]} {
		if g := groupOfSymbolicName(s, artifact); g != "" {
			return g
		}
	}
	return m.first(isVendorGroup, "implementation-vendor-id")
}

// groupOfSymbolicName undoes how the Maven bundle plugin makes a symbolic name
// of group and artifact: org.apache.maven and maven-core give
// org.apache.maven.core, org.mockito and mockito-all give
// org.mockito.mockito-all. Where it cannot be undone for sure, it is "".
func groupOfSymbolicName(symbolic, artifact string) string {
	if !isGroup(symbolic) {
		return ""
	}
	if symbolic == artifact {
		return symbolic[:strings.LastIndexByte(symbolic, '.')]
	}
	first, rest, ok := strings.Cut(artifact, "-")
	if !ok {
		return ""
	}
	if g, ok := strings.CutSuffix(symbolic, "."+artifact); ok && isGroup(g) {
		return g
	}
	tail := "." + first + "." + rest
	for _, t := range []string{tail, strings.ReplaceAll(tail, "-", ".")} {
		if g, ok := strings.CutSuffix(symbolic, t); ok && g != "" {
			return g + "." + first
		}
	}
	return ""
}

// licenses returns Bundle-License where it is a name rather than an address.
func (m manifest) licenses() []string {
	name, _, _ := strings.Cut(m["bundle-license"], ";")
	name = strings.Trim(name, ` "`)
	if name == "" || len(name) > 100 || strings.Contains(name, "://") {
		return nil
	}
	return []string{name}
}
