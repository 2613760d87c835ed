// Package class analyses Java class files: servlets, filters, listeners, valves
// and the like that run what the request says, which is what memory shells are
// made of. It follows values through the bytecode with the knowledge of package
// java, one method after the other and without regard to jumps: compilers leave
// nothing on the stack between statements.
package class

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rule/match"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/java"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct {
	rules *evidence.Rules
	words *match.Set
}

// New returns the analyzer of class files.
func New() (*Analyzer, error) {
	var words []match.Literal
	for _, w := range append(append([]string(nil), reads...), harms...) {
		words = append(words, match.Literal{Text: []byte(w)})
	}
	set, err := match.Compile(words)
	if err != nil {
		return nil, err
	}
	return &Analyzer{rules: evidence.NewRules("class"), words: set}, nil
}

// reads and harms are names of which a class must have one each.
var (
	reads = []string{"getParameter", "getHeader", "getQueryString", "getReader", "getCookies", "onMessage", "ServletRequest", "getRequestBody", "ServerWebExchange"}
	harms = []string{"exec", "ProcessBuilder", "defineClass", "ScriptEngine", "defineAnonymousClass", "GroovyShell", "ELProcessor", "java/lang/reflect/Method", "forName", "parseExpression", "ProcessImpl"}
)

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "class" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// Wants implements verdict.Analyzer. Of classes in archives, which make up most
// of them, only those of applications count: libraries are in jars of their own.
// Without a head the path alone decides.
func (*Analyzer) Wants(path string, head []byte) bool {
	if !strings.HasSuffix(path, ".class") || strings.Contains(path, "!/") && !strings.Contains(path, "-INF/classes/") {
		return false
	}
	return head == nil || len(head) > 4 && string(head[:4]) == magic
}

const magic = "\xca\xfe\xba\xbe"

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(_ context.Context, _ string, src []byte) ([]verdict.Verdict, error) {
	read, harm := false, false
	a.words.Scan(src, func(id, _ int) bool {
		if id < len(reads) {
			read = true
		} else {
			harm = true
		}
		return !read || !harm
	})
	if !read || !harm {
		return nil, nil
	}
	out := evidence.New(a.rules, nil)
	_, err := follow(src, out)
	var kept []verdict.Verdict
	for _, v := range out.Verdicts {
		// Classes of applications and frameworks read files, look names up and
		// connect to where requests say. What runs code counts.
		if strings.HasSuffix(v.Rule.ID, "-command") || strings.HasSuffix(v.Rule.ID, "-code") || strings.HasSuffix(v.Rule.ID, "-class") || strings.HasSuffix(v.Rule.ID, "-reflection") && v.Confidence == finding.ConfidenceHigh {
			kept = append(kept, v)
		}
	}
	return kept, err
}

// follow runs all methods of a class.
func follow(src []byte, out *evidence.File) (*java.Library, error) {
	f, err := parse(src)
	if f == nil {
		return nil, err
	}
	lib := &java.Library{File: out}
	prog := &script.Program{Root: &script.Node{Op: script.Block}, Supers: map[string][]string{f.name: {f.super}}}
	m := &run{f: f, lib: lib, machine: script.NewMachine(&script.Java, prog, lib), fields: make(map[string]script.Value)}
	for range 2 {
		for i := range f.methods {
			m.entry(&f.methods[i])
		}
	}
	return lib, err
}

// Harmful says whether a class that a page carries does what WebShells do, and
// how: with what the request says, or with what the page hands it.
func Harmful(src []byte) (what string, ok bool) {
	if len(src) < 8 || string(src[:4]) != magic {
		return "", false
	}
	out := evidence.New(evidence.NewRules("class"), nil)
	lib, _ := follow(src, out)
	if lib == nil {
		return "", false
	}
	for _, v := range out.Verdicts {
		if v.Confidence != finding.ConfidenceLow {
			return v.Rule.Title, true
		}
	}
	for _, s := range lib.Loose {
		if s.Harm == evidence.Command || s.Harm == evidence.Class || s.Harm == evidence.Code {
			return "calls " + s.What + " with what it is given", true
		}
	}
	if len(lib.Registrations) > 0 {
		return "calls " + lib.Registrations[0].What + ", which changes the running server", true
	}
	return "", false
}

var _ verdict.Analyzer = (*Analyzer)(nil)
