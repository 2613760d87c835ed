// Package php judges PHP files: whether they let a request run code or
// commands, or write files.
//
// A file is cut into tokens, and most files of an application are done with
// that: they neither read the request nor hide anything. The others are parsed
// and run by an abstract machine, which computes what is known, follows what
// comes from the request, and reports where that reaches eval and its
// relatives. Code that was decoded is run in the same way. Nothing is executed
// and no other file is read: flows through two files are not seen.
package php

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct{ tables *tables }

// New returns the analyzer.
func New() *Analyzer { return &Analyzer{&tables{pure: pures(), specials: specials()}} }

var _ verdict.Analyzer = (*Analyzer)(nil)

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "php" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// Wants implements verdict.Analyzer: files that a web server may take for PHP,
// files that carry PHP among something else, and all that show an opening tag.
func (*Analyzer) Wants(path string, head []byte) bool {
	if scriptPath(path) || carrierPath(path) {
		return true
	}
	return bytes.Contains(head, []byte("<?php")) || bytes.HasPrefix(head, []byte("#!")) && bytes.Contains(head[:min(len(head), 64)], []byte("php"))
}

// extension is the path behind its last dot.
func extension(path string) string {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || len(path)-i > 8 {
		return ""
	}
	return path[i+1:]
}

func scriptPath(path string) bool {
	switch e := extension(path); len(e) {
	case 2:
		return strings.EqualFold(e, "ph")
	case 3:
		return strings.EqualFold(e, "php") || strings.EqualFold(e, "inc") || strings.EqualFold(e, "pht") || strings.EqualFold(e, "phs")
	case 4, 5:
		return strings.EqualFold(e[:2], "ph") && (e[2]|0x20 == 'p' || strings.EqualFold(e, "phtml") || strings.EqualFold(e, "phar") || strings.EqualFold(e, "phtm")) || strings.EqualFold(e, "module") || strings.EqualFold(e, "shtml")
	case 6:
		return strings.EqualFold(e, "module")
	}
	return false
}

// carriers are extensions of files that PHP can hide in.
func carrierPath(path string) bool {
	switch e := extension(path); len(e) {
	case 2:
		return e == "gz"
	case 3:
		for _, c := range [...]string{"jpg", "png", "gif", "ico", "bmp", "svg", "txt", "log", "htm", "tpl", "bak", "old", "zip"} {
			if strings.EqualFold(e, c) {
				return true
			}
		}
	case 4:
		return strings.EqualFold(e, "jpeg") || strings.EqualFold(e, "html") || strings.EqualFold(e, "webp")
	}
	return false
}

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(ctx context.Context, path string, src []byte) ([]verdict.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	script := scriptPath(path)
	text := decoded(src)
	at := firstTag(text, !script)
	if at < 0 {
		return nil, nil
	}
	l, ok := lex(text, !script)
	var err error
	if !ok {
		err = fmt.Errorf("%w: more than %d tokens", image.ErrLimit, maxTokens)
	}
	if !l.seen.worth() {
		return nil, err
	}
	m := newMachine(path, text, l, a.tables)
	m.analyze(l)
	// A library's long loops over tables of its own are not worth a partial
	// result: only what reads a request is named when it was not followed.
	if m.cut && l.seen&source != 0 && err == nil {
		err = fmt.Errorf("%w: the code nests, loops or unpacks too much to follow all of it", image.ErrLimit)
	}
	vs := m.verdicts
	if !script && binaryHead(src) {
		vs = append(vs, polyglot(m, l, int32(at))...)
	}
	return vs, err
}

// polyglot reports code that reads requests in an image or archive.
func polyglot(m *machine, l *lexer, at int32) []verdict.Verdict {
	if l.seen&source == 0 || l.seen&(sink|dynamic) == 0 || len(l.toks) < 6 {
		return nil
	}
	step := m.unit.step(at, at+200, "PHP begins")
	return []verdict.Verdict{{Rule: rulePolyglot, Severity: finding.High, Confidence: finding.ConfidenceMedium, Line: step.Line, Trace: []finding.Step{step}}}
}

var magics = [...]string{"\xff\xd8\xff", "\x89PNG", "GIF8", "PK\x03\x04", "\x1f\x8b", "BM", "\x00\x00\x01\x00", "RIFF", "%PDF"}

func binaryHead(src []byte) bool {
	for _, mg := range magics {
		if bytes.HasPrefix(src, []byte(mg)) {
			return true
		}
	}
	return false
}

// firstTag is where PHP begins, -1 if it does not.
func firstTag(text string, strict bool) int {
	at, _, _ := openTag(text, 0, strict)
	if at == len(text) {
		return -1
	}
	return at
}

// decoded is the text as UTF-8 or whatever 8-bit encoding it is in: UTF-16 is
// converted, all else is what PHP sees.
func decoded(src []byte) string {
	if len(src) < 4 {
		return string(src)
	}
	order := 0 // which byte of a pair is the low one
	switch {
	case src[0] == 0xff && src[1] == 0xfe, src[0] == '<' && src[1] == 0 && src[3] == 0:
	case src[0] == 0xfe && src[1] == 0xff, src[0] == 0 && src[1] == '<' && src[2] == 0:
		order = 1
	default:
		return string(src)
	}
	u := make([]uint16, len(src)/2)
	for i := range u {
		u[i] = uint16(src[2*i+order]) | uint16(src[2*i+1-order])<<8
	}
	return strings.TrimPrefix(string(utf16.Decode(u)), "\ufeff")
}
