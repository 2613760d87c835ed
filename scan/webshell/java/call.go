package java

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// Call implements script.Library.
func (l *Library) Call(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	if v, ok := l.source(m, c); ok {
		return v, true
	}
	if v, ok := l.reflect(m, c); ok {
		return v, true
	}
	if v, ok := l.fileCall(c); ok {
		return v, true
	}
	if v, ok := l.sink(c); ok {
		return v, true
	}
	return l.shape(c)
}

// fromRequest are methods whose result the sender of a request chooses,
// whatever object they are called on.
var fromRequest = map[string]bool{
	"getParameter": true, "getParameterValues": true, "getParameterMap": true, "getParameterNames": true, "getHeader": true, "getHeaders": true, "getQueryString": true, "getCookies": true, "getRequestHeaders": true, "getRequestBody": true, "getRequestHeader": true, "getPathInfo": true, "getRequestURI": true, "getRequestURL": true, "getPart": true, "getParts": true, "getFormData": true, "getQueryParams": true, "getFirst": true, "getParameterValue": true, "bodyToMono": true,
}

// whenRequest are methods that read the request only if their object is one.
var whenRequest = map[string]bool{
	"getInputStream": true, "getReader": true, "getContentType": true, "getMethod": true, "getAttributeNames": true, "getBody": true, "getHeaderNames": true, "getInput": true, "getRemoteUser": true, "getServletPath": true, "getPayload": true, "content": true, "headers": true, "uri": true, "getUri": true, "queryParam": true,
}

func (l *Library) source(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	carries := c.Object.Taint&script.Carrier != 0
	switch {
	case c.New:
		return script.Value{}, false
	case fromRequest[c.Name] && (c.Object.Type != "" && !known(c.Object.Type) || c.Object.Kind == script.Unknown) && !is(c.Object.Type, "URL", "URI", "HttpURLConnection", "URLConnection", "Matcher"),
		carries && whenRequest[c.Name]:
		l.Requests++
		v := script.Source(script.Value{}, script.Request|script.Whole, c.Line, "request: %s(%s)", c.Name, argText(c.Arg(0)))
		switch c.Name {
		case "getPart":
			v.Type = "part"
		case "getParts":
			v.Type = "parts"
		}
		return v, true
	case c.Name == "getRequest" || c.Name == "getNativeRequest" || c.Name == "getServletRequest":
		return carrier("HttpServletRequest"), true
	case c.Name == "getRealPath":
		return script.Concat(script.Value{}, c.Arg(0)), true
	case c.Name == "setAttribute" || c.Name == "putValue":
		if k, ok := c.Arg(0).String(); ok {
			m.Set("attribute "+k, c.Arg(1))
		}
		return script.Value{}, true
	case c.Name == "getAttribute" || c.Name == "getValue" && c.Object.Type == "HttpSession":
		if k, ok := c.Arg(0).String(); ok {
			if v := m.Get("attribute " + k); v.All() != 0 || v.Kind != script.Unknown {
				return v, true
			}
		}
		return script.Value{}, true
	}
	if v, ok := l.parsed(c); ok {
		return v, true
	}
	return l.elsewhere(c)
}

// parsed are results of libraries that are given the request as a whole, such
// as commons-fileupload.
func (l *Library) parsed(c *script.Invocation) (script.Value, bool) {
	for _, a := range c.Args {
		if a.Taint&script.Carrier == 0 || a.Type == "PageContext" && !c.New {
			continue
		}
		switch {
		case c.New && (strings.Contains(c.Name, "Multipart") || strings.Contains(c.Name, "Upload") || strings.Contains(c.Name, "Wrapper")):
			return script.Source(script.Object(c.Path), script.Request, c.Line, "request: new %s(request)", c.Name), true
		case strings.HasPrefix(c.Name, "parse") || c.Name == "getItemIterator":
			l.Requests++
			return script.Source(script.Value{}, script.Request, c.Line, "request: %s(request)", c.Name), true
		}
	}
	return script.Value{}, false
}

// known are types that have nothing to do with requests although their methods
// are called alike.
func known(typ string) bool {
	return is(typ, "ServletConfig", "Connection", "Statement", "Method", "Class", "Properties", "HttpServletResponse", "HttpGet")
}

func argText(v script.Value) string {
	if s, ok := v.String(); ok {
		return evidence.Quote(s)
	}
	return ""
}

// elsewhere is data that comes from connections and files.
func (l *Library) elsewhere(c *script.Invocation) (script.Value, bool) {
	switch c.Name {
	case "openStream", "openConnection", "getContent":
		if is(c.Object.Type, "URL", "URLConnection", "HttpURLConnection") {
			v := script.Source(script.Mix(c.Object), script.Remote, c.Line, "connection: %s", c.Name)
			v.Type = "HttpURLConnection"
			return v, true
		}
	case "getInputStream":
		if is(c.Object.Type, "Socket", "HttpURLConnection", "URLConnection", "HttpsURLConnection") {
			return script.Source(script.Mix(c.Object), script.Remote, c.Line, "connection: getInputStream"), true
		}
		if is(c.Object.Type, "Process") {
			return script.Value{}, true
		}
	case "exec", "start":
	}
	return script.Value{}, false
}

// shape gives the types of results that later calls are told apart by.
func (l *Library) shape(c *script.Invocation) (script.Value, bool) {
	typ, ok := results[c.Name]
	if !ok || c.New {
		return script.Value{}, false
	}
	if typ == "java.lang.Runtime" && len(c.Args) > 0 {
		return script.Value{}, false
	}
	v := script.Mix(append(c.Args[:len(c.Args):len(c.Args)], c.Object)...)
	v.Type = typ
	return v, true
}

var results = map[string]string{
	"getRuntime": "java.lang.Runtime", "getEngineByName": "ScriptEngine", "getEngineByExtension": "ScriptEngine", "getEngineByMimeType": "ScriptEngine", "getScriptEngine": "ScriptEngine",
	"getSystemJavaCompiler": "JavaCompiler", "getUnsafe": "Unsafe", "getContextClassLoader": "ClassLoader", "getSystemClassLoader": "ClassLoader", "getConnection": "Connection", "getExpressionFactory": "ExpressionFactory",
}

// report records a flow into a sink if one is there.
func (l *Library) report(h evidence.Harm, c *script.Invocation, v script.Value) {
	what := c.Name
	if c.New {
		what = "new " + what
	}
	switch t := v.All(); {
	case t&script.Embedded != 0 && t&dangerous == 0:
		l.File.Sink(h, finding.ConfidenceMedium, c.Line, what, v)
	case t&dangerous != 0:
		sure := l.confidence(v)
		if begin, _ := v.Ends(); !l.Page && t&script.Whole == 0 && begin == "" {
			sure = finding.ConfidenceLow // a path in a folder of the application, as CGI servlets have
		}
		if t&script.Request != 0 || l.Page {
			l.File.Sink(h, sure, c.Line, what, v)
		}
	case !constant(v) || t&script.FromFile != 0:
		l.Loose = append(l.Loose, Loose{Harm: h, Line: c.Line, What: what})
	}
}
