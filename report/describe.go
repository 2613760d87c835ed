package report

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// ruleID is the identifier of what is wrong: the vulnerability's, the rule's, or
// else the kind.
func ruleID(f *finding.Finding) string {
	if f.Vulnerability != nil && f.Vulnerability.ID != "" {
		return f.Vulnerability.ID
	}
	if f.Rule != nil {
		return f.Rule.ID
	}
	return string(f.Kind)
}

// subject is what a finding is about: "openssl 3.0.9-1", or a path.
func subject(f *finding.Finding) string {
	if f.Rule != nil {
		return spot(f)
	}
	if f.Package == nil {
		return f.Location.Path
	}
	return strings.TrimSpace(f.Package.Name + " " + f.Package.Version)
}

// headline is the finding in half a line.
func headline(f *finding.Finding) string {
	if f.Title != "" {
		return firstLine(f.Title)
	}
	if v := f.Vulnerability; v != nil && v.Title != "" {
		return firstLine(v.Title)
	}
	return ruleID(f) + ": " + subject(f)
}

// remedy says in English what repairs the finding.
func remedy(f *finding.Finding) string {
	switch {
	case f.Remedy != "" || f.Rule != nil:
		return f.Remedy
	case f.FixedVersion != "" && f.Package != nil:
		return fmt.Sprintf("Update %s to %s.", f.Package.Name, f.FixedVersion)
	case f.FixedVersion != "":
		return fmt.Sprintf("Update to %s.", f.FixedVersion)
	case f.Status == finding.StatusWillNotFix:
		return "The maintainers will not fix it."
	case f.Status == finding.StatusEndOfLife:
		return "The release is past its end of life: move to a newer one."
	}
	return "There is no fixed version yet."
}

// score is the CVSS base score and vector of the source that decided the
// severity, or of the first that has one.
func score(f *finding.Finding) (float64, string) {
	if f.Vulnerability != nil {
		for _, s := range f.Vulnerability.Severities {
			if s.Score > 0 {
				return s.Score, s.Vector
			}
		}
	}
	return 0, ""
}

// Pages about vulnerabilities, by the beginning of their identifiers.
var pages = []struct{ prefix, url string }{
	{"CVE-", "https://www.cve.org/CVERecord?id="},
	{"GHSA-", "https://github.com/advisories/"},
	{"", "https://osv.dev/vulnerability/"},
}

// page is the best address about a vulnerability, "" without one.
func page(v *finding.Vulnerability) string {
	if v == nil || v.ID == "" {
		return ""
	}
	for _, a := range v.Advisories {
		if u := webURL(a.URL); u != "" {
			return u
		}
	}
	return identifierPage(v.ID)
}

func identifierPage(id string) string {
	for _, p := range pages {
		if strings.HasPrefix(id, p.prefix) {
			return p.url + url.PathEscape(id)
		}
	}
	return ""
}

// webURL returns an address of the web in a form without blanks, and "" for
// anything else: feeds carry any text as a reference.
func webURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}

// webURLs are the addresses among references, once each.
func webURLs(refs []string) []string {
	var urls []string
	seen := map[string]bool{}
	for _, r := range refs {
		if u := webURL(r); u != "" && !seen[u] {
			seen[u] = true
			urls = append(urls, u)
		}
	}
	return urls
}

// fullName names the target with its kind, as the command line takes it.
func (t *Target) fullName() string {
	if t.Name == "" {
		return t.Kind
	}
	return t.Kind + ":" + t.Name
}

// anyDigest is the manifest's digest, or else the configuration's.
func (t *Target) anyDigest() string { return cmp.Or(t.Digest, t.ConfigDigest) }

// clip shortens text to n bytes at most, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len("…")]
	for len(s) > 0 && s[len(s)-1]&0xc0 == 0x80 {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && s[len(s)-1] >= 0xc0 {
		s = s[:len(s)-1]
	}
	return s + "…"
}
