// Package asp analyses pages of Active Server Pages (VBScript, JScript, also in
// Microsoft's encoding) and of ASP.NET (C#, JScript.NET, Visual Basic, Razor),
// handlers and services among them.
package asp

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct{ rules *evidence.Rules }

// New returns the analyzer of ASP and ASP.NET.
func New() *Analyzer { return &Analyzer{rules: evidence.NewRules("asp")} }

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "asp" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// format says how files of an extension are read.
type format struct {
	ext      string
	language *script.Dialect
	// code: all of the file is code, but for a directive.
	code bool
	// razor: code begins at "@".
	razor bool
}

var formats = []format{
	{ext: ".asp", language: &script.VBScript}, {ext: ".asa", language: &script.VBScript}, {ext: ".cer", language: &script.VBScript}, {ext: ".cdx", language: &script.VBScript}, {ext: ".inc", language: &script.VBScript},
	{ext: ".aspx", language: &script.CSharp}, {ext: ".ascx", language: &script.CSharp}, {ext: ".master", language: &script.CSharp}, {ext: ".asax", language: &script.CSharp},
	{ext: ".ashx", language: &script.CSharp, code: true}, {ext: ".asmx", language: &script.CSharp, code: true}, {ext: ".soap", language: &script.CSharp, code: true}, {ext: ".svc", language: &script.CSharp, code: true}, {ext: ".rem", language: &script.CSharp, code: true},
	{ext: ".cshtml", language: &script.CSharp, razor: true}, {ext: ".vbhtml", language: &script.VBScript, razor: true},
}

// net says whether .NET serves the files.
func (f *format) net() bool { return f.language == &script.CSharp || f.ext == ".vbhtml" }

func formatOf(path string) *format {
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 || len(path)-dot > 8 {
		return nil
	}
	for i := range formats {
		if strings.EqualFold(path[dot:], formats[i].ext) {
			return &formats[i]
		}
	}
	return nil
}

var (
	scripting  = []byte("<%")
	scriptTag  = []byte("<script")
	certBegins = []byte("-----BEGIN")
)

// Wants implements verdict.Analyzer.
func (*Analyzer) Wants(path string, head []byte) bool {
	f := formatOf(path)
	if f == nil {
		return false
	}
	switch f.ext {
	case ".cer", ".inc", ".cdx":
		return !bytes.HasPrefix(head, certBegins) && (bytes.Contains(head, scripting) || bytes.Contains(head, scriptTag))
	}
	return true
}

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(_ context.Context, path string, src []byte) ([]verdict.Verdict, error) {
	f := formatOf(path)
	if f == nil {
		return nil, nil
	}
	text := unscramble(decodeText(src))
	var p *page
	switch {
	case f.razor:
		p = razor(text, f.language)
	case f.code:
		p = whole(text, f.language)
	default:
		p = parse(text, f.language)
	}
	if len(p.tokens) == 0 {
		return nil, nil
	}
	out := evidence.New(a.rules, []byte(text))
	lib := &library{file: out, controls: p.controls, binds: p.language == &script.CSharp || p.language == &script.VBScript && f.net()}
	line := p.tokens[len(p.tokens)-1].Line
	prog := script.ParseTokens(p.language, append(p.tokens, script.Token{Kind: script.EOF, Line: line}))
	m := script.NewMachine(p.language, prog, lib)
	m.Run()
	lib.conclude()
	var err error
	if m.Exhausted || prog.Cut {
		err = fmt.Errorf("follow values of page: %w: too many steps", image.ErrLimit)
	}
	return out.Verdicts, err
}

// decodeText reads UTF-16, which servers take pages in.
func decodeText(src []byte) string {
	big := bytes.HasPrefix(src, []byte{0xfe, 0xff}) || len(src) > 1 && src[0] == 0 && src[1] == '<'
	if !big && !bytes.HasPrefix(src, []byte{0xff, 0xfe}) && !(len(src) > 1 && src[0] == '<' && src[1] == 0) {
		return string(src)
	}
	units := make([]uint16, len(src)/2)
	for i := range units {
		a, b := src[2*i], src[2*i+1]
		if big {
			a, b = b, a
		}
		units[i] = uint16(a) | uint16(b)<<8
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}

// razor reads the blocks "@{...}" and "@functions {...}" and the expressions
// "@name(...)" of Razor pages.
func razor(src string, language *script.Dialect) *page {
	p := &page{language: language}
	line, pos := 1, 0
	for {
		i := strings.IndexByte(src[pos:], '@')
		if i < 0 {
			return p
		}
		line += strings.Count(src[pos:pos+i], "\n")
		pos += i + 1
		rest := src[pos:]
		body := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(rest, "functions"), "code"), " \t\r\n")
		n := 0
		switch {
		case strings.HasPrefix(body, "{"):
			n = len(rest) - len(body) + block(body)
			p.run(body[1:max(1, block(body)-1)], line)
		case rest != "" && (rest[0] == '(' || rest[0] >= 'A' && rest[0] <= 'Z'):
			n = until(rest, "\n")
			p.run(strings.TrimRight(rest[:n], "<\n")+";", line)
		}
		line += strings.Count(rest[:n], "\n")
		pos += n
	}
}

// block is the length of a block in braces, outside of quotes.
func block(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
