package php

import (
	"regexp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// shellPrefix is a beginning of a command line behind which another command stands.
var shellPrefix = regexp.MustCompile(`(?i)(^\s*|[/\\])(cmd(\.exe)?\s+/\S+|(ba|z|c|k|da|a)?sh(\.exe)?\s+-[a-z]*c|powershell\S*(\s+-\S+)*)\s*["']?$|(&&|\|\||[;|&` + "`" + `])\s*$|^\s*["'({]*\s*$|^\s*(sudo|exec|nohup|env|cd [^;&|]*[;&|]+)\s*$`)

// commands are the functions that run a command, and which argument it is.
var commands = map[string]int{
	"system": 0, "exec": 0, "shell_exec": 0, "passthru": 0, "popen": 0, "proc_open": 0, "pcntl_exec": 0, "expect_popen": 0,
	"win_shell_execute": 0, "w32api_invoke_function": 1, "ssh2_exec": -1, "dl": 0,
}

// dangerous says whether the function runs code or commands.
func dangerous(name string) bool {
	if _, ok := commands[name]; ok {
		return true
	}
	switch name {
	case "eval", "assert", "create_function":
		return true
	}
	return false
}

// sinks judges the call of one of PHP's functions.
func (m *machine) sinks(c *call) {
	if i, ok := commands[c.name]; ok {
		if i >= 0 {
			v := c.arg(i)
			if v.k == vArr && c.name == "proc_open" {
				v = value{k: vUnknown, flow: v.taint()}
			}
			if c.name == "pcntl_exec" && v.taint() == nil {
				v = value{k: vUnknown, flow: c.arg(1).taint(), s: v.s}
			}
			m.command(c.name, v, c.n)
			m.noteShell(v)
		}
		return
	}
	switch c.name {
	case "assert":
		if v := c.arg(0); v.k == vStr && v.hidden > 0 {
			m.evalCode(v, c.n, "assert")
		} else {
			m.code("assert", v, c.n)
		}
	case "create_function":
		for i := range c.args {
			m.code("create_function", c.args[i], c.n)
		}
	case "mb_ereg_replace", "mb_eregi_replace":
		if o := c.arg(3); o.k == vStr && strings.Contains(o.s, "e") || o.taint() != nil {
			m.code(c.name+" with e", m.concat(c.arg(1), c.arg(2)), c.n)
		}
	case "file_put_contents":
		m.writes(c.name, c.arg(0), c.arg(1), c.n)
	case "copy", "move_uploaded_file", "rename":
		m.writes(c.name, c.arg(1), c.arg(0), c.n)
	case "fwrite", "fputs", "fputcsv":
		m.writes(c.name, handlePath(c.arg(0)), c.arg(1), c.n)
	case "error_log":
		if c.arg(1).k == vInt && c.arg(1).i == 3 {
			m.writes(c.name, c.arg(2), c.arg(0), c.n)
		}
	case "mail", "mb_send_mail":
		m.mailOption(c)
	case "unserialize":
		if f := c.arg(0).taint(); f != nil && f.from == fromRequest && !f.weak {
			m.wild = f.step(m.unit, c.n, "unserialize")
		}
	case "fsockopen", "pfsockopen", "stream_socket_client", "socket_connect":
		m.traits.connects = true
		if f := taintOf(c.args[:min(2, len(c.args))]); f != nil && f.from == fromRequest {
			m.traits.dials = f.step(m.unit, c.n, c.name)
		}
	case "curl_setopt":
		if f := c.arg(2).taint(); f != nil && f.from == fromRequest {
			m.traits.curl = f
		}
	}
	if filePath[c.name] {
		if f := c.arg(0).taint(); f != nil && f.from == fromRequest || c.arg(0).k == vUnset && c.arg(0).flow != nil {
			m.traits.manages(c.name, f)
		}
	}
}

// filePath are the functions that do something with the file they are given.
var filePath = map[string]bool{
	"unlink": true, "rmdir": true, "mkdir": true, "chmod": true, "rename": true, "opendir": true, "scandir": true, "readfile": true, "dir": true, "glob": true,
	"file_get_contents": true, "fopen": true, "highlight_file": true, "show_source": true, "touch": true, "chdir": true, "copy": true, "symlink": true, "file": true, "file_put_contents": true,
}

// mailOption: the fifth argument of mail is the command line of sendmail.
func (m *machine) mailOption(c *call) {
	if v := c.arg(4); v.flow != nil && v.flow.from == fromRequest && !v.escaped && freeCommand(v.s) {
		m.report(ruleCommand, m.ifAlone(), c.n, v.flow, "options of sendmail", "")
	}
}

// noteShell remembers constant commands that start a shell.
func (m *machine) noteShell(v value) {
	if v.k == vStr && shellProgram.MatchString(v.s) {
		m.traits.shell = true
	}
}

var shellProgram = regexp.MustCompile(`(?i)^\s*(\S*/)?(ba|z|k|c|da|a)?sh(\s+-i|\s+-l)*\s*$|^\s*cmd(\.exe)?\s*$|/dev/tcp/|(^|\s)nc(at)?\s.*-e\s|uname -a.*\b(ba)?sh\b`)

// writes judges that content goes to a file.
func (m *machine) writes(what string, path, content value, n *node) {
	pf, cf := path.taint(), content.taint()
	if cf != nil && path.k == vStr && cf.from >= fromRemote {
		m.written[path.s] = cf.step(m.unit, n, what)
	}
	if content.k == vStr && len(content.s) > 10 {
		m.drops(path, content, n)
	}
	if cf == nil || cf.from < fromRemote || cf.weak {
		return
	}
	c := finding.ConfidenceLow
	script := path.k == vStr && scriptName.MatchString(path.s)
	upload := what == "move_uploaded_file" || what == "copy"
	switch {
	case pf == nil && !script:
		return
	case pf == nil:
		c = finding.ConfidenceMedium
		if m.traits.alone && !upload {
			c = finding.ConfidenceHigh
		}
	case pf.from == fromRequest && !pf.weak && m.traits.alone && !m.scope.checks(m):
		c = finding.ConfidenceMedium
		if !upload && path.s == "" {
			c = finding.ConfidenceHigh
		}
	}
	r := ruleWrite
	if cf.from == fromRemote && (script || pf == nil) {
		r = ruleDropper
	}
	m.report(r, c, n, cf, what, "")
}

// checks says whether the file looks at what it is given before it takes it.
func (s *scope) checks(m *machine) bool { return m.traits.validates }

var scriptName = regexp.MustCompile(`(?i)\.(php\d?|phtml|pht|phar|inc|jspx?|asp|aspx|ashx|htaccess|user\.ini|sh|cgi|pl|py)$`)

// drops looks at a constant text that is written to a file: code of a WebShell?
func (m *machine) drops(path, content value, n *node) {
	if m.unit.layer >= 3 || !strings.Contains(content.s, "<?") && !strings.Contains(content.s, "<%") {
		return
	}
	sub := analyzeText(m.path, content.s, m.unit.layer+1, m.tables)
	for _, v := range sub {
		if v.Confidence != finding.ConfidenceLow {
			c := v.Confidence
			m.report(ruleDropper, c, n, nil, "writes a file with it", v.Rule.Title)
			return
		}
	}
}

// hiddenCall judges a call of a function whose name was computed.
func (m *machine) hiddenCall(f value, name string, args []value, n *node) {
	if f.hidden == 0 || !dangerous(name) && !decodesNames[name] {
		return
	}
	c := finding.ConfidenceMedium
	if !dangerous(name) {
		c = finding.ConfidenceLow
		m.traits.hiddenDecoder = true
	}
	m.report(ruleHidden, c, n, nil, "calls "+name, "the name "+name+" is put together or decoded")
}

var decodesNames = map[string]bool{"base64_decode": true, "gzinflate": true, "gzuncompress": true, "str_rot13": true, "file_put_contents": true, "preg_replace": true, "call_user_func": true, "array_map": true, "move_uploaded_file": true}

// dynamicCall judges a call of what is not known but tainted.
func (m *machine) dynamicCall(f value, args []value, n *node) {
	af := taintOf(args)
	what := "calls a function by that name"
	switch {
	case f.flow.from == fromBlob:
		if af != nil && af.from >= fromRemote && !af.weak {
			m.report(ruleHidden, finding.ConfidenceMedium, n, better(af, f.flow), what, "the name of the function could not be decoded")
		}
	case f.flow.from == fromRequest || f.flow.from == fromRemote:
		free := f.s == ""
		switch {
		case free && !f.flow.weak && af != nil && af.from >= fromRemote && !af.weak:
			m.report(ruleCode, finding.ConfidenceHigh, n, f.flow, what, "name and arguments come from the request")
		case free && af != nil && m.traits.alone:
			m.report(ruleCode, finding.ConfidenceMedium, n, f.flow, what, "")
		default:
			m.report(ruleCode, finding.ConfidenceLow, n, f.flow, what, "")
		}
	}
}

// newByRequest judges new $class($arg) with both from the request.
func (m *machine) newByRequest(f value, args []value, n *node) {
	c := finding.ConfidenceLow
	if m.traits.alone && f.s == "" && !f.flow.weak {
		c = finding.ConfidenceMedium
	}
	m.report(ruleCode, c, n, f.flow, "makes an object of that class", "class and arguments come from the request")
}

// callbacks are PHP's functions that call a function: which argument it is, and
// which are handed to it (-1: all behind it). An array is handed by elements.
var callbacks = map[string]struct {
	fn   int
	data []int
}{
	"call_user_func": {0, []int{-1}}, "forward_static_call": {0, []int{-1}}, "register_shutdown_function": {0, []int{-1}}, "register_tick_function": {0, []int{-1}},
	"array_map": {0, []int{-2}}, "array_filter": {1, []int{0}}, "array_walk": {1, []int{0, 2}}, "array_walk_recursive": {1, []int{0, 2}}, "array_reduce": {1, []int{2, 0}},
	"usort": {1, []int{0, 0}}, "uasort": {1, []int{0, 0}}, "uksort": {1, []int{0, 0}},
	"array_udiff": {2, []int{0, 1}}, "array_udiff_assoc": {2, []int{0, 1}}, "array_diff_uassoc": {2, []int{0, 1}}, "array_diff_ukey": {2, []int{0, 1}},
	"array_uintersect": {2, []int{0, 1}}, "array_uintersect_assoc": {2, []int{0, 1}}, "array_intersect_uassoc": {2, []int{0, 1}}, "array_intersect_ukey": {2, []int{0, 1}},
	"array_udiff_uassoc": {2, []int{0, 1}}, "array_uintersect_uassoc": {2, []int{0, 1}},
	"preg_replace_callback": {1, []int{2}}, "mb_ereg_replace_callback": {1, []int{2}}, "iterator_apply": {1, []int{2}},
	"call_user_method": {0, []int{-1}}, "array_find": {1, []int{0}}, "array_any": {1, []int{0}}, "array_all": {1, []int{0}},
	"readline_callback_handler_install": {1, []int{0}}, "header_register_callback": {0, nil}, "spl_autoload_register": {0, nil},
	"sqlite_create_function": {2, nil}, "libxml_set_external_entity_loader": {0, nil}, "ldap_set_rebind_proc": {1, nil}, "ob_start": {0, nil},
	"set_error_handler": {0, nil}, "set_exception_handler": {0, nil},
}

// callbacks runs functions that call functions; false if c is none.
func (m *machine) callbacks(c *call) (value, bool) {
	switch c.name {
	case "call_user_func_array", "forward_static_call_array":
		return m.invoke(c.arg(0), m.spread(c.args[min(1, len(c.args)):], 0), c.n), true
	case "array_map":
		return m.arrayMap(c), true
	case "preg_replace_callback_array":
		if a := c.arg(0); a.k == vArr {
			for _, f := range a.arr.vals {
				m.callEach(f, []value{arrayOf(&array{rest: value{k: vUnknown, flow: c.arg(1).taint()}})}, c.n)
			}
		}
		return unknown, true
	case "filter_var", "filter_var_array", "filter_input", "filter_input_array":
		return m.filter(c), true
	case "func_overload":
		return unknown, true
	}
	cb, ok := callbacks[c.name]
	if !ok || cb.fn >= len(c.args) {
		return unknown, false
	}
	f := c.args[cb.fn]
	var data []value
	for _, i := range cb.data {
		if i == -1 {
			data = append(data, c.args[cb.fn+1:]...)
		} else if i < len(c.args) {
			data = append(data, m.elementOf(c.args[i]))
		}
	}
	switch c.name {
	case "preg_replace_callback", "mb_ereg_replace_callback":
		data = []value{m.matched(c.arg(2))}
	case "array_walk", "array_walk_recursive":
		if len(data) == 2 {
			data = []value{data[0], unknown, data[1]}
		}
	case "usort", "uasort", "uksort":
		if c.name == "uksort" && c.args[0].k == vArr && len(c.args[0].arr.keys) > 0 {
			data = []value{c.args[0].arr.keys[0].value(), c.args[0].arr.keys[0].value()}
		}
	case "iterator_apply":
		data = m.spread(c.args, 2)[min(2, len(c.args)):]
	case "ob_start", "set_error_handler", "set_exception_handler", "header_register_callback", "spl_autoload_register":
		m.lateCallback(f, c.n)
		return unknown, true
	}
	out := m.invoke(f, data, c.n)
	if c.name == "call_user_func" || c.name == "forward_static_call" || c.name == "array_reduce" {
		return out, true
	}
	if c.name == "preg_replace_callback" && c.arg(2).k == vStr && out.k == vStr && len(c.arg(2).s) < 1<<16 {
		if v, ok := m.replaceCallback(c); ok {
			return v, true
		}
	}
	if c.name == "array_filter" {
		return c.args[0], true
	}
	return value{k: vUnknown, flow: better(out.taint(), taintOf(data))}, true
}

// matched is what a callback of preg_replace_callback is given.
func (m *machine) matched(subject value) value {
	e := m.elementOf(subject)
	if subject.k == vStr {
		e = value{k: vUnknown, hidden: subject.hidden}
	}
	return arrayOf(&array{rest: e, keys: []key{{}}, vals: []value{e}})
}

func (m *machine) callEach(f value, args []value, n *node) value { return m.invoke(f, args, n) }

// lateCallback is a function that PHP calls later: with what is printed, an
// error's text, a class's name. Handed a name that runs code, it is a sign.
func (m *machine) lateCallback(f value, n *node) {
	if len(m.handlers) < 64 {
		m.handlers = append(m.handlers, f)
		m.handlerAt = n
	}
	if name, ok := funcName(f); ok && dangerous(name) && m.traits.alone {
		m.hiddenCall(f, name, nil, n)
	}
}

// arrayMap calls on each element, as far as they are known.
func (m *machine) arrayMap(c *call) value {
	f, a := c.arg(0), c.arg(1)
	if len(c.args) == 2 && a.k == vArr && a.arr.rest.k == vUnset && len(a.arr.keys) <= 4096 {
		out := &array{fork: m.forkID}
		for i, k := range a.arr.keys {
			v := m.invoke(f, []value{a.arr.vals[i]}, c.n)
			if !m.spend(64) || m.loopSteps > maxLoopSteps {
				return value{k: vUnknown, flow: c.taint()}
			}
			m.loopSteps += 8
			out.set(k, v)
		}
		return arrayOf(out)
	}
	var data []value
	for _, v := range c.args[min(1, len(c.args)):] {
		data = append(data, m.elementOf(v))
	}
	v := m.invoke(f, data, c.n)
	return arrayOf(&array{rest: value{k: vUnknown, flow: better(v.taint(), nil)}})
}

// filter is filter_var and its relatives: they may call a function.
func (m *machine) filter(c *call) value {
	data := c.arg(0)
	kind, opts := 1, 2
	if strings.HasPrefix(c.name, "filter_input") {
		kind, opts = 2, 3
		data = tainted(m.source(c.n, fromRequest, "request input by "+c.name))
	}
	if strings.HasSuffix(c.name, "_array") {
		kind--
		if kind == 0 {
			kind = 1
		}
		opts = kind
	}
	call := m.optionFunc(c.arg(opts), 3)
	if call.k != vUnset {
		return m.invoke(call, []value{m.elementOf(data)}, c.n)
	}
	if k := c.arg(kind); k.k == vInt && k.i >= 257 && k.i <= 277 || k.k == vUnknown && len(k.alts) > 0 && strings.HasPrefix(k.alts[0], "FILTER_VALIDATE") || k.k == vUnknown && len(k.alts) > 0 && strings.HasPrefix(k.alts[0], "FILTER_SANITIZE_NUMBER") {
		return unknown
	}
	return value{k: vUnknown, flow: data.taint()}
}

func (m *machine) optionFunc(v value, depth int) value {
	if v.k != vArr || depth == 0 {
		return value{}
	}
	if i := v.arr.find(key{s: "options", isStr: true}); i >= 0 {
		o := v.arr.vals[i]
		if o.k == vArr {
			if in := m.optionFunc(o, depth-1); in.k != vUnset {
				return in
			}
			if len(o.arr.vals) != 2 {
				return value{}
			}
		}
		return o
	}
	for _, e := range v.arr.vals {
		if f := m.optionFunc(e, depth-1); f.k != vUnset {
			return f
		}
	}
	return value{}
}

// output is what is printed; ob_start's function sees it.
func (m *machine) output(n *node, v value) {
	if v.k == vObj {
		v = m.toString(v, n)
	}
	m.buffer.flow = better(m.buffer.flow, v.taint())
}

// throwTo hands a thrown exception's or error's text to the handlers at the end.
func (m *machine) throwTo(v value, _ *node) {
	m.buffer.flow = better(m.buffer.flow, v.taint())
	if v.k == vObj {
		m.buffer.flow = better(m.buffer.flow, m.objectTaint(v.obj))
	}
}

// include judges the inclusion of what is named, and runs what is known.
func (m *machine) include(n *node) value {
	v := m.eval(n.a)
	f := v.taint()
	if v.k == vStr {
		if w := m.written[v.s]; w != nil {
			m.code(n.s, tainted(w), n)
			return unknown
		}
		if body, ok := dataURL(v.s); ok {
			return m.evalFile(body, n)
		}
		low := strings.ToLower(v.s)
		if v.hidden > 1 && streams(low) || remoteURL(low) || strings.HasPrefix(low, "php://input") {
			from := fromRequest
			if !strings.HasPrefix(low, "php://input") {
				from = fromRemote
			}
			m.code(n.s, tainted(m.source(n, from, "stream "+low[:min(len(low), 40)])), n)
		}
		m.disguised(v.s, n)
		return unknown
	}
	if f == nil || f.from < fromUnset {
		return unknown
	}
	c := finding.ConfidenceLow
	low := strings.ToLower(v.s)
	switch {
	case strings.HasPrefix(low, "data:") || strings.HasPrefix(low, "php://") || strings.HasPrefix(low, "http"):
		c = finding.ConfidenceHigh
	case f.from == fromRemote:
		m.report(ruleRemote, finding.ConfidenceMedium, n, f, n.s, "")
		return unknown
	case v.s == "" && f.from == fromRequest && !f.weak && m.traits.alone && n.a.op != xBinary && n.a.op != xInterp:
		c = finding.ConfidenceMedium
		if m.traits.small {
			c = finding.ConfidenceHigh
		}
	}
	m.report(ruleInclude, c, n, f, n.s, "")
	return unknown
}

// disguised: a file that is included as code but named as something else, and
// written out with escapes so that nobody reads its name.
func (m *machine) disguised(path string, n *node) {
	src := m.unit.src[n.pos:min(int(n.end), len(m.unit.src))]
	if strings.Count(src, `\x`)+strings.Count(src, `\1`)+strings.Count(src, `\0`) > 4 {
		m.report(ruleHidden, finding.ConfidenceMedium, n, nil, n.s+" "+path, "the name of the included file is written in escapes")
	}
}

func streams(low string) bool {
	return strings.HasPrefix(low, "php://") || strings.HasPrefix(low, "data:") || strings.HasPrefix(low, "zip:") || strings.HasPrefix(low, "phar:") || strings.HasPrefix(low, "compress.")
}

func remoteURL(low string) bool {
	return strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "ftp://") || strings.HasPrefix(low, `\\`)
}

// handlePath is the path that a handle of fopen was opened with.
func handlePath(h value) value {
	if h.k == vObj && h.obj.name == "handle" && len(h.obj.args) > 0 {
		return h.obj.args[0]
	}
	return value{k: vUnknown}
}

// traits are what the machine learns of the file as a whole.
type traits struct {
	// alone: the file includes nothing and belongs to no namespace; wide: it
	// uses constants of others.
	alone, wide, small bool
	script             bool // named as PHP
	validates          bool
	com, shell         bool
	connects           bool
	hiddenDecoder      bool
	dials, curl        *flow
	assigned           map[string]bool
	verbs              []string
	verbFlow           *flow
}

func (t *traits) manages(verb string, f *flow) {
	if f == nil || f.weak {
		return
	}
	if !slices.Contains(t.verbs, verb) {
		t.verbs = append(t.verbs, verb)
	}
	t.verbFlow = better(t.verbFlow, f)
}
