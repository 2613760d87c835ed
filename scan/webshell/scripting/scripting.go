// Package scripting analyses the programs of servers in Python, JavaScript (on
// Node) and Perl. The three differ in data only: what names read the request,
// and what calls do harm (python.go, node.go, perl.go).
//
// Most such programs in an image are libraries. A file is parsed only if it holds
// a clue of the request and one of a sink, or one that it unpacks and runs
// something (clue.go), and commands count only where
// the request chooses the whole command or one for a shell: what hands an
// argument to a fixed program is somebody's application.
package scripting

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/rule/match"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// language is one language, as data.
type language struct {
	name    string
	dialect *script.Dialect
	// extensions are those of programs; without one, the first line names an
	// interpreter.
	extensions   []string
	interpreters []string
	// clues say which programs are worth parsing.
	clues []clue
	// modules are variables that exist in every program, with their types.
	modules map[string]string
	// carriers are types from which requests are read; parameters with one of
	// the names in carries are of them.
	carriers map[string]bool
	carries  map[string]bool
	// handles are types whose own methods are handlers.
	parts map[string]bool
	// sources are calls and names that give what the request says, by path.
	sources map[string]bool
	// calls are what does harm, by path or, with a leading dot, by name.
	calls map[string]evidence.Harm
}

// Analyzer implements verdict.Analyzer for one language.
type Analyzer struct {
	language *language
	rules    *evidence.Rules
	words    *match.Set // of the language's clues
}

// New returns the analyzers of all languages.
func New() ([]*Analyzer, error) {
	var out []*Analyzer
	for _, l := range []*language{python(), node(), perl()} {
		set, err := compile(l.clues)
		if err != nil {
			return nil, err
		}
		out = append(out, &Analyzer{language: l, rules: evidence.NewRules(l.name), words: set})
	}
	return out, nil
}

// Name implements verdict.Analyzer.
func (a *Analyzer) Name() string { return a.language.name }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 2 }

// Wants implements verdict.Analyzer. What is in a jar is for browsers.
func (a *Analyzer) Wants(path string, head []byte) bool {
	if strings.Contains(path, ".jar!/") {
		return false
	}
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 && len(path)-dot <= 6 && strings.IndexByte(path[dot:], '/') < 0 {
		for _, ext := range a.language.extensions {
			if strings.EqualFold(path[dot:], ext) {
				return true
			}
		}
		if !strings.EqualFold(path[dot:], ".cgi") && !strings.EqualFold(path[dot:], ".fcgi") {
			return false
		}
	}
	if len(head) < 2 || head[0] != '#' || head[1] != '!' {
		return false
	}
	line := head[:min(len(head), 80)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	for _, in := range a.language.interpreters {
		if bytes.Contains(line, []byte(in)) {
			return true
		}
	}
	return false
}

// maxBytes bounds what is read of a program: longer ones are bundles and data.
const maxBytes = 1 << 20

// application is the size from which a program counts as one: that it was not
// followed to its end says nothing of it, since no WebShell is as large, and is
// no reason to call a scan partial.
const application = 64 << 10

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(_ context.Context, _ string, src []byte) ([]verdict.Verdict, error) {
	if !a.concerns(src) {
		return nil, nil
	}
	if len(src) > maxBytes {
		src = src[:maxBytes]
	}
	text := string(src)
	f := evidence.New(a.rules, src)
	prog := script.Parse(a.language.dialect, text, 1)
	lib := &library{language: a.language, file: f, http: bytes.Contains(src, []byte("HTTPRequestHandler")), cgi: cgi(src), small: len(src) < 4096}
	m := script.NewMachine(a.language.dialect, prog, lib)
	m.Run()
	var err error
	if m.Exhausted && len(src) < application && len(f.Verdicts) == 0 && lib.requests > 0 && lib.sinks > 0 {
		err = fmt.Errorf("follow values of program: %w: too many steps", image.ErrLimit)
	}
	return f.Verdicts, err
}

func cgi(src []byte) bool {
	for _, word := range []string{"QUERY_STRING", "CONTENT_LENGTH", "ontent-type", "ontent-Type"} {
		if bytes.Contains(src, []byte(word)) {
			return true
		}
	}
	return false
}

var _ verdict.Analyzer = (*Analyzer)(nil)
