package oracle

import (
	"strings"

	"github.com/boltseal/boltseal/vulndb/feed/csaf"
	"github.com/boltseal/boltseal/vulndb/feed/oval"
)

// place is where a criterion holds: what the criteria around it demand.
type place struct {
	release, arch, module string
}

// fixed is one package with the version that repairs it.
type fixed struct {
	place
	name, evr string
}

// key is a package apart from its architecture and version.
func (f *fixed) key() string {
	return f.release + "\x00" + f.module + "\x00" + f.name + "\x00" + line(f.evr)
}

// packages collects what a definition's criteria name.
type packages struct {
	list     []fixed
	seen     map[string]bool
	versions map[string]int // different versions by key
}

// walk visits criteria. Those joined by AND narrow the place of their siblings
// ("Oracle Linux 8 is installed", "Oracle Linux arch is aarch64", "Module
// nodejs:18 is enabled"), wherever they stand among these.
func (p *packages) walk(m *oval.Metadata, c *oval.Criteria, at place) {
	for _, t := range c.Tests {
		at.narrow(t.Comment)
	}
	for _, t := range c.Tests {
		name, evr, ok := strings.Cut(strings.TrimSpace(t.Comment), " is earlier than ")
		if ok && name != "" && evr != "" && !strings.HasSuffix(name, "-debuginfo") && !strings.HasSuffix(name, "-debugsource") {
			p.add(fixed{at, name, evr}, m)
		}
	}
	for i := range c.Criteria {
		p.walk(m, &c.Criteria[i], at)
	}
}

// narrow reads a comment that is about a place.
func (at *place) narrow(comment string) {
	comment = strings.TrimSpace(comment)
	if rest, ok := strings.CutPrefix(comment, "Oracle Linux arch is "); ok {
		at.arch = rest
	} else if rest, ok := strings.CutPrefix(comment, "Module "); ok {
		label, _, _ := strings.Cut(rest, " is enabled")
		at.module = csaf.ModuleStream(label)
	} else if rest, ok := strings.CutPrefix(comment, "Oracle Linux "); ok {
		at.release, _, _ = strings.Cut(rest, " is installed")
	}
}

func (p *packages) add(f fixed, m *oval.Metadata) {
	if f.release == "" && len(m.Platforms) > 0 {
		f.release = strings.TrimPrefix(strings.TrimSpace(m.Platforms[0]), "Oracle Linux ")
	}
	if f.release == "" {
		return
	}
	if p.seen == nil {
		p.seen, p.versions = map[string]bool{}, map[string]int{}
	}
	if version := f.key() + "\x00" + f.evr; !p.seen[version] {
		p.seen[version] = true
		p.versions[f.key()]++
	}
	p.list = append(p.list, f)
}
