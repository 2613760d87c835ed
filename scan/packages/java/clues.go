package java

import (
	"bytes"
	"strings"
)

// clues are what the entries of one archive tell about it.
type clues struct {
	manifest manifest
	poms     []pom
	seen     map[string]bool // "group:artifact:version" of poms
}

// pom is one pom.properties.
type pom struct {
	group, artifact, version string
	path                     string // in the archive
}

// addPom parses the pom.properties at path, which is
// META-INF/maven/GROUP/ARTIFACT/pom.properties. One without a usable version
// says nothing.
func (c *clues) addPom(path string, text []byte) {
	p := pom{path: path}
	for line := range bytes.Lines(text) {
		key, value := property(line)
		switch key {
		case "groupId":
			p.group = value
		case "artifactId":
			p.artifact = value
		case "version":
			p.version = value
		}
	}
	if dirs := strings.Split(path, "/"); len(dirs) == 5 {
		p.group = orElse(p.group, dirs[2])
		p.artifact = orElse(p.artifact, dirs[3])
	}
	if !isCoordinate(p.group) || !isCoordinate(p.artifact) || !isVersion(p.version) {
		return
	}
	key := p.name() + ":" + p.version
	if c.seen[key] {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[key] = true
	c.poms = append(c.poms, p)
}

// property reads one line of a Java properties file. Escapes are resolved only
// as far as Maven's values need them.
func property(line []byte) (key, value string) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' || line[0] == '!' {
		return "", ""
	}
	i := bytes.IndexAny(line, "=:")
	if i < 0 {
		return "", ""
	}
	return string(bytes.TrimSpace(line[:i])), strings.ReplaceAll(string(bytes.TrimSpace(line[i+1:])), `\`, "")
}

// manifest is the main section of a MANIFEST.MF, by lower-case attribute.
type manifest map[string]string

// parseManifest reads the main section: lines "Name: value", continued by lines
// that begin with a space, up to the first empty line.
func parseManifest(text []byte) manifest {
	m := manifest{}
	var name string
	var value []byte
	put := func() {
		if _, ok := m[name]; name != "" && !ok {
			m[name] = strings.TrimSpace(string(value))
		}
	}
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' {
			value = append(value, line[1:]...)
			continue
		}
		put()
		before, after, _ := bytes.Cut(line, []byte(":"))
		name, value = strings.ToLower(string(before)), append(value[:0], after...)
	}
	put()
	return m
}

// symbolicName is Bundle-SymbolicName without its directives.
func (m manifest) symbolicName() string {
	name, _, _ := strings.Cut(m["bundle-symbolicname"], ";")
	return strings.TrimSpace(name)
}

// first returns the first of the attributes that ok accepts, or "".
func (m manifest) first(ok func(string) bool, names ...string) string {
	for _, n := range names {
		if v := m[n]; v != "" && ok(v) {
			return v
		}
	}
	return ""
}

// isCoordinate says whether s may be a group or an artifact of Maven. What the
// build did not fill in ("${project.artifactId}") is none.
func isCoordinate(s string) bool {
	if s == "" || len(s) > 200 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// isVersion says whether s may be a version: it begins with a digit, possibly
// after "v" or "r", and is made of the characters of a coordinate and "+".
func isVersion(s string) bool {
	digits := strings.TrimLeft(s, "vr")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9' && isCoordinate(strings.ReplaceAll(s, "+", "-"))
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
