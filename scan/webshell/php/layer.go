package php

import (
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// tables are the functions that the machine knows, made once.
type tables struct {
	pure     map[string]pure
	specials map[string]special
}

// analyzeText judges a whole file that was found at the given layer.
func analyzeText(path, src string, layer int, t *tables) []verdict.Verdict {
	l, _ := lex(src, false)
	m := newMachine(path, src, l, t)
	m.unit.layer = layer
	m.analyze(l)
	return m.verdicts
}

func newMachine(path, src string, l *lexer, t *tables) *machine {
	g := newScope()
	m := &machine{
		path: path, file: src, halt: l.halt, unit: &unit{src: src}, tables: t,
		fns: map[string]*function{}, cls: map[string]*class{}, pure: t.pure, specials: t.specials,
		consts: map[string]value{}, written: map[string]*flow{}, seen: map[seenKey]bool{}, regexps: map[string]*regexp.Regexp{},
		globals: g, scope: g,
	}
	return m
}

// analyze runs the file, then what PHP would call later, then every function
// that nobody called.
func (m *machine) analyze(l *lexer) {
	p := newParser(l)
	list := p.file()
	m.learn(l, p, list)
	m.declare(p)
	m.run(list)
	m.later()
	m.uncalled()
	m.judge(l)
}

// learn fills the traits that the tokens show.
func (m *machine) learn(l *lexer, p *parser, list []*node) {
	t := &m.traits
	t.assigned = map[string]bool{}
	t.small = len(l.toks) < 120
	names := 0
	for i, tok := range l.toks {
		switch tok.kind {
		case tVar:
			if i+1 < len(l.toks) && l.toks[i+1].kind == tOp {
				if s := l.src[l.toks[i+1].pos:l.toks[i+1].end]; strings.HasSuffix(s, "=") && s != "==" && s != "!=" && s != "===" && s != "!==" || s == ")" || s == "," || s == "[" {
					t.assigned[l.src[tok.pos+1:tok.end]] = true
				}
			}
			if i > 0 && l.toks[i-1].kind == tOp && l.src[l.toks[i-1].pos] == '&' {
				t.assigned[l.src[tok.pos+1:tok.end]] = true
			}
		case tName:
			switch strings.ToLower(l.src[tok.pos:tok.end]) {
			case "namespace":
				names++
			case "include", "include_once", "require", "require_once":
				if includesFile(l, i+1) {
					names++
				}
			case "in_array", "pathinfo", "getimagesize", "is_uploaded_file", "wp_verify_nonce", "wp_check_filetype", "exif_imagetype", "finfo_open", "mime_content_type":
				t.validates = true
			}
		}
	}
	for _, c := range p.classes {
		if c.parent != "" {
			found := false
			for _, d := range p.classes {
				found = found || strings.EqualFold(d.name, c.parent)
			}
			if !found && !builtinClass[strings.ToLower(c.parent)] {
				names++
			}
		}
	}
	t.alone = names == 0 && !onlyDeclares(list)
	t.script = scriptPath(m.path)
}

// onlyDeclares says whether a file does nothing unless another includes it.
func onlyDeclares(list []*node) bool {
	declares := false
	for _, n := range list {
		switch n.op {
		case sClass, sFunc:
			declares = true
		case sHTML, sReturn, sConst:
		case sExpr:
			if n.a == nil || n.a.op != xCall && n.a.op != xAssign || n.a.op == xCall && (n.a.a.op != xName || !strings.EqualFold(n.a.a.s, "define")) || n.a.op == xAssign && n.a.b.op != xLit && n.a.b.op != xArray {
				return false
			}
		default:
			return false
		}
	}
	return declares
}

// includesFile says whether the inclusion behind token i names a file with a
// text or a constant, as applications do.
func includesFile(l *lexer, i int) bool {
	for ; i < len(l.toks); i++ {
		tok := l.toks[i]
		s := l.src[tok.pos:tok.end]
		switch tok.kind {
		case tString:
			return !streams(strings.ToLower(s[1:])) && !remoteURL(strings.ToLower(s[1:])) && len(s) > 3 && strings.Count(s, `\`) < 4
		case tName:
			return true
		case tVar:
			if variableFeature(s) != 0 {
				return false
			}
		case tOp:
			if s == ";" || s[0] == '?' {
				return false
			}
		default:
			return false
		}
	}
	return false
}

var builtinClass = map[string]bool{"exception": true, "arrayobject": true, "arrayiterator": true, "errorexception": true, "stdclass": true, "splobjectstorage": true, "php_user_filter": true, "filteriterator": true,
	"callbackfilteriterator": true, "iteratoriterator": true, "recursivearrayiterator": true, "splfileobject": true, "domdocument": true, "error": true, "pdo": true, "mysqli": true, "reflectionclass": true, "reflectionfunction": true, "splheap": true, "splminheap": true, "splmaxheap": true, "splpriorityqueue": true, "closure": true}

// later runs handlers and destructors.
func (m *machine) later() {
	n := m.handlerAt
	for _, h := range m.handlers {
		v := value{k: vUnknown, flow: m.buffer.flow}
		if m.buffer.flow != nil || h.k == vObj || h.k == vArr {
			m.invoke(h, []value{v, v}, n)
		}
	}
	for i := 0; i < len(m.objects); i++ {
		o := m.objects[i]
		for _, name := range []string{"__destruct", "__tostring", "__wakeup"} {
			if f := m.method(o, name); f != nil && (name == "__destruct" || f.calls == 0) {
				m.call(f, nil, o, nil)
			}
		}
	}
}

// uncalled runs the functions that nothing called with parameters that are not known.
func (m *machine) uncalled() {
	for i := 0; i < len(m.all); i++ {
		f := m.all[i]
		if f.calls > 0 || f.arrow {
			continue
		}
		var this *object
		if f.class != nil && !f.static {
			this = m.generic(f.class)
		}
		args := make([]value, len(f.params))
		for j := range args {
			args[j] = unknown
		}
		m.enter(f, args, nil, this, newScope(), nil)
	}
}

// parsed is code that was parsed in its own unit.
type parsed struct {
	p    *parser
	list []*node
	u    *unit
}

// parse reads code that was decoded; its functions are declared.
func (m *machine) parse(src string, n *node) parsed {
	l, _ := lexCode(src)
	p := newParser(l)
	list := p.file()
	u := &unit{src: src, line: m.unit.lineAt(n.pos), layer: m.unit.layer + 1}
	m.declare(p)
	return parsed{p, list, u}
}

// evalCode judges and runs a text as code.
func (m *machine) evalCode(v value, n *node, what string) value {
	m.code(what, v, n)
	texts := v.texts()
	if len(texts) == 0 {
		return value{k: vUnknown, flow: v.taint().weaken()}
	}
	w := str(texts[0])
	w.hidden = v.hidden
	if m.unit.layer >= maxLayers || !m.spend(len(w.s)*4) {
		m.cut = true
		return unknown
	}
	m.packed(w, n, what)
	ps := m.parse(w.s, n)
	outer, ret := m.unit, m.scope.ret
	m.unit, m.scope.ret = ps.u, value{}
	m.run(ps.list)
	out := m.scope.ret
	m.unit, m.scope.ret = outer, ret
	return out
}

func (m *machine) evalFile(src string, n *node) value {
	return m.evalCode(value{k: vStr, s: "?>" + src, hidden: 2}, n, "include")
}

// packed reports code that was decoded out of texts.
func (m *machine) packed(v value, n *node, what string) {
	if v.hidden >= 2 && len(v.s) > 8 {
		m.report(rulePacked, finding.ConfidenceMedium, n, nil, what, "unpacks to: "+verdict.Excerpt([]byte(v.s[:min(len(v.s), 300)])))
	}
}

func (m *machine) fileName() value {
	v := str(m.path)
	return v
}

func (m *machine) dirName() value {
	i := strings.LastIndexByte(m.path, '/')
	return str(m.path[:max(i, 0)])
}

// judge adds what the file shows as a whole.
func (m *machine) judge(l *lexer) {
	t := &m.traits
	if t.alone && len(t.verbs) >= 3 && t.verbFlow != nil {
		changes := 0
		for _, v := range t.verbs {
			switch v {
			case "unlink", "rmdir", "mkdir", "chmod", "rename", "touch", "copy", "file_put_contents":
				changes++
			}
		}
		c := finding.ConfidenceLow
		if changes >= 2 || changes >= 1 && len(t.verbs) >= 4 {
			c = finding.ConfidenceMedium
		}
		m.report(rulePanel, c, &node{pos: t.verbFlow.pos, end: t.verbFlow.end}, t.verbFlow, "files named by the request: "+strings.Join(t.verbs, ", "), "")
	}
	if t.connects && t.shell {
		m.report(ruleReverse, m.ifAlone(), &node{}, nil, "a connection and a shell in one file", "")
	}
	if t.alone && t.dials != nil && t.buffers(m) {
		m.report(ruleTunnel, finding.ConfidenceMedium, &node{pos: t.dials.pos, end: t.dials.end}, t.dials, "connects to it", "")
	}
	if t.com && t.alone {
		for _, v := range m.verdicts {
			if v.Rule == ruleCommand {
				return
			}
		}
	}
	m.family(l)
}

func (t *traits) buffers(m *machine) bool { return m.buffer.flow != nil }
