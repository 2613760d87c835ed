package scripting

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// library implements script.Library for one program.
type library struct {
	language *language
	file     *evidence.File
	nested   int
	// requests and sinks count where the request is read, and calls that could
	// do harm with arguments that are not constant.
	requests, sinks int
	// cgi: the program reads what servers hand to CGI programs; http: it is a
	// server of its own.
	cgi, http bool
	// small: the program is too short to be an application.
	small bool
}

const fromRequest = script.Request | script.Whole

// Name implements script.Library.
func (l *library) Name(_ *script.Machine, name string) (script.Value, bool) {
	lang := l.language
	switch {
	case name == "STDIN" && l.cgi && lang.name == "perl":
		return script.Value{Type: name, Taint: fromRequest}, true
	case lang.sources[name]:
		return script.Value{Type: name, Taint: fromRequest}, true
	case lang.carriers[name]:
		return carrier(name), true
	}
	if typ, ok := lang.modules[name]; ok {
		return script.Object(typ), true
	}
	return script.Value{}, false
}

func carrier(typ string) script.Value {
	v := script.Object(typ)
	v.Taint = script.Carrier
	return v
}

// Typed implements script.Library.
func (l *library) Typed(_ *script.Machine, typ, _ string) (script.Value, bool) {
	if l.language.carriers[typ] || strings.HasSuffix(typ, "Request") {
		return carrier(typ), true
	}
	return script.Value{}, false
}

// Entry implements script.Library: handlers are told by the names of their
// parameters and by their decorators.
func (l *library) Entry(m *script.Machine, f *script.Func) []script.Value {
	args := make([]script.Value, len(f.Params))
	routed := false
	for _, mark := range f.Marks {
		_, last, ok := strings.Cut(mark, ".")
		routed = routed || ok && (last == "route" || last == "get" || last == "post" || last == "put" || last == "api_route" || last == "websocket") || strings.HasSuffix(mark, "expose")
	}
	for i, p := range f.Params {
		switch {
		case l.language.carries[p.Name]:
			args[i] = carrier("request")
		case routed && p.Name != "self":
			args[i] = script.Source(script.Value{}, fromRequest, f.Line, "request: argument %s of %s", p.Name, f.Name)
		}
	}
	return args
}

// Member implements script.Library.
func (l *library) Member(_ *script.Machine, object script.Value, name string) (script.Value, bool) {
	full := object.Type + "." + name
	if object.Type == "self" && !l.http {
		return script.Object(full), object.Taint == 0
	}
	switch {
	case l.language.sources[full]:
		return script.Value{Type: full, Taint: fromRequest}, true
	case object.Taint&script.Carrier != 0 && l.language.parts[name]:
		return script.Value{Taint: fromRequest}, true
	case object.Taint&script.Carrier != 0 && (name == "request" || name == "req" || name == "rel_url"):
		return carrier("request"), true
	case l.language.carriers[full]:
		return carrier(full), true
	case object.Type != "" && len(object.Type) < 200 && object.Kind == script.Unknown && object.Taint == 0:
		return script.Object(full), true
	}
	return script.Value{}, false
}

// Call implements script.Library.
func (l *library) Call(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	full := l.resolve(c)
	if v, ok := l.source(c, full); ok {
		return v, true
	}
	switch c.Name {
	case "require", "_load", "__import__", "import_module", "dynamicImport":
		if s, ok := c.Arg(0).String(); ok && c.Arg(0).Kind == script.IsText {
			return script.Object(strings.TrimPrefix(s, "node:")), l.language.name != "perl"
		}
	case "getattr":
		return l.attribute(c)
	case "globals", "locals", "vars":
		if len(c.Args) == 1 {
			return script.Object(c.Args[0].Type), true
		}
		return script.Object("builtins"), len(c.Args) == 0
	case "on", "once", "addListener":
		if c.Object.Taint&script.Carrier != 0 && c.Arg(1).Kind == script.IsFunc {
			m.RunEntry(c.Arg(1), []script.Value{script.Source(script.Value{}, fromRequest, c.Line, "request: data")})
			return c.Object, true
		}
	case "open":
		if l.language.name == "perl" {
			return l.pipe(c)
		}
	case "promisify":
		return c.Arg(0), true
	}
	if v, ok := l.write(c, full); ok {
		return v, true
	}
	return l.sink(m, c, full)
}

// resolve is the path of what is called, without where it is from by default.
func (l *library) resolve(c *script.Invocation) string {
	full := c.Path
	if full == "" || c.New && full == "" {
		full = c.Name
	}
	for _, prefix := range []string{"__builtins__.__dict__.", "builtins.__dict__.", "builtins.", "__builtins__.", "global.", "globalThis.", "."} {
		full = strings.TrimPrefix(full, prefix)
	}
	return full
}

// attribute is getattr(object, name).
func (l *library) attribute(c *script.Invocation) (script.Value, bool) {
	if s, ok := c.Arg(1).String(); ok {
		if v, ok := l.Member(nil, c.Arg(0), s); ok {
			return v, true
		}
		return script.Value{}, false
	}
	if c.Arg(1).All()&script.Request != 0 && c.Arg(0).Type != "" && l.dangerousModule(c.Arg(0).Type) {
		l.file.Sink(evidence.Reflection, finding.ConfidenceHigh, c.Line, c.Name, c.Arg(1))
	}
	return script.Mix(c.Args...), true
}

func (l *library) dangerousModule(typ string) bool {
	switch typ {
	case "os", "subprocess", "builtins", "__builtins__", "commands", "pty":
		return true
	}
	return false
}

func (l *library) source(c *script.Invocation, full string) (script.Value, bool) {
	lang := l.language
	switch {
	case lang.sources[full+"()"], lang.sources["."+c.Name+"()"] && (c.Object.Kind != script.Unknown || c.Object.Type != "" || c.Object.Taint != 0 || lang.name == "perl"),
		c.Object.Taint&script.Carrier != 0 && (lang.parts[c.Name] || lang.parts[c.Name+"()"]):
		l.requests++
		return script.Source(script.Value{}, fromRequest, c.Line, "request: %s(%s)", c.Name, argText(c.Arg(0))), true
	case lang.carriers[full+"()"]:
		return carrier("request"), true
	}
	return script.Value{}, false
}

func argText(v script.Value) string {
	if s, ok := v.String(); ok {
		return evidence.Quote(s)
	}
	return ""
}

func (l *library) sink(m *script.Machine, c *script.Invocation, full string) (script.Value, bool) {
	h, ok := l.language.calls[full]
	if !ok {
		if h, ok = l.language.calls["."+c.Name]; !ok || c.Object.Kind == script.IsText {
			return script.Value{}, false
		}
	}
	v := c.Arg(0)
	if h == evidence.Code && len(c.Args) > 1 && (c.Name == "Function" || c.Name == "compileFunction" || strings.HasSuffix(c.Name, "Function")) {
		v = c.Args[len(c.Args)-1]
	}
	if h == evidence.Code && v.Kind == script.IsText && v.All()&(script.Request|script.Decoded|script.Remote) == 0 {
		if l.nested < 3 && len(v.Text) > 0 {
			l.nested++
			out := m.Evaluate(v.Text, c.Line)
			l.nested--
			return out, true
		}
		return script.Value{}, true
	}
	if h == evidence.Tunnel {
		v = script.Mix(c.Args...)
	}
	if h == evidence.Command && len(c.Args) > 1 && c.Arg(1).Kind == script.IsList {
		v = script.Value{Kind: script.IsList, List: append([]script.Value{c.Arg(0)}, c.Arg(1).List...)}
	} else if h == evidence.Command && l.language.name == "perl" && len(c.Args) > 1 {
		v = script.Value{Kind: script.IsList, List: c.Args}
	}
	if v.Kind == script.Unknown {
		l.sinks++
	}
	what := c.Name
	if c.New {
		what = "new " + what
	}
	if v.All()&script.Request != 0 {
		sure := confidence(h, v)
		if h == evidence.Deserialize && !l.small {
			sure = finding.ConfidenceLow // applications that trust their cookies and queues do so
		}
		l.file.Sink(h, sure, c.Line, what, v)
	}
	out := script.Mix(c.Args...)
	if h == evidence.Command {
		out = script.Value{}
	}
	return out, true
}

// confidence says how much of a sink's argument the request chooses.
func confidence(h evidence.Harm, v script.Value) finding.Confidence {
	switch h {
	case evidence.Command:
		if v.Kind == script.IsList {
			return listConfidence(v.List)
		}
		begin, _ := v.Ends()
		if v.All()&script.Whole != 0 || shell(strings.Fields(begin)) {
			return finding.ConfidenceHigh
		}
		return finding.ConfidenceLow
	case evidence.Code, evidence.Class, evidence.Deserialize:
		if v.All()&script.Whole == 0 && h == evidence.Code {
			return finding.ConfidenceMedium
		}
		return finding.ConfidenceHigh
	}
	if v.All()&script.Whole == 0 {
		return finding.ConfidenceLow
	}
	return finding.ConfidenceMedium
}

func listConfidence(args []script.Value) finding.Confidence {
	for len(args) > 0 && args[0].Kind == script.IsList {
		args = append(args[0].List[:len(args[0].List):len(args[0].List)], args[1:]...)
	}
	if len(args) == 0 {
		return finding.ConfidenceLow
	}
	first, ok := args[0].String()
	switch {
	case !ok && args[0].All()&script.Request != 0 && args[0].All()&script.Whole != 0, ok && shell([]string{first}):
		return finding.ConfidenceHigh
	}
	return finding.ConfidenceLow
}

// shell says whether a command is run by an interpreter.
func shell(words []string) bool {
	if len(words) == 0 {
		return false
	}
	switch strings.TrimSuffix(path.Base(strings.ReplaceAll(words[0], `\`, "/")), ".exe") {
	case "sh", "bash", "dash", "ash", "zsh", "ksh", "cmd", "powershell", "pwsh", "python", "python3", "perl", "busybox", "sudo", "env", "eval", "nohup":
		return true
	}
	return false
}

// write follows files that are written.
func (l *library) write(c *script.Invocation, full string) (script.Value, bool) {
	switch {
	case full == "open" && l.language.name == "python":
		mode, _ := c.Arg(1).String()
		if strings.ContainsAny(mode, "wa") {
			return script.Value{Type: "file output", Fields: map[string]script.Value{"(path)": c.Arg(0)}}, true
		}
	case c.Object.Type == "file output" && strings.HasPrefix(c.Name, "write"):
		l.judgeWrite(c, c.Object.Fields["(path)"], script.Mix(c.Args...))
		return script.Value{}, true
	case strings.HasPrefix(full, "fs.writeFile") || strings.HasPrefix(full, "fs.appendFile"):
		l.judgeWrite(c, c.Arg(0), c.Arg(1))
		return script.Value{}, true
	}
	return script.Value{}, false
}

func (l *library) judgeWrite(c *script.Invocation, where, data script.Value) {
	if data.All()&script.Request != 0 && where.All()&script.Whole != 0 && where.All()&script.Request != 0 {
		l.file.Sink(evidence.Write, finding.ConfidenceMedium, c.Line, "file: "+c.Name, data)
	}
}

// pipe is Perl's open, which runs commands.
func (l *library) pipe(c *script.Invocation) (script.Value, bool) {
	if len(c.Args) < 2 {
		return script.Value{}, false
	}
	begin, end := c.Arg(1).Ends()
	begin, end = strings.TrimSpace(begin), strings.TrimSpace(end)
	v := c.Arg(1)
	switch {
	case len(c.Args) > 2 && strings.Contains(begin, "|"):
		v = script.Value{Kind: script.IsList, List: c.Args[2:]}
		if len(c.Args) == 3 {
			v = c.Args[2]
		}
	case strings.HasPrefix(begin, "|") || strings.HasSuffix(end, "|"):
		if strings.HasPrefix(begin, "|") && len(strings.Trim(begin, "| ")) == 0 || begin == end {
			v.Taint |= script.Whole
		}
	default:
		return script.Value{}, false
	}
	if v.All()&script.Request != 0 {
		l.file.Sink(evidence.Command, confidence(evidence.Command, v), c.Line, "open (a pipe)", v)
	}
	return script.Value{}, true
}
