package build

import (
	"slices"
	"strings"
)

// Sources of text, the best first: those that write for people and give a
// title before those that only copy the CVE's description.
var textSources = []string{"ghsa", "golang", "rustsec", "pysec", "kubernetes", "nvd", "cve", "vulnrichment", "redhat", "ubuntu", "debian", "malicious", "kev", "epss"}

// Sources of severity, the deciding one first: who assigned or analysed the
// CVE before ecosystems, and both before distributions, whose grade of an
// advisory about several vulnerabilities is that of the worst.
var severitySources = []string{"nvd", "cve", "cna", "vulnrichment", "cisa", "ghsa", "golang", "rustsec", "pysec", "kubernetes", "redhat", "ubuntu", "debian"}

func textRank(source string) int     { return rank(textSources, source) }
func severityRank(source string) int { return rank(severitySources, source) }

// rank is the place of a source's first part ("osv" of "osv/npm") in the list;
// unknown ones come last.
func rank(list []string, source string) int {
	name, _, _ := strings.Cut(source, "/")
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}
