// Package verdict is what the analyzers of the script languages and the
// WebShell scanner agree on: an Analyzer reads one file and hands out
// Verdicts. It decides nothing itself.
package verdict

import (
	"context"

	"github.com/boltseal/boltseal/finding"
)

// Analyzer judges files of one language. Implementations are stateless and
// safe for concurrent use.
type Analyzer interface {
	// Name is stable and short: "php", "jsp". It is part of rule ids.
	Name() string
	// Version is raised whenever the same bytes would give other verdicts.
	Version() int
	// Wants says whether Analyze should see the file. Path is relative to the
	// root without a leading slash; head is the beginning of the content (at
	// least 512 bytes unless the file is shorter). It is asked for every file
	// of an image, so it must be cheap and not allocate.
	Wants(path string, head []byte) bool
	// Analyze reads one whole file, which it must not change or keep. An error
	// that wraps image.ErrLimit means that the file was not examined to its
	// end; the verdicts reached until then come with it.
	Analyze(ctx context.Context, path string, src []byte) ([]Verdict, error)
}

// Verdict is one reason to call a file a WebShell.
type Verdict struct {
	// Rule is the analyzer's own, shared between verdicts: an id such as
	// "webshell/php-eval-request", titles in English and Chinese, techniques.
	Rule *finding.Rule
	// Severity is how bad it is if it is true: Critical for code and commands
	// from the request, High for writing files, Medium for mere helpers.
	Severity finding.Severity
	// Confidence is how sure the analyzer is: High for a whole flow from the
	// request to a sink or a family's own code, Medium for a flow with one
	// unknown link or several signs together, Low for statistics alone. Low
	// ones are reported on request only.
	Confidence finding.Confidence
	// Title says what is wrong here, "" for the rule's title.
	Title string
	// Family is the tool that the file belongs to ("Behinder"), "" if unknown.
	Family string
	// Line is where the sink or sign is, from 1; 0 if that means nothing.
	Line int
	// Trace leads from source to sink; Excerpt makes the code of a step.
	Trace []finding.Step
	// Evidence is what was seen, for people, where the trace does not say it.
	Evidence string
}
