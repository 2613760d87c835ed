package match

import (
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/version"
	"github.com/boltseal/boltseal/vulndb"
)

// verdict is what all advisories together say about one vulnerability of one
// package that has it.
type verdict struct {
	vulnerability string
	status        finding.Status
	fixed         string // lowest version above the installed one that repairs it
	severity      finding.Severity
	from          []finding.Advisory
	namespace     string
	evidence      string
}

// judge decides which vulnerabilities the installed version has. The
// statements of one vulnerability are weighed together: where the
// distribution's own feed speaks, what others say of the same package does not
// count, except for a fix that it does not know.
func judge(scheme version.Scheme, installed version.Version, s subject, all []vulndb.Advisory) []verdict {
	slices.SortStableFunc(all, func(a, b vulndb.Advisory) int {
		if c := strings.Compare(a.Vulnerability, b.Vulnerability); c != 0 {
			return c
		}
		return trust(&a) - trust(&b)
	})
	var out []verdict
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].Vulnerability == all[i].Vulnerability {
			j++
		}
		if v, ok := judgeOne(scheme, installed, s, all[i:j]); ok {
			out = append(out, v)
		}
		i = j
	}
	return out
}

// emergency is the source name of the advisories embedded in the binary.
const emergency = "emergency"

// trust ranks sources that speak about the same package: emergency advisories
// and the maintainers of just this build, a distribution's own feed, then
// copies of it.
func trust(a *vulndb.Advisory) int {
	switch {
	case a.Source == emergency, strings.HasPrefix(a.Namespace, extended):
		return 0
	case strings.HasPrefix(a.Source, "osv"):
		return 2
	}
	return 1
}

// judgeOne weighs the statements about one vulnerability, most trusted first.
func judgeOne(scheme version.Scheme, installed version.Version, s subject, group []vulndb.Advisory) (verdict, bool) {
	v := verdict{vulnerability: group[0].Vulnerability, namespace: s.namespace}
	decided := -1 // trust of the source that decided
	var counted, copies []*vulndb.Advisory
	for i := range group {
		a := &group[i]
		if !concerns(a, s) || a.Status == finding.StatusWithdrawn {
			continue
		}
		rank := trust(a)
		affected := a.Status != finding.StatusNotAffected && inRange(scheme, installed, a)
		switch {
		case decided >= 0 && rank > decided:
			if affected {
				copies = append(copies, a)
			}
			continue
		case a.Source != emergency: // it adds to the feeds and silences none
			decided = rank
		}
		if affected {
			counted = append(counted, a)
			v.take(a)
		}
	}
	if len(counted) == 0 {
		return v, false
	}
	if v.fixed = repair(scheme, installed, counted); v.fixed == "" {
		v.fixed = repair(scheme, installed, copies)
	}
	if v.fixed != "" {
		v.status = finding.StatusFixed
	}
	return v, true
}

// take adds a statement that the installed version is affected.
func (v *verdict) take(a *vulndb.Advisory) {
	if v.status == "" {
		v.status = a.Status
		v.evidence = a.Source + " " + a.Advisory + ": " + describe(a)
	}
	v.severity = max(v.severity, a.Severity)
	ref := finding.Advisory{ID: a.Advisory, Source: a.Source}
	if !slices.Contains(v.from, ref) {
		v.from = append(v.from, ref)
	}
}

// concerns says whether a statement is about this build of the package: the
// same module stream, or none on both sides, and its architecture. A package
// that was built for a module says so in its label, or at least in its release.
func concerns(a *vulndb.Advisory, s subject) bool {
	switch a.Module {
	case vulndb.AnyModule:
		if s.module == "" && !strings.Contains(s.version, ".module") {
			return false
		}
	case s.module:
	default:
		return false
	}
	return len(a.Arch) == 0 || s.arch == "" || s.arch == "noarch" || slices.Contains(a.Arch, s.arch)
}

// inRange says whether the advisory names the version as affected.
func inRange(scheme version.Scheme, installed version.Version, a *vulndb.Advisory) bool {
	if len(a.Ranges) == 0 && len(a.Versions) == 0 {
		return true
	}
	for _, r := range a.Ranges {
		if scheme.In(installed, version.Range{Introduced: r.Introduced, Fixed: r.Fixed, LastAffected: r.LastAffected}) {
			return true
		}
	}
	for _, exact := range a.Versions {
		if exact == installed.String() || scheme.Compare(exact, installed.String()) == 0 {
			return true
		}
	}
	return false
}

// repair is the lowest version above the installed one that none of the
// statements calls affected: after a first repair that was incomplete, that of
// the second counts. Statements that know of no repair have no say.
func repair(scheme version.Scheme, installed version.Version, counted []*vulndb.Advisory) string {
	best := ""
	for _, a := range counted {
		for _, r := range a.Ranges {
			if r.Fixed == "" || scheme.Compare(r.Fixed, installed.String()) <= 0 ||
				best != "" && scheme.Compare(r.Fixed, best) >= 0 {
				continue
			}
			if fixed, err := scheme.Parse(r.Fixed); err == nil && repaired(scheme, installed, fixed, counted) {
				best = r.Fixed
			}
		}
	}
	return best
}

// repaired says whether no statement that knows of a repair calls the version
// affected.
func repaired(scheme version.Scheme, installed, fixed version.Version, counted []*vulndb.Advisory) bool {
	return !slices.ContainsFunc(counted, func(a *vulndb.Advisory) bool {
		return inRange(scheme, fixed, a) && slices.ContainsFunc(a.Ranges, func(r vulndb.Range) bool {
			return r.Fixed != "" && scheme.Compare(r.Fixed, installed.String()) > 0
		})
	})
}

// describe writes an advisory's ranges for people.
func describe(a *vulndb.Advisory) string {
	if len(a.Ranges) == 0 {
		return "all versions"
	}
	var parts []string
	for _, r := range a.Ranges[:min(len(a.Ranges), 4)] {
		part := ""
		if r.Introduced != "" && r.Introduced != "0" {
			part = ">= " + r.Introduced + " "
		}
		switch {
		case r.Fixed != "":
			part += "< " + r.Fixed
		case r.LastAffected != "":
			part += "<= " + r.LastAffected
		default:
			part += "not fixed"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
