package osv

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// emitter says what one record says.
type emitter struct {
	r         *record
	out       feed.Sink
	modified  int64
	withdrawn bool
	malicious bool
	vulns     []string
	grade     finding.Severity
	modules   []string
	seen      map[string]bool // statements made, because Red Hat and SUSE repeat them
	key       []byte
}

func newEmitter(r *record, out feed.Sink) *emitter {
	e := &emitter{
		r: r, out: out, modified: input.Unix(r.Modified), withdrawn: r.withdrawn() != "",
		malicious: strings.HasPrefix(r.ID, "MAL-"), vulns: r.vulnerabilities(), seen: make(map[string]bool),
	}
	if len(e.vulns) == 1 {
		e.grade = r.grade()
	}
	return e
}

func (e *emitter) emit() error {
	for i := range e.r.Affected {
		if err := e.affected(&e.r.Affected[i]); err != nil {
			return err
		}
	}
	return e.describe()
}

// affected emits the statements about one package.
func (e *emitter) affected(a *affected) error {
	ns, _ := namespace(a.Package.Ecosystem)
	if ns == "" || a.Package.Name == "" {
		return nil
	}
	if len(a.Ecosystem.Binaries) > 0 && (strings.HasPrefix(ns, "sle") || strings.HasPrefix(ns, "opensuse")) {
		return e.binaries(ns, a.Ecosystem.Binaries)
	}
	ranges, status := a.intervals()
	adv := vulndb.Advisory{
		Namespace: ns, Package: packageName(ns, a.Package.Name), Ranges: ranges, Status: status, Severity: e.grade,
	}
	if len(ranges) == 0 && status != finding.StatusNotAffected {
		if len(a.Versions) > 0 {
			if err := json.Unmarshal(a.Versions, &adv.Versions); err != nil {
				return fmt.Errorf("parse %s: versions of %s: %w", e.r.ID, a.Package.Name, err)
			}
		}
		if len(adv.Versions) == 0 {
			return nil
		}
	}
	if u := string(a.Ecosystem.Urgency); u == "end-of-life" {
		adv.Status = finding.StatusEndOfLife
	} else if s, err := finding.ParseSeverity(strings.TrimRight(u, "*")); err == nil && s != finding.Unknown {
		adv.Severity = s
	}
	return e.modular(&adv)
}

// binaries emits the statements of SUSE, whose advisories name source packages
// and list what is built of them.
func (e *emitter) binaries(ns string, raw json.RawMessage) error {
	if e.repeated(ns, string(raw)) {
		return nil
	}
	var lists []map[string]word
	if err := json.Unmarshal(raw, &lists); err != nil {
		return fmt.Errorf("parse %s: binaries: %w", e.r.ID, err)
	}
	for _, list := range lists {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			version := string(list[name])
			if version == "" || e.repeated(ns, name, version) {
				continue
			}
			err := e.advisory(&vulndb.Advisory{
				Namespace: ns, Package: name, Status: finding.StatusFixed, Severity: e.grade,
				Ranges: []vulndb.Range{{Fixed: version}},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// modular emits a statement once for each RPM module that it may be about. A
// package of a module says so in its release, but only the record's title says
// which module it is.
func (e *emitter) modular(a *vulndb.Advisory) error {
	if len(a.Ranges) != 1 || !strings.Contains(a.Ranges[0].Fixed, ".module") {
		return e.advisory(a)
	}
	if e.modules == nil {
		e.modules = modules(e.r.Summary)
	}
	for _, m := range e.modules {
		a.Module = m
		if err := e.advisory(a); err != nil {
			return err
		}
	}
	return nil
}

// modules finds "name:stream" in a title such as "Important: virt:rhel and
// virt-devel:rhel security update". Where there is none, the statement is kept
// for any module.
func modules(title string) []string {
	var found []string
	for _, field := range strings.Fields(title) {
		name, stream, ok := strings.Cut(strings.TrimRight(field, ",."), ":")
		if ok && name != "" && stream != "" && name == strings.ToLower(name) {
			found = append(found, name+":"+stream)
		}
	}
	if found == nil {
		found = []string{vulndb.AnyModule}
	}
	return found
}

// repeated says if the same parts came before.
func (e *emitter) repeated(parts ...string) bool {
	e.key = e.key[:0]
	for _, p := range parts {
		e.key = append(append(e.key, p...), 0)
	}
	if e.seen[string(e.key)] {
		return true
	}
	e.seen[string(e.key)] = true
	return false
}

// advisory completes a statement and emits it for each vulnerability.
func (e *emitter) advisory(a *vulndb.Advisory) error {
	if e.malicious {
		a.Namespace = "malicious:" + a.Namespace
	}
	if e.withdrawn {
		a.Status = finding.StatusWithdrawn
	}
	family, _, _ := strings.Cut(a.Namespace, ":")
	a.Source, a.Advisory, a.Modified = Name+"/"+family, e.r.ID, e.modified
	if len(e.r.Affected) > 1 && e.repeated(a.Namespace, a.Package, a.Module, rangesKey(a)) {
		return nil
	}
	for _, id := range e.vulns {
		a.Vulnerability = id
		if err := e.out.Advisory(a); err != nil {
			return err
		}
	}
	return nil
}

func rangesKey(a *vulndb.Advisory) string {
	if len(a.Ranges) == 1 && a.Ranges[0].Introduced == "" && a.Ranges[0].LastAffected == "" {
		return a.Ranges[0].Fixed
	}
	return fmt.Sprint(a.Ranges, a.Versions, a.Status)
}
