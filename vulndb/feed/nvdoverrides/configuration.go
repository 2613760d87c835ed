package nvdoverrides

import (
	"slices"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/cpe"
)

// configuration says under which circumstances products are affected: nodes
// that are alternatives, or with operator AND, nodes that must all be true.
type configuration struct {
	Operator string `json:"operator"`
	Negate   bool   `json:"negate"`
	Nodes    []node `json:"nodes"`
}

type node struct {
	Negate  bool    `json:"negate"`
	Matches []match `json:"cpeMatch"`
}

// match names products and a range of their versions.
type match struct {
	Criteria       string `json:"criteria"`
	Vulnerable     bool   `json:"vulnerable"`
	StartIncluding string `json:"versionStartIncluding"`
	StartExcluding string `json:"versionStartExcluding"`
	EndIncluding   string `json:"versionEndIncluding"`
	EndExcluding   string `json:"versionEndExcluding"`
}

// onLinux reports whether a configuration can be true in a Linux container, as
// far as its nodes tell. In an AND each node that is only a circumstance must
// allow Linux: the kernel or a distribution. A circumstance that is another
// operating system, hardware or a second program is not known to hold.
func (c *configuration) onLinux() bool {
	if c.Negate {
		return false
	}
	if c.Operator != "AND" {
		return true
	}
	for i := range c.Nodes {
		if c.Nodes[i].isCircumstance() && !slices.ContainsFunc(c.Nodes[i].Matches, match.isLinux) {
			return false
		}
	}
	return true
}

// isCircumstance reports whether nothing in a node is itself vulnerable.
func (n *node) isCircumstance() bool {
	return !slices.ContainsFunc(n.Matches, func(m match) bool { return m.Vulnerable })
}

// linux are the vendors and products under which CPE knows Linux.
var linux = map[string]bool{
	"linux:linux_kernel": true, "debian:debian_linux": true, "canonical:ubuntu_linux": true,
	"redhat:enterprise_linux": true, "fedoraproject:fedora": true, "opensuse:leap": true, "opensuse:opensuse": true,
	"suse:linux_enterprise_server": true, "oracle:linux": true, "centos:centos": true, "amazon:linux": true,
	"alpinelinux:alpine_linux": true, "gentoo:linux": true, "archlinux:arch_linux": true,
	"opengroup:unix": true,
}

func (m match) isLinux() bool {
	name, ok := cpe.Parse(m.Criteria)
	return ok && name.Part == "o" && linux[name.Key()]
}

// add appends the match's versions to an advisory; all is true when it means
// every version.
func (m *match) add(a *vulndb.Advisory, name *cpe.Name) (all bool) {
	r := vulndb.Range{Introduced: m.StartIncluding, Fixed: m.EndExcluding, LastAffected: m.EndIncluding}
	if r.Introduced == "" {
		r.Introduced = m.StartExcluding
	}
	if r.Fixed != "" {
		r.LastAffected, a.Status = "", finding.StatusFixed
	}
	switch {
	case r != vulndb.Range{}:
		if !slices.Contains(a.Ranges, r) {
			a.Ranges = append(a.Ranges, r)
		}
	case name.Version == "*":
		return true
	default:
		v := name.Version
		if name.Update != "*" && name.Update != "-" && name.Update != "" {
			v += "-" + name.Update
		}
		if !slices.Contains(a.Versions, v) {
			a.Versions = append(a.Versions, v)
		}
	}
	return false
}
