package asp

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// library implements script.Library for the object models of ASP and .NET.
// Names are compared in lower case, as VBScript does.
type library struct {
	file     *evidence.File
	controls map[string]bool
	// binds: eval is no more than a way to the fields of data, as in the
	// compiled languages of .NET.
	binds    bool
	requests int
	loose    []loose
	accesses map[string]bool
	nested   int
}

// loose is a call whose argument is not known.
type loose struct {
	harm evidence.Harm
	line int
	what string
}

const fromRequest = script.Request | script.Whole

// Name implements script.Library.
func (l *library) Name(_ *script.Machine, name string) (script.Value, bool) {
	lower := strings.ToLower(name)
	switch {
	case lower == "request":
		return carrier("request"), true
	case lower == "context" || lower == "httpcontext" || lower == "page":
		return script.Object("httpcontext"), true
	case l.controls[lower]:
		return script.Object("control"), true
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
	lower := base(typ)
	switch {
	case lower == "" || lower == "var" || lower == "object" || lower == "dynamic":
		return script.Value{}, false
	case lower == "httprequest" || lower == "httprequestbase" || lower == "httplistenerrequest":
		return carrier("request"), true
	}
	return script.Object(lower), true
}

// base is the last part of a dotted name, in lower case.
func base(typ string) string {
	return strings.ToLower(typ[strings.LastIndexByte(typ, '.')+1:])
}

// Entry implements script.Library: the arguments of methods of web services
// come from the request.
func (l *library) Entry(m *script.Machine, f *script.Func) []script.Value {
	args := make([]script.Value, len(f.Params))
	web := false
	for _, mark := range f.Marks {
		web = web || strings.EqualFold(mark, "webmethod")
	}
	for i, p := range f.Params {
		args[i], _ = l.Typed(m, p.Type, p.Name)
		if web {
			args[i] = script.Source(args[i], fromRequest, f.Line, "request: argument %s of %s", p.Name, f.Name)
		}
	}
	return args
}

// requestParts are what requests are read through.
var requestParts = map[string]bool{
	"form": true, "querystring": true, "item": true, "params": true, "headers": true, "cookies": true, "servervariables": true, "inputstream": true, "files": true, "rawurl": true, "url": true, "urlreferrer": true, "useragent": true, "pathinfo": true, "binaryread": true, "totalbytes": true, "userlanguages": true, "body": true, "query": true, "bodyreader": true, "getbufferedinputstream": true, "getbufferlessinputstream": true, "unvalidated": true, "contenttype": true, "useraddr": true,
}

// Member implements script.Library.
func (l *library) Member(_ *script.Machine, object script.Value, name string) (script.Value, bool) {
	lower := strings.ToLower(name)
	switch {
	case lower == "request" && object.Taint&script.Request == 0:
		return carrier("request"), true
	case object.Taint&script.Carrier != 0 && lower != "totalbytes" && lower != "httpmethod" && lower != "contentlength" && lower != "physicalpath" && lower != "applicationpath" && lower != "filepath" && lower != "isauthenticated" && lower != "islocal" && lower != "physicalapplicationpath" && lower != "currentexecutionfilepath":
		l.requests++
		v := script.Value{Taint: fromRequest}
		if !requestParts[lower] {
			v.Type = "request part"
		}
		return v, true
	case object.Type == "control":
		switch lower {
		case "text", "value", "postedfile", "filename", "filebytes", "filecontent", "selectedvalue", "innertext":
			l.requests++
			v := script.Value{Taint: fromRequest}
			if lower == "filename" {
				v.Taint = script.Request
			}
			return v, true
		}
	case lower == "startinfo" && strings.HasSuffix(object.Type, "process"):
		return script.Object("processstartinfo"), true
	}
	return script.Value{}, false
}

// Call implements script.Library.
func (l *library) Call(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	name := strings.ToLower(c.Name)
	if v, ok := l.source(c, name); ok {
		return v, true
	}
	if v, ok := l.reflect(m, c, name); ok {
		return v, true
	}
	if v, ok := l.fileCall(c, name); ok {
		return v, true
	}
	return l.sink(m, c, name)
}

func (l *library) source(c *script.Invocation, name string) (script.Value, bool) {
	switch {
	case c.New:
		return script.Value{}, false
	case name == "request" && c.Object.Kind == script.Unknown && c.Object.Taint == 0, c.Object.Taint&script.Carrier != 0:
		if name == "saveas" || strings.HasPrefix(name, "map") || name == "validateinput" {
			return script.Value{}, false
		}
		l.requests++
		return script.Source(script.Value{}, fromRequest, c.Line, "request: %s(%s)", c.Name, argText(c.Arg(0))), true
	case c.Object.Type == "control" && name == "saveas":
		l.write(c, c.Arg(0), script.Source(script.Value{}, script.Request, c.Line, "request: uploaded file"))
		return script.Value{}, true
	case (name == "downloaddata" || name == "downloadstring" || name == "getresponsestream" || name == "getresponse") && strings.Contains(base(c.Object.Type), "web"):
		return script.Source(script.Mix(append(c.Args, c.Object)...), script.Remote, c.Line, "connection: %s", c.Name), true
	}
	return script.Value{}, false
}

func argText(v script.Value) string {
	if s, ok := v.String(); ok {
		return evidence.Quote(s)
	}
	return ""
}

const dangerous = script.Request | script.Decoded | script.Remote

// report records a flow into a sink if one is there.
func (l *library) report(h evidence.Harm, c *script.Invocation, v script.Value) {
	what := strings.TrimSuffix(c.Name, "=")
	if c.New {
		what = "new " + what
	}
	switch t := v.All(); {
	case t&script.Request != 0:
		l.file.Sink(h, finding.ConfidenceHigh, c.Line, what, v)
	case t&(dangerous|script.Embedded) != 0:
		l.file.Sink(h, finding.ConfidenceMedium, c.Line, what, v)
	default:
		if _, ok := v.String(); !ok {
			l.loose = append(l.loose, loose{h, c.Line, what})
		}
	}
}

// conclude judges what no single flow shows.
func (l *library) conclude() {
	for _, s := range l.loose {
		sure := s.harm == evidence.Code || s.harm == evidence.Command || s.harm == evidence.Class
		if sure && l.requests > 0 || s.harm == evidence.Code {
			l.file.Sign(s.harm, finding.ConfidenceMedium, s.line, fmt.Sprintf("%s with an argument that is not constant", s.what))
		}
	}
	if len(l.accesses) > 1 {
		for i := range l.file.Verdicts {
			if v := &l.file.Verdicts[i]; strings.HasSuffix(v.Rule.ID, "-files") {
				v.Confidence = finding.ConfidenceMedium
			}
		}
	}
}
