// Package finding holds what is wrong with an asset: the shapes that scanners
// and matchers produce and that reports, gates and stores consume. It decides
// nothing and imports the standard library and inventory's nouns only.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/boltseal/boltseal/inventory"
)

// Kind is what sort of thing is wrong.
type Kind string

// The kinds of finding.
const (
	KindVulnerability    Kind = "vulnerability"
	KindMalware          Kind = "malware"
	KindWebShell         Kind = "webshell"
	KindSecret           Kind = "secret"
	KindMisconfiguration Kind = "misconfiguration"
	KindLicense          Kind = "license"
)

// Finding is one thing wrong with one asset.
type Finding struct {
	// ID is stable across scans: the same problem at the same place in the
	// same asset keeps it. NewID makes it.
	ID       string   `json:"id"`
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"`
	// Priority orders findings: 0 (ignore) to 100 (now). match documents how
	// it is computed for vulnerabilities.
	Priority float64 `json:"priority"`
	Title    string  `json:"title"`
	// Package is the package at fault, nil for findings about files.
	Package *inventory.Package `json:"package,omitempty"`
	// Also names the other installed packages that were built from the same
	// source and have the same problem.
	Also []string `json:"also,omitempty"`
	// Vulnerability tells about a KindVulnerability.
	Vulnerability *Vulnerability `json:"vulnerability,omitempty"`
	// Status is what the maintainers say about this package; see Status.
	Status Status `json:"status,omitempty"`
	// FixedVersion is the lowest version that repairs the package, if any.
	FixedVersion string             `json:"fixedVersion,omitempty"`
	Location     inventory.Location `json:"location,omitzero"`
	// Presence is how much of the file is left in the final file system; the
	// bytes ship with the image in any case.
	Presence Presence `json:"presence,omitempty"`
	// Evidence is why the finding stands, for people: the advisory and range
	// that matched, what a rule saw. It never holds a whole secret.
	Evidence string `json:"evidence,omitempty"`
	// Rule is what found it, nil for a KindVulnerability.
	Rule *Rule `json:"rule,omitempty"`
	// Confidence is how sure the rule is, "" for a KindVulnerability.
	Confidence Confidence `json:"confidence,omitempty"`
	// Trace leads from where something enters to where it does harm, in order.
	Trace []Step `json:"trace,omitempty"`
	// Remedy is what to do about it, in a sentence or two.
	Remedy string `json:"remedy,omitempty"`
	// Suppressed is set when something withdrew the finding. A suppressed
	// finding is counted, and shown on request, but does not fail a gate.
	Suppressed *Suppression `json:"suppressed,omitempty"`
}

// Presence is where a file of a layer is in the final file system.
type Presence string

// The presences; a file that is there has none.
const (
	PresenceDeleted     Presence = "deleted"     // an upper layer removed it
	PresenceOverwritten Presence = "overwritten" // another file is in its place
)

// Confidence is how sure a rule is of what it says.
type Confidence string

// The confidences.
const (
	ConfidenceHigh   Confidence = "high"   // proved: a checksum, a whole flow, a known hash
	ConfidenceMedium Confidence = "medium" // the usual
	ConfidenceLow    Confidence = "low"    // worth a look
)

// Rule names what found something.
type Rule struct {
	// ID is stable, lower case with hyphens, and unique among all kinds:
	// "secret/alibaba-access-key", "malware/xmrig".
	ID string `json:"id"`
	// Title and TitleZH say what the rule is about, in English and Chinese; the
	// finding's own Title says what is wrong here.
	Title   string `json:"title,omitempty"`
	TitleZH string `json:"titleZh,omitempty"`
	// Techniques are ATT&CK ids such as T1496.
	Techniques []string `json:"techniques,omitempty"`
	References []string `json:"references,omitempty"`
	// Source is the user's file that the rule came from, "" for shipped rules.
	Source string `json:"source,omitempty"`
}

// Step is one station of a Trace.
type Step struct {
	// Line counts from 1; 0 is none.
	Line int `json:"line,omitempty"`
	// What says what happens here: "request input", "base64_decode", "eval".
	What string `json:"what"`
	// Code is the source text, shortened.
	Code string `json:"code,omitempty"`
}

// Status is what an advisory says about a package.
type Status string

// The statuses, which are those of the vulnerability database.
const (
	StatusFixed              Status = "fixed"
	StatusAffected           Status = "affected"
	StatusNotAffected        Status = "not_affected"
	StatusWillNotFix         Status = "will_not_fix"
	StatusDeferred           Status = "deferred"
	StatusEndOfLife          Status = "end_of_life"
	StatusUnderInvestigation Status = "under_investigation"
	StatusWithdrawn          Status = "withdrawn"
)

// Vulnerability is the hole itself, merged over all sources that name it.
type Vulnerability struct {
	// ID is the best-known identifier: the CVE when there is one.
	ID string `json:"id"`
	// Aliases are all other identifiers, sorted.
	Aliases     []string `json:"aliases,omitempty"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	// Severities per source, the deciding one first.
	Severities []SourcedSeverity `json:"severities,omitempty"`
	CWEs       []string          `json:"cwes,omitempty"`
	References []string          `json:"references,omitempty"`
	Published  time.Time         `json:"published,omitzero"`
	Modified   time.Time         `json:"modified,omitzero"`
	// KEV is set when CISA lists it as exploited in the wild.
	KEV *KEV `json:"kev,omitempty"`
	// EPSS is set when FIRST scores it.
	EPSS *EPSS `json:"epss,omitempty"`
	// Advisories are the statements that matched, such as DSA-5532-1.
	Advisories []Advisory `json:"advisories,omitempty"`
}

// Advisory names one statement of one feed.
type Advisory struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	URL    string `json:"url,omitempty"`
}

// SourcedSeverity is one source's opinion.
type SourcedSeverity struct {
	Source   string   `json:"source"`
	Severity Severity `json:"severity"`
	// Score is the CVSS base score, 0 when there is none.
	Score  float64 `json:"score,omitempty"`
	Vector string  `json:"vector,omitempty"`
}

// KEV is an entry of CISA's Known Exploited Vulnerabilities catalogue.
type KEV struct {
	Added      string `json:"added,omitempty"` // YYYY-MM-DD
	Due        string `json:"due,omitempty"`   // YYYY-MM-DD
	Ransomware bool   `json:"ransomware,omitempty"`
	Action     string `json:"action,omitempty"`
}

// EPSS is FIRST's estimate that the vulnerability is exploited within 30 days.
type EPSS struct {
	Score      float64 `json:"score"`                // 0-1
	Percentile float64 `json:"percentile,omitempty"` // 0-1, 0 when unknown
}

// Suppression says who withdrew a finding and why.
type Suppression struct {
	// By is the mechanism: "vex", "ignore", "changelog", "owner".
	By string `json:"by"`
	// Status is VEX's word: not_affected, fixed, under_investigation.
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Source is the document or file, with the line or statement in it.
	Source  string    `json:"source,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// NewID hashes the parts of a finding's identity, most significant first:
// kind, vulnerability or rule, package type and name, path.
func NewID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
