package kubernetes

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// record is an OSV record, as far as this source uses the schema.
type record struct {
	ID         string     `json:"id"`
	Aliases    []string   `json:"aliases"`
	Summary    string     `json:"summary"`
	Details    string     `json:"details"`
	Published  string     `json:"published"`
	Modified   string     `json:"modified"`
	Withdrawn  string     `json:"withdrawn"`
	Severity   []score    `json:"severity"`
	Affected   []affected `json:"affected"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
}

type score struct {
	Vector string `json:"score"`
}

// affected is one package with its versions.
type affected struct {
	Package struct {
		Name string `json:"name"`
	} `json:"package"`
	Severity []score  `json:"severity"`
	Versions []string `json:"versions"`
	Ranges   []struct {
		Type   string  `json:"type"`
		Events []event `json:"events"`
	} `json:"ranges"`
}

// event begins or ends a range.
type event struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
}

func (r *record) emit(out feed.Sink) error {
	if err := out.Vulnerability(r.vulnerability()); err != nil {
		return err
	}
	out = feed.Once(out)
	for i := range r.Affected {
		a := r.Affected[i].advisory()
		a.Vulnerability, a.Modified = r.ID, input.Unix(r.Modified)
		if r.Withdrawn != "" {
			a.Status = finding.StatusWithdrawn
		}
		for _, place := range places(r.Affected[i].Package.Name) {
			a.Namespace, a.Package = place.namespace, place.name
			if err := out.Advisory(&a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *record) vulnerability() *vulndb.Vulnerability {
	v := &vulndb.Vulnerability{
		ID: r.ID, Aliases: r.Aliases, Source: Name, Title: r.Summary, Description: r.Details,
		Published: input.Time(r.Published), Modified: input.Time(r.Modified), Withdrawn: input.Time(r.Withdrawn),
	}
	scores := r.Severity
	for i := range r.Affected {
		scores = append(scores, r.Affected[i].Severity...)
	}
	for _, s := range scores {
		if graded, ok := severity(s.Vector); ok {
			v.Severities = append(v.Severities, graded)
			break
		}
	}
	for _, ref := range r.References {
		v.References = append(v.References, ref.URL)
	}
	return v
}

// advisory is what an entry says, without the names.
func (p *affected) advisory() vulndb.Advisory {
	a := vulndb.Advisory{Source: Name, Status: finding.StatusAffected, Versions: p.Versions}
	for _, r := range p.Ranges {
		if r.Type != "GIT" {
			a.Ranges = append(a.Ranges, intervals(r.Events)...)
		}
	}
	for _, r := range a.Ranges {
		if r.Fixed != "" {
			a.Status = finding.StatusFixed
		}
	}
	for _, s := range p.Severity {
		if graded, ok := severity(s.Vector); ok {
			a.Severity = graded.Severity
		}
	}
	return a
}

// intervals pairs the events, which this source writes in order.
func intervals(events []event) []vulndb.Range {
	var list []vulndb.Range
	open := false
	for _, e := range events {
		if e.Introduced != "" {
			list, open = append(list, vulndb.Range{Introduced: strings.TrimPrefix(e.Introduced, "v")}), true
			if e.Introduced == "0" {
				list[len(list)-1].Introduced = ""
			}
		}
		if !open || e.Fixed == "" && e.LastAffected == "" {
			continue
		}
		last := &list[len(list)-1]
		last.Fixed, last.LastAffected = strings.TrimPrefix(e.Fixed, "v"), strings.TrimPrefix(e.LastAffected, "v")
		open = false
	}
	return list
}

// place is where an advisory goes.
type place struct{ namespace, name string }

// components are the parts of Kubernetes, by the name of their repository in
// k8s.io. These repositories are libraries with versions of their own, so
// nothing is said about them as Go modules.
var components = map[string]string{
	"apiserver": "kube-apiserver", "controller-manager": "kube-controller-manager", "scheduler": "kube-scheduler",
	"kube-apiserver": "kube-apiserver", "kube-controller-manager": "kube-controller-manager",
	"kube-scheduler": "kube-scheduler", "kube-proxy": "kube-proxy", "kubelet": "kubelet", "kubectl": "kubectl",
	"kubeadm": "kubeadm", "client-go": "client-go",
}

// places tells where advisories about a package of this source go.
func places(name string) []place {
	rest, inK8s := strings.CutPrefix(name, "k8s.io/")
	short := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case short == "":
		return nil
	case inK8s && components[rest] != "":
		return []place{{"generic", "kubernetes:" + components[rest]}}
	case strings.Contains(name, "/"):
		return []place{{"generic", "kubernetes:" + short}, {"golang", name}}
	}
	return []place{{"generic", "kubernetes:" + short}}
}
