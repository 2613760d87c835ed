// Package java says what the names of Java mean to whoever looks for
// WebShells: where requests are read, what runs code, commands and classes,
// and how reflection names them. Pages (package jsp) and class files (package
// class) follow values with it.
package java

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// Library implements script.Library for one file.
type Library struct {
	File *evidence.File
	// Page: the file has no other purpose than to answer requests, so that
	// weaker signs count.
	Page bool
	// Requests counts where the request is read.
	Requests int
	// Loose are sinks that were reached by values of which nothing is known.
	Loose []Loose
	// Accesses are the ways in which files that the request names are used,
	// and where.
	Accesses map[string]int
	// Registrations are calls that put something into the running server.
	Registrations []Loose
	// Payloads are constants of the program that may be code themselves.
	Payloads []string
}

// Loose is a call whose argument is not known.
type Loose struct {
	Harm evidence.Harm
	Line int
	What string
}

// implicit are the objects that a page has without declaring them.
var implicit = map[string]string{
	"request": "HttpServletRequest", "req": "HttpServletRequest", "pageContext": "PageContext", "session": "HttpSession", "application": "ServletContext",
	"param": "EL.param", "paramValues": "EL.param", "header": "EL.header", "headerValues": "EL.header", "cookie": "EL.cookie",
}

// Name implements script.Library.
func (l *Library) Name(_ *script.Machine, name string) (script.Value, bool) {
	typ, ok := implicit[name]
	if !ok {
		return script.Value{}, false
	}
	v := script.Object(typ)
	if strings.HasPrefix(typ, "EL.") {
		v.Taint = script.Request | script.Whole
		l.Requests++
	} else if typ == "HttpServletRequest" || typ == "PageContext" {
		v.Taint = script.Carrier
	}
	return v, true
}

// requests says whether a type is one that requests are read from.
func requests(typ string) bool {
	base := typ[strings.LastIndexByte(typ, '.')+1:]
	switch base {
	case "PageContext", "JspContext", "HttpExchange", "ServerWebExchange", "ExternalContext", "ChannelHandlerContext", "RoutingContext":
		return true
	}
	return strings.HasSuffix(base, "Request") || strings.HasSuffix(base, "RequestWrapper") || strings.HasSuffix(base, "RequestFacade")
}

// Typed implements script.Library.
func (l *Library) Typed(_ *script.Machine, typ, _ string) (script.Value, bool) {
	if typ == "" || typ == "var" || typ == "Object" || typ == "def" {
		return script.Value{}, false
	}
	v := script.Object(typ)
	if requests(typ) {
		v.Taint = script.Carrier
	}
	return v, true
}

// Entry implements script.Library.
func (l *Library) Entry(m *script.Machine, f *script.Func) []script.Value {
	args := make([]script.Value, len(f.Params))
	for i, p := range f.Params {
		args[i], _ = l.Typed(m, p.Type, p.Name)
		if len(p.Marks) > 0 && marked(p.Marks) || marked(f.Marks) && (p.Type == "String" || p.Type == "byte[]" || p.Type == "ByteBuffer") ||
			f.Name == "onMessage" && i == 0 {
			l.Requests++
			args[i] = script.Source(args[i], script.Request|script.Whole, f.Line, "request: argument %s of %s", p.Name, f.Name)
		}
	}
	return args
}

// marked says whether annotations bind a parameter to the request.
func marked(marks []string) bool {
	for _, m := range marks {
		switch m[strings.LastIndexByte(m, '.')+1:] {
		case "RequestParam", "RequestBody", "PathVariable", "RequestHeader", "CookieValue", "QueryParam", "FormParam", "PathParam", "HeaderParam", "OnMessage", "WebMethod":
			return true
		}
	}
	return false
}

// Member implements script.Library.
func (l *Library) Member(_ *script.Machine, object script.Value, name string) (script.Value, bool) {
	switch {
	case name == "class" || name == "Class" && object.Kind == script.IsText:
		return script.Object("class " + typeOf(object)), true
	case strings.HasPrefix(object.Type, "EL."):
		l.Requests++
		return script.Value{Taint: script.Request | script.Whole}, true
	case object.Taint&script.Carrier != 0:
		switch name {
		case "request":
			return carrier("HttpServletRequest"), true
		case "queryString", "requestURI", "pathInfo", "parameterMap", "inputStream", "reader", "cookies", "QueryString":
			l.Requests++
			return script.Value{Taint: script.Request | script.Whole}, true
		}
	case name == "runtime" && strings.HasSuffix(object.Type, "Runtime"):
		return script.Object("java.lang.Runtime"), true
	}
	return script.Value{}, false
}

func carrier(typ string) script.Value {
	v := script.Object(typ)
	v.Taint = script.Carrier
	return v
}

// typeOf is the type of an object or of text.
func typeOf(v script.Value) string {
	if v.Kind == script.IsText && v.Type == "" {
		return "java.lang.String"
	}
	return v.Type
}

// is says whether a type is one of bases, with or without its package.
func is(typ string, bases ...string) bool {
	base := typ[strings.LastIndexByte(typ, '.')+1:]
	for _, b := range bases {
		if base == b {
			return true
		}
	}
	return false
}

// dangerous is what counts as coming from somebody else.
const dangerous = script.Request | script.Decoded | script.Remote

// confidence says how sure a flow of v into a sink is.
func (l *Library) confidence(v script.Value) finding.Confidence {
	if v.All()&script.Request != 0 {
		return finding.ConfidenceHigh
	}
	return finding.ConfidenceMedium
}

// constant says whether all of v is known.
func constant(v script.Value) bool {
	if v.Kind == script.IsList {
		for _, e := range v.List {
			if !constant(e) {
				return false
			}
		}
		return true
	}
	_, ok := v.String()
	return ok
}
