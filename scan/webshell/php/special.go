package php

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// special runs a function that changes variables or reads the world.
type special func(*machine, *call) value

func specials() map[string]special {
	request := func(what string) special {
		return func(m *machine, c *call) value { return tainted(m.source(c.n, fromRequest, what)) }
	}
	remote := func(m *machine, c *call) value {
		f := m.source(c.n, fromRemote, "answer of another machine: "+c.name)
		if t := c.taint(); t != nil && t.from == fromRequest {
			f = t.step(m.unit, c.n, c.name)
		}
		return tainted(f)
	}
	first := func(m *machine, c *call) value { return m.elementOf(c.arg(0)) }
	return map[string]special{
		"escapeshellarg": escaped, "escapeshellcmd": escaped,
		"getallheaders": request("request headers"), "apache_request_headers": request("request headers"),
		"get_defined_vars": (*machine).definedVars, "getenv": (*machine).getenv, "apache_getenv": (*machine).getenv,
		"session_id": (*machine).sessionID, "import_request_variables": func(m *machine, c *call) value {
			m.scope.open = m.source(c.n, fromRequest, "variables of the request")
			return unknown
		},
		"curl_exec": remote, "curl_multi_getcontent": remote, "dns_get_record": remote, "dns_get_mx": remote, "gethostbyaddr": remote, "socket_read": remote,
		"file_get_contents": (*machine).readFile, "file": (*machine).readFile, "fopen": (*machine).open, "readfile": (*machine).readFile, "show_source": (*machine).readFile,
		"fsockopen": socket, "pfsockopen": socket, "stream_socket_client": socket, "fread": readHandle, "fgets": readHandle, "fgetc": readHandle, "stream_get_contents": readHandle, "fgetcsv": readHandle, "stream_get_line": readHandle, "fgetss": readHandle,
		"simplexml_load_file": remoteIf, "extract": (*machine).extract, "parse_str": (*machine).parseStr, "mb_parse_str": (*machine).parseStr, "compact": (*machine).compact,
		"preg_match": (*machine).pregMatch, "preg_match_all": (*machine).pregMatch, "ereg": (*machine).pregMatch, "eregi": (*machine).pregMatch,
		"preg_replace": (*machine).pregReplace, "preg_filter": (*machine).pregReplace,
		"define": (*machine).define, "constant": (*machine).constantFn, "func_get_args": (*machine).funcArgs, "func_get_arg": (*machine).funcArg,
		"create_function": (*machine).createFunction, "array_push": (*machine).push, "array_unshift": (*machine).push, "array_pop": (*machine).pop, "array_shift": (*machine).pop,
		"shuffle": (*machine).reorder, "sort": (*machine).reorder, "rsort": (*machine).reorder, "asort": (*machine).reorder, "arsort": (*machine).reorder, "ksort": (*machine).reorder, "krsort": (*machine).reorder,
		"each": first, "next": nextElement, "prev": first, "reset": firstElement, "current": firstElement, "pos": firstElement, "end": lastElement,
		"unserialize": (*machine).unserialize, "iterator_to_array": func(m *machine, c *call) value {
			if v := c.arg(0); v.k == vObj {
				return m.iterate(v)
			}
			return c.arg(0)
		},
		"trigger_error": (*machine).raise, "user_error": (*machine).raise, "ob_get_contents": (*machine).printed, "ob_get_clean": (*machine).printed, "ob_get_flush": (*machine).printed,
		"printf": (*machine).prints, "print_r": (*machine).prints, "vprintf": (*machine).prints, "var_dump": (*machine).prints,
		"assert_options": func(m *machine, c *call) value { m.lateCallback(c.arg(1), c.n); return unknown },
		"get_class": func(m *machine, c *call) value {
			if v := c.arg(0); v.k == vObj && v.obj.class != nil {
				return str(v.obj.class.name)
			}
			return unknown
		},
		"get_called_class":  func(m *machine, c *call) value { return m.constant(&node{op: xConst, s: "__CLASS__"}) },
		"get_class_methods": (*machine).classMethods, "error_get_last": func(m *machine, c *call) value { return value{k: vUnknown, flow: m.buffer.flow} },
	}
}

// escaped is escapeshellarg: what it gives can be an argument, not a command.
func escaped(m *machine, c *call) value {
	f := c.taint()
	return value{k: vUnknown, flow: f.step(m.unit, c.n, c.name), escaped: f != nil}
}

func (m *machine) definedVars(c *call) value {
	f := m.source(c.n, fromRequest, "all variables, those of the request too")
	if m.scope != m.globals {
		out := &array{}
		for name, cl := range m.scope.vars {
			out.rest = join(out.rest, value{k: vUnknown, flow: cl.v.taint()})
			_ = name
		}
		return arrayOf(out)
	}
	return tainted(f)
}

func (m *machine) getenv(c *call) value {
	k := c.arg(0)
	if k.k == vStr && requestKey(strings.ToUpper(k.s)) {
		return tainted(m.source(c.n, fromRequest, "request header in the environment"))
	}
	return unknown
}

func (m *machine) sessionID(c *call) value {
	if len(c.args) > 0 {
		return unknown
	}
	return tainted(m.source(c.n, fromRequest, "session cookie of the request"))
}

func dataURL(s string) (string, bool) {
	if len(s) < 5 || !strings.EqualFold(s[:5], "data:") {
		return "", false
	}
	head, body, ok := strings.Cut(s[5:], ",")
	if !ok {
		return "", false
	}
	if strings.HasSuffix(strings.ToLower(head), "base64") {
		if un, err := url.QueryUnescape(strings.ReplaceAll(body, "+", "%2B")); err == nil {
			body = un
		}
		return decodeBase64(body), true
	}
	if un, err := url.PathUnescape(body); err == nil {
		body = un
	}
	return body, true
}

// decodeBase64 decodes as PHP does without strict: what does not belong is skipped.
func decodeBase64(s string) string {
	clean := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80 || c == '+' || c == '/' {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean)
	return string(out[:n])
}

func (m *machine) readFile(c *call) value {
	m.sinks(c)
	v := c.arg(0)
	f := v.taint()
	if v.k != vStr {
		low := strings.ToLower(v.s)
		switch {
		case f == nil:
			return unknown
		case strings.HasPrefix(low, "php://filter") || strings.HasPrefix(low, "data:"):
			return tainted(f)
		case remoteURL(low):
			return tainted(m.source(c.n, fromRemote, "download"))
		}
		return tainted(f.step(m.unit, c.n, c.name))
	}
	low := strings.ToLower(v.s)
	switch {
	case strings.Contains(low, "php://input"):
		return tainted(m.source(c.n, fromRequest, "request body (php://input)"))
	case remoteURL(low):
		return tainted(m.source(c.n, fromRemote, "download of "+v.s[:min(len(v.s), 60)]))
	case m.written[v.s] != nil:
		return tainted(m.written[v.s])
	}
	if body, ok := dataURL(v.s); ok {
		return hiddenText(body)
	}
	if v.s == m.path || strings.HasSuffix(m.path, "/"+strings.TrimPrefix(v.s, "./")) {
		w := hiddenText(m.file)
		if c.name == "file" {
			a := &array{}
			for _, line := range strings.SplitAfter(m.file, "\n") {
				if !m.spend(64 + len(line)) {
					return unknown
				}
				a.push(str(line))
			}
			return arrayOf(a)
		}
		if off := c.arg(3); off.k == vInt && off.i >= 0 && off.i < int64(len(w.s)) {
			w.s = w.s[off.i:]
		}
		return w
	}
	return unknown
}

func (m *machine) open(c *call) value {
	m.sinks(c)
	return objectOf(&object{name: "handle", args: []value{c.arg(0), m.readFileQuiet(c)}})
}

func (m *machine) readFileQuiet(c *call) value {
	d := *c
	d.name = "file_get_contents"
	d.args = c.args[:min(1, len(c.args))]
	return m.readFile(&d)
}

func socket(m *machine, c *call) value {
	m.sinks(c)
	f := m.source(c.n, fromRemote, "connection by "+c.name)
	return objectOf(&object{name: "handle", args: []value{unknown, tainted(f)}})
}

func readHandle(m *machine, c *call) value {
	h := c.arg(0)
	if h.k == vObj && h.obj.name == "handle" && len(h.obj.args) > 1 {
		v := h.obj.args[1]
		if v.k == vStr && c.name != "stream_get_contents" && !(c.name == "fread" && len(c.args) > 1) {
			return value{k: vUnknown, flow: m.blob("the file itself")}
		}
		if v.k == vStr && h.obj.props != nil {
			if p := h.obj.props["\x00at"]; p != nil && p.v.i >= 0 && p.v.i <= int64(len(v.s)) {
				v.s = v.s[p.v.i:]
			}
		}
		return v
	}
	return value{k: vUnknown, flow: h.taint()}
}

func remoteIf(m *machine, c *call) value {
	if v := c.arg(0); v.k == vStr && remoteURL(strings.ToLower(v.s)) {
		return tainted(m.source(c.n, fromRemote, "download of "+v.s[:min(len(v.s), 60)]))
	}
	return value{k: vUnknown, flow: c.arg(0).taint().weaken()}
}

func (m *machine) extract(c *call) value {
	v := c.arg(0)
	if v.k == vArr && v.arr.rest.k == vUnset {
		for i, k := range v.arr.keys {
			if k.isStr {
				m.set(m.variable(k.s), v.arr.vals[i])
			}
		}
		return unknown
	}
	if f := v.taint(); f != nil {
		m.scope.open = better(m.scope.open, f.step(m.unit, c.n, "extract"))
	}
	return unknown
}

func (m *machine) parseStr(c *call) value {
	v := c.arg(0)
	var out value
	if v.k == vStr && v.flow == nil {
		a := &array{fork: m.forkID}
		for _, part := range strings.Split(v.s, "&") {
			k, e, _ := strings.Cut(part, "=")
			k, _ = url.QueryUnescape(k)
			e, _ = url.QueryUnescape(e)
			if m.spend(64) && k != "" {
				m.storeKey(a, str(k), hiddenText(e))
			}
		}
		out = arrayOf(a)
	} else {
		out = value{k: vUnknown, flow: v.taint().step(m.unit, c.n, c.name)}
	}
	if len(c.nodes) > 1 {
		m.assign(c.nodes[1], out, c.n)
		return unknown
	}
	if out.k == vArr {
		for i, k := range out.arr.keys {
			m.set(m.variable(toStr(k.value())), out.arr.vals[i])
		}
	} else if out.flow != nil {
		m.scope.open = better(m.scope.open, out.flow)
	}
	return unknown
}

func (m *machine) compact(c *call) value {
	a := &array{fork: m.forkID}
	for _, v := range c.args {
		names := []value{v}
		if v.k == vArr {
			names = v.arr.vals
		}
		for _, name := range names {
			if name.k == vStr {
				a.set(key{s: name.s, isStr: true}, m.readVar(&node{op: xVar, s: name.s, pos: c.n.pos, end: c.n.end}))
			} else if name.taint() != nil {
				a.rest = value{k: vUnknown, flow: m.source(c.n, fromRequest, "variable that the request names").weaken()}
			}
		}
	}
	return arrayOf(a)
}

// pregMatch fills the matches.
func (m *machine) pregMatch(c *call) value {
	subject := c.arg(1)
	all := c.name == "preg_match_all"
	if len(c.nodes) > 2 {
		e := value{k: vUnknown, flow: subject.taint().step(m.unit, c.n, c.name)}
		out := arrayOf(&array{rest: e})
		if re := m.regexp(c.arg(0)); re != nil && subject.k == vStr && len(subject.s) < 1<<20 && subject.flow == nil {
			out = m.found(re, subject, all)
		} else if all {
			out = arrayOf(&array{rest: out})
		}
		m.assign(c.nodes[2], out, nil)
	}
	if re := m.regexp(c.arg(0)); re != nil && subject.k == vStr && subject.flow == nil && !all {
		if re.MatchString(subject.s) {
			return integer(1)
		}
		return integer(0)
	}
	return unknown
}

func (m *machine) found(re *regexp.Regexp, subject value, all bool) value {
	text := func(s string) value {
		v := str(s)
		v.hidden = max(subject.hidden, 1)
		return v
	}
	if !all {
		a := &array{}
		for _, s := range re.FindStringSubmatch(subject.s) {
			a.push(text(s))
		}
		return arrayOf(a)
	}
	groups := make([]*array, re.NumSubexp()+1)
	for i := range groups {
		groups[i] = &array{}
	}
	for _, match := range re.FindAllStringSubmatch(subject.s, 1<<16) {
		for i, s := range match {
			if !m.spend(64) {
				break
			}
			groups[i].push(text(s))
		}
	}
	out := &array{}
	for _, g := range groups {
		out.push(arrayOf(g))
	}
	return arrayOf(out)
}

// pregParts cuts a pattern into its expression and its modifiers.
func pregParts(p string) (body, mods string, ok bool) {
	p = strings.TrimLeft(p, " \t\r\n")
	if len(p) < 2 {
		return "", "", false
	}
	closing := p[0]
	switch p[0] {
	case '(':
		closing = ')'
	case '{':
		closing = '}'
	case '[':
		closing = ']'
	case '<':
		closing = '>'
	}
	i := strings.LastIndexByte(p, closing)
	if i < 1 {
		return "", "", false
	}
	return p[1:i], p[i+1:], true
}

// regexp compiles a pattern where Go's syntax has the same meaning, else nil.
func (m *machine) regexp(v value) *regexp.Regexp {
	if v.k != vStr || len(v.s) > 4096 || !m.spend(len(v.s)*64) {
		return nil
	}
	if re, ok := m.regexps[v.s]; ok {
		return re
	}
	body, mods, ok := pregParts(v.s)
	var re *regexp.Regexp
	if ok && strings.Trim(mods, "imseu\r\n ") == "" {
		flags := strings.Map(func(r rune) rune {
			if r == 'i' || r == 'm' || r == 's' {
				return r
			}
			return -1
		}, mods)
		if flags != "" {
			body = "(?" + flags + ")" + body
		}
		re, _ = regexp.Compile(body)
	}
	m.regexps[v.s] = re
	return re
}

// pregReplace is a sink with the modifier e: the replacement is code.
func (m *machine) pregReplace(c *call) value {
	pats := []value{c.arg(0)}
	if c.arg(0).k == vArr {
		pats = append(c.arg(0).arr.vals[:len(c.arg(0).arr.vals):len(c.arg(0).arr.vals)], c.arg(0).arr.rest)
	}
	for _, p := range pats {
		if p.k == vUnset {
			continue
		}
		if p.k == vStr {
			if _, mods, ok := pregParts(p.s); !ok || !strings.Contains(mods, "e") {
				continue
			}
			code := m.concat(c.arg(1), c.arg(2))
			if c.arg(1).k == vArr || c.arg(2).k == vArr {
				code = value{k: vUnknown, flow: better(c.arg(1).taint(), c.arg(2).taint())}
			}
			if code.taint() != nil {
				m.code("preg_replace with e", code, c.n)
			} else if r := c.arg(1); r.k == vStr {
				if s := c.arg(2); s.k == vStr && strings.ContainsAny(r.s, `\$`) && len(s.s) < 1<<20 {
					r.s = strings.NewReplacer(`\\0`, s.s, `\0`, s.s, `$0`, s.s, `\1`, s.s, `\\1`, s.s, `$1`, s.s).Replace(r.s)
					r.hidden = max(r.hidden, s.hidden)
				}
				m.evalCode(r, c.n, "preg_replace with e")
			}
		} else if f := p.taint(); f != nil && f.from == fromRequest && (c.arg(1).taint() != nil || c.arg(2).taint() != nil) && p.s == "" {
			cf := finding.ConfidenceMedium
			if !m.traits.alone {
				cf = finding.ConfidenceLow
			}
			m.report(ruleCode, cf, c.n, f, "preg_replace with that pattern", "the pattern may have the modifier e")
		}
	}
	re, r, s := m.regexp(c.arg(0)), c.arg(1), c.arg(2)
	if re != nil && r.k == vStr && s.k == vStr && len(s.s) < 1<<20 && c.taint() == nil {
		repl := backref.ReplaceAllString(strings.ReplaceAll(r.s, "$$", "$$$$"), "$${$1$2}")
		v := str(re.ReplaceAllString(s.s, repl))
		v.hidden = max(s.hidden, r.hidden, 1)
		if m.spend(len(v.s)) {
			return v
		}
	}
	fl := better(s.taint(), r.taint())
	return value{k: vUnknown, flow: fl.step(m.unit, c.n, c.name)}
}

var backref = regexp.MustCompile(`\\(\d{1,2})|\$(\d{1,2})`)

// replaceCallback computes preg_replace_callback over a known text.
func (m *machine) replaceCallback(c *call) (value, bool) {
	re := m.regexp(c.arg(0))
	if re == nil {
		return unknown, false
	}
	ok := true
	rounds := 0
	out := re.ReplaceAllStringFunc(c.arg(2).s, func(s string) string {
		if rounds++; !ok || rounds > 4096 || m.loopSteps > maxLoopSteps {
			ok = false
			return s
		}
		start := m.steps
		v := m.invoke(c.arg(1), []value{m.found(re, str(s), false)}, c.n)
		m.loopSteps += m.steps - start
		if !v.known() || !m.spend(len(toStr(v))) {
			ok = false
		}
		return toStr(v)
	})
	v := hiddenText(out)
	return v, ok
}

func (m *machine) define(c *call) value {
	if k := c.arg(0); k.k == vStr {
		m.consts[k.s] = c.arg(1)
	}
	return boolean(true)
}

func (m *machine) constantFn(c *call) value {
	if k := c.arg(0); k.k == vStr {
		return m.constant(&node{op: xConst, s: k.s, pos: c.n.pos})
	}
	return value{k: vUnknown}
}

func (m *machine) funcArgs(*call) value { return arrayOf(listOf(m.scope.args...)) }

func (m *machine) funcArg(c *call) value {
	i := toInt(c.arg(0))
	if c.arg(0).known() && i >= 0 && i < int64(len(m.scope.args)) {
		return m.scope.args[i]
	}
	return m.elementOf(arrayOf(listOf(m.scope.args...)))
}

// createFunction makes a function of texts that are known.
func (m *machine) createFunction(c *call) value {
	m.sinks(c)
	params, body := c.arg(0), c.arg(1)
	if params.k != vStr || body.k != vStr || len(body.s) > maxText || m.unit.layer >= maxLayers {
		return value{k: vUnknown, flow: nil}
	}
	m.packed(body, c.n, "create_function")
	p := m.parse("function __lambda("+params.s+"){"+body.s+"\n}", c.n)
	if len(p.p.fns) == 0 {
		return unknown
	}
	m.run(p.list[min(1, len(p.list)):])
	f := p.p.fns[0]
	f.name = "{closure}"
	o := &object{name: "closure", fn: f, env: &scope{vars: map[string]*cell{}}}
	return objectOf(o)
}

func (m *machine) push(c *call) value {
	if len(c.nodes) == 0 {
		return unknown
	}
	old := m.lookup(c.nodes[0])
	if c.name == "array_unshift" && old.k == vArr {
		a := listOf(c.args[1:]...)
		for i, k := range old.arr.keys {
			if k.isStr {
				a.set(k, old.arr.vals[i])
			} else {
				a.push(old.arr.vals[i])
			}
		}
		a.rest = old.arr.rest
		m.put(c.nodes[0], arrayOf(a))
		return unknown
	}
	for _, v := range c.args[1:] {
		m.storeIndex(c.nodes[0], value{}, v)
	}
	return unknown
}

func (m *machine) pop(c *call) value {
	v := c.arg(0)
	if v.k == vArr && len(v.arr.keys) > 0 && v.arr.rest.k == vUnset {
		i := len(v.arr.keys) - 1
		if c.name == "array_shift" {
			i = 0
		}
		out := v.arr.vals[i]
		if len(c.nodes) > 0 {
			a := m.owned(v.arr)
			if len(a.keys) == len(v.arr.keys) {
				a.remove(v.arr.keys[i])
				if i == 0 && a.at != nil {
					b := &array{fork: m.forkID}
					for j, k := range a.keys {
						if k.isStr {
							b.set(k, a.vals[j])
						} else {
							b.push(a.vals[j])
						}
					}
					a = b
				}
			}
			switch c.nodes[0].op {
			case xVar, xIndex, xProp, xStatic:
				m.put(c.nodes[0], arrayOf(a))
			}
		}
		return out
	}
	return m.elementOf(v)
}

func (m *machine) reorder(c *call) value {
	v := c.arg(0)
	if v.k == vArr && len(c.nodes) > 0 && c.nodes[0].op == xVar {
		if a := sorted(c.name, v.arr); a != nil {
			m.put(c.nodes[0], arrayOf(a))
		} else {
			m.put(c.nodes[0], arrayOf(&array{rest: m.elementOf(v)}))
		}
	}
	return boolean(true)
}

func firstElement(m *machine, c *call) value {
	if v := c.arg(0); v.k == vArr && len(v.arr.vals) > 0 {
		return v.arr.vals[0]
	}
	return m.elementOf(c.arg(0))
}

func nextElement(m *machine, c *call) value {
	if v := c.arg(0); v.k == vArr && len(v.arr.vals) > 1 {
		return join(v.arr.vals[1], m.elementOf(c.arg(0)))
	}
	return m.elementOf(c.arg(0))
}

func lastElement(m *machine, c *call) value {
	if v := c.arg(0); v.k == vArr && len(v.arr.vals) > 0 && v.arr.rest.k == vUnset {
		return v.arr.vals[len(v.arr.vals)-1]
	}
	return m.elementOf(c.arg(0))
}

func (m *machine) unserialize(c *call) value {
	m.sinks(c)
	if f := m.pure[c.name]; f != nil {
		if v, ok := f.run(m, c); ok {
			v.hidden = 2
			return v
		}
	}
	return value{k: vUnknown, flow: c.arg(0).taint().step(m.unit, c.n, c.name)}
}

func (m *machine) raise(c *call) value {
	m.buffer.flow = better(m.buffer.flow, c.arg(0).taint())
	return unknown
}

func (m *machine) prints(c *call) value {
	m.buffer.flow = better(m.buffer.flow, c.taint())
	return value{k: vUnknown, flow: c.taint()}
}

func (m *machine) printed(*call) value { return value{k: vUnknown, flow: m.buffer.flow} }

func (m *machine) classMethods(c *call) value {
	var cl *class
	switch v := c.arg(0); v.k {
	case vStr:
		cl = m.cls[strings.ToLower(last(v.s))]
	case vObj:
		cl = v.obj.class
	}
	if cl == nil {
		return unknown
	}
	a := &array{}
	for _, f := range cl.order {
		a.push(hiddenText(f.name))
	}
	return arrayOf(a)
}
