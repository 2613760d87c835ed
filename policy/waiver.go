package policy

import (
	"slices"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/internal/glob"
	"github.com/boltseal/boltseal/report"
)

// waiverState is a waiver that is about this image, and what it did.
type waiverState struct {
	*Waiver
	expired bool
	matched int
}

// waive takes up the waivers that are about the report's image.
func (e *evaluation) waive(p *Policy) {
	for _, w := range p.Waivers {
		if w.Image == "" || e.isImage(w.Image) {
			e.waivers = append(e.waivers, &waiverState{Waiver: w, expired: e.now.After(w.Expires)})
		}
	}
}

// isImage says whether a pattern names the image: by its name, a tag, a digest.
func (e *evaluation) isImage(pattern string) bool {
	t := &e.report.Target
	names := append([]string{t.Name, t.Kind + ":" + t.Name, t.Digest, t.ConfigDigest}, t.Tags...)
	return matchesAny(pattern, names)
}

// excused says whether a waiver that has not expired meets the rule and subject,
// and counts what each waiver meets.
func (e *evaluation) excused(r *Rule, s *subject) bool {
	excused := false
	for _, w := range e.waivers {
		if !w.meets(r, s) {
			continue
		}
		w.matched++
		excused = excused || !w.expired
	}
	return excused
}

// meets says whether the waiver is about the rule and the subject. One that
// names a finding, package or path is never about a whole report.
func (w *Waiver) meets(r *Rule, s *subject) bool {
	switch {
	case !glob.Match(w.Rule, r.ID):
		return false
	case w.Finding != "" && (s.finding == nil || !matchesAny(w.Finding, idsOf(s.finding))):
		return false
	case w.Package != "" && (s.pkg == nil || !matchesAny(w.Package, []string{s.pkg.Name, s.pkg.PURL, s.pkg.SourceName()})):
		return false
	case w.Path != "" && !matchesAny(w.Path, []string{s.reason.Path}):
		return false
	}
	return true
}

// idsOf are the names of a finding.
func idsOf(f *finding.Finding) []string {
	ids := []string{f.ID}
	if f.Rule != nil {
		ids = append(ids, f.Rule.ID)
	}
	if v := f.Vulnerability; v != nil {
		ids = append(append(ids, v.ID), v.Aliases...)
		for _, a := range v.Advisories {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func matchesAny(pattern string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return n != "" && glob.Match(pattern, clip(n, maxMatched)) })
}

// waiverUses are the waivers that did something, and all that expired.
func (e *evaluation) waiverUses() (out []report.WaiverUse) {
	for _, w := range e.waivers {
		if w.matched > 0 || w.expired {
			out = append(out, report.WaiverUse{
				Rule: w.Rule, Owner: w.Owner, Reason: w.Reason, Expires: w.Expires.Format(time.DateOnly),
				Expired: w.expired, Matched: w.matched, Source: w.Source,
			})
		}
	}
	return out
}
