// Package jsp analyses JavaServer Pages, in both syntaxes, with the Java and
// the expression language in them. It takes a page apart (page.go), reads it in
// the encoding that a server would (text.go) and follows values through it with
// the knowledge of package java.
package jsp

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/webshell/class"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/java"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct{ rules *evidence.Rules }

// New returns the analyzer of JSP.
func New() *Analyzer { return &Analyzer{rules: evidence.NewRules("jsp")} }

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "jsp" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// extensions are those that servers run as pages, or include in them.
var extensions = []string{".jsp", ".jspx", ".jspf", ".jspa", ".jsw", ".jsv", ".jtml", ".tag", ".tagx", ".tagf", ".xhtml", ".jhtml", ".psp"}

// Wants implements verdict.Analyzer.
func (*Analyzer) Wants(path string, _ []byte) bool {
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 || len(path)-dot > 6 {
		return false
	}
	for _, ext := range extensions {
		if strings.EqualFold(path[dot:], ext) {
			return true
		}
	}
	return false
}

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(_ context.Context, _ string, src []byte) ([]verdict.Verdict, error) {
	var out []verdict.Verdict
	var err error
	for _, text := range texts(src) {
		vs, aerr := a.page(text)
		if aerr != nil {
			err = aerr
		}
		out = append(out, vs...)
	}
	return out, err
}

// page judges a page as text.
func (a *Analyzer) page(text string) ([]verdict.Verdict, error) {
	p := parse(text)
	if len(p.code) == 0 && len(p.declarations) == 0 && len(p.expressions) == 0 {
		return nil, nil
	}
	f := evidence.New(a.rules, []byte(text))
	lib := &java.Library{File: f, Page: true}
	prog := script.ParseTokens(&script.Java, end(append(p.declarations, p.code...)))
	m := script.NewMachine(&script.Java, prog, lib)
	m.Run()
	a.language(p, lib)
	lib.Conclude(m)
	carried(f, append(p.declarations, p.code...), m.Payloads, lib.Payloads)
	var err error
	if m.Exhausted || prog.Cut {
		err = fmt.Errorf("follow values of page: %w: too many steps", image.ErrLimit)
	}
	return f.Verdicts, err
}

// carried judges the classes that a page carries, in constants that it decodes
// and in those that look like one.
func carried(f *evidence.File, ts []script.Token, decoded []script.Payload, named []string) {
	for _, t := range ts {
		if t.Kind != script.Text || len(t.Text) < 200 || len(decoded) > 16 {
			continue
		}
		switch begin := script.Lower(t.Text[:8]); {
		case strings.HasPrefix(t.Text, "yv66v"), strings.HasPrefix(t.Text, "H4sI"):
			if s, ok := script.Decode("base64", t.Text); ok {
				decoded = append(decoded, script.Payload{Text: s, Line: t.Line})
			}
		case begin == "cafebabe", strings.HasPrefix(begin, "1f8b08"):
			if s, ok := script.Decode("hex", t.Text); ok {
				decoded = append(decoded, script.Payload{Text: s, Line: t.Line})
			}
		}
	}
	for _, p := range decoded {
		if strings.HasPrefix(p.Text, "\x1f\x8b") {
			p.Text, _ = script.Decode("inflate", p.Text)
		}
		if what, ok := class.Harmful([]byte(p.Text)); ok {
			f.Sign(evidence.Embedded, finding.ConfidenceHigh, p.Line, "carries a class that "+what)
		}
	}
	for range named[:min(1, len(named))] {
		f.Sign(evidence.Embedded, finding.ConfidenceHigh, 0, "loads a class that is written as a BCEL name")
	}
}

func end(ts []script.Token) []script.Token {
	line := 1
	if len(ts) > 0 {
		line = ts[len(ts)-1].Line
	}
	return append(ts, script.Token{Kind: script.EOF, Line: line})
}

// language follows the expressions of the expression language, which see the
// variables that tags set.
func (a *Analyzer) language(p *page, lib *java.Library) {
	if len(p.expressions) == 0 {
		return
	}
	var ts []script.Token
	for _, e := range p.expressions {
		if e.variable != "" {
			ts = append(ts, script.Token{Kind: script.Word, Text: e.variable, Line: e.line}, script.Token{Kind: script.Punct, Text: "=", Line: e.line})
		}
		cut := script.JavaScript.Lex(e.text, e.line)
		ts = append(ts, cut[:len(cut)-1]...)
		ts = append(ts, script.Token{Kind: script.Punct, Text: ";", Line: e.line})
	}
	m := script.NewMachine(&script.JavaScript, script.ParseTokens(&script.JavaScript, end(ts)), lib)
	m.Run()
}

var _ verdict.Analyzer = (*Analyzer)(nil)
