package asp

import (
	"strings"

	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// rule is one way to do harm.
type rule struct {
	harm evidence.Harm
	// types are parts of the object's type; none is any, "" is an unknown one.
	types []string
}

// calls are functions and methods that do harm, by name in lower case. A name
// with "=" is a property that is set.
var calls = map[string]rule{
	"eval":                        {evidence.Code, nil},
	"execute":                     {evidence.Code, []string{""}},
	"executeglobal":               {evidence.Code, nil},
	"executestatement":            {evidence.Code, nil},
	"addcode":                     {evidence.Code, nil},
	"jscriptevaluate":             {evidence.Code, nil},
	"evaluate":                    {evidence.Code, nil},
	"evaluateasync":               {evidence.Code, nil},
	"compileassemblyfromsource":   {evidence.Code, nil},
	"compileassemblyfromdom":      {evidence.Code, nil},
	"parsetext":                   {evidence.Code, nil},
	"addscript":                   {evidence.Command, nil},
	"invokescript":                {evidence.Command, nil},
	"createnestedpipeline":        {evidence.Command, nil},
	"createpipeline":              {evidence.Command, nil},
	"exec":                        {evidence.Command, []string{"shell", ""}},
	"run":                         {evidence.Command, []string{"shell", ""}},
	"shellexecute":                {evidence.Command, nil},
	"shell":                       {evidence.Command, []string{""}},
	"start":                       {evidence.Command, []string{"process"}},
	"arguments=":                  {evidence.Command, []string{"process", "startinfo"}},
	"filename=":                   {evidence.Command, []string{"process", "startinfo"}},
	"load":                        {evidence.Class, []string{"assembly", "appdomain", "currentdomain"}},
	"loadfrom":                    {evidence.Class, nil},
	"loadfile":                    {evidence.Class, []string{"assembly"}},
	"unsafeloadfrom":              {evidence.Class, nil},
	"executeassembly":             {evidence.Class, nil},
	"executeassemblybyname":       {evidence.Class, nil},
	"copy":                        {evidence.Class, []string{"marshal"}},
	"deserialize":                 {evidence.Deserialize, nil},
	"unsafedeserialize":           {evidence.Deserialize, nil},
	"readobject":                  {evidence.Deserialize, nil},
	"parse":                       {evidence.Deserialize, []string{"xamlreader", "xamlservices"}},
	"objectdataprovider":          {evidence.Deserialize, nil},
	"methodname=":                 {evidence.Reflection, []string{"objectdataprovider"}},
	"connect":                     {evidence.Tunnel, []string{"socket", "tcpclient"}},
	"beginconnect":                {evidence.Tunnel, []string{"socket", "tcpclient"}},
	"connectionstring=":           {evidence.Database, nil},
	"registervirtualpathprovider": {evidence.Memory, nil},
	"transformnode":               {evidence.Code, nil},
	"stylesheet=":                 {evidence.Code, nil},
}

// makes are constructors that do harm.
var makes = map[string]evidence.Harm{
	"processstartinfo": evidence.Command, "tcpclient": evidence.Tunnel, "ipendpoint": evidence.Tunnel,
	"sqlconnection": evidence.Database, "oledbconnection": evidence.Database, "odbcconnection": evidence.Database,
	"function": evidence.Code, "objectinputstream": evidence.Deserialize,
}

func (l *library) sink(m *script.Machine, c *script.Invocation, name string) (script.Value, bool) {
	if c.New {
		if h, ok := makes[base(c.Path)]; ok && len(c.Args) > 0 {
			l.report(h, c, script.Mix(c.Args...))
		}
		if base(c.Path) == "activexobject" {
			return l.create(c.Arg(0), c), true
		}
		return script.Value{}, false
	}
	r, ok := calls[name]
	if !ok || !r.fits(c) {
		return l.shape(m, c, name)
	}
	switch name {
	case "registervirtualpathprovider":
		l.file.Sign(evidence.Memory, "medium", c.Line, "registers a virtual path provider")
		return script.Value{}, true
	case "eval", "execute":
		if l.binds {
			return script.Value{}, false // binds data to controls
		}
		return l.code(m, c), true
	case "executeglobal", "executestatement", "addcode":
		return l.code(m, c), true
	}
	v := script.Mix(c.Args...)
	if len(c.Args) == 1 {
		v = c.Args[0]
	}
	if name == "start" && len(c.Args) == 0 {
		v = c.Object
		if v.All()&dangerous == 0 {
			return script.Value{}, true
		}
	}
	l.report(r.harm, c, v)
	out := script.Mix(v, c.Object)
	if r.harm == evidence.Class {
		out.Type = "assembly"
	}
	return out, true
}

func (r rule) fits(c *script.Invocation) bool {
	if r.types == nil {
		return true
	}
	typ := strings.TrimPrefix(strings.ToLower(c.Object.Type), "class ")
	for _, t := range r.types {
		if t == "" && typ == "" || t != "" && strings.Contains(typ, t) {
			return true
		}
	}
	return false
}

// code is eval: constant code is run, as part of the program.
func (l *library) code(m *script.Machine, c *script.Invocation) script.Value {
	arg := c.Arg(0)
	if s, ok := arg.String(); ok && arg.Kind == script.IsText && arg.All()&dangerous == 0 {
		if l.nested < maxNested {
			l.nested++
			v := m.Evaluate(s, c.Line)
			l.nested--
			return v
		}
	}
	l.report(evidence.Code, c, arg)
	return script.Mix(arg)
}

// maxNested bounds code in code in code.
const maxNested = 4

// create makes an object of a class that is named by text.
func (l *library) create(name script.Value, c *script.Invocation) script.Value {
	s, ok := name.String()
	if !ok {
		l.report(evidence.Reflection, c, name)
		return script.Object("")
	}
	s = strings.ToLower(s)
	switch s {
	case "new:72c24dd5-d70a-438b-8a42-98424b88afb8", "new:{72c24dd5-d70a-438b-8a42-98424b88afb8}", "clsid:72c24dd5-d70a-438b-8a42-98424b88afb8":
		s = "wscript.shell"
	case "new:13709620-c279-11ce-a49e-444553540000", "clsid:13709620-c279-11ce-a49e-444553540000":
		s = "shell.application"
	case "clsid:0d43fe01-f093-11cf-8940-00a0c9054228", "new:0d43fe01-f093-11cf-8940-00a0c9054228":
		s = "scripting.filesystemobject"
	}
	return script.Object(s)
}

// shape gives the types of results that later calls are told apart by.
func (l *library) shape(m *script.Machine, c *script.Invocation, name string) (script.Value, bool) {
	switch name {
	case "createobject", "getobject":
		return l.create(c.Arg(0), c), true
	case "mappath":
		return script.Concat(script.Value{}, c.Arg(0)), true
	case "loadxml":
		return l.stylesheet(m, c)
	case "process", "typeof", "gettype":
		if name == "typeof" || name == "gettype" && len(c.Args) == 1 {
			v := c.Arg(0)
			if s, ok := v.String(); ok && v.Kind == script.IsText {
				return script.Object("class " + s), true
			}
			return script.Value{Type: "class " + v.Type, Taint: v.Taint &^ script.Carrier, From: v.From}, true
		}
	case "open":
		if strings.Contains(c.Object.Type, "adodb.connection") && len(c.Args) > 0 {
			l.report(evidence.Database, c, c.Arg(0))
			return script.Value{}, true
		}
	}
	return script.Value{}, false
}

// reflect follows methods that are named by text.
func (l *library) reflect(m *script.Machine, c *script.Invocation, name string) (script.Value, bool) {
	switch name {
	case "getmethod", "getconstructor", "getproperty":
		s, ok := c.Arg(0).String()
		if !ok {
			s = "?"
		}
		v := script.Mix(c.Object, c.Arg(0))
		v.Type = "method " + strings.TrimPrefix(c.Object.Type, "class ") + "." + s
		return v, name == "getmethod"
	case "invoke", "invokemember", "dynamicinvoke", "callbyname":
		return l.invoke(m, c, name)
	case "createinstance":
		v := script.Mix(append(c.Args[:len(c.Args):len(c.Args)], c.Object)...)
		v.Type = strings.TrimPrefix(c.Arg(0).Type, "class ")
		if c.Object.Type == "assembly" || c.Object.All()&dangerous != 0 {
			v.Type = "assembly object"
		}
		return v, true
	}
	return script.Value{}, false
}

func (l *library) invoke(m *script.Machine, c *script.Invocation, name string) (script.Value, bool) {
	var args []script.Value
	method := script.Value{}
	object := script.Object(strings.TrimPrefix(c.Object.Type, "class "))
	switch {
	case name == "invokemember":
		method = c.Arg(0)
		args = c.Args[min(1, len(c.Args)):]
	case strings.HasPrefix(c.Object.Type, "method "):
		full := c.Object.Type[7:]
		dot := strings.LastIndexByte(full, '.')
		object, method = script.Object(full[:max(dot, 0)]), script.Str(full[dot+1:])
		args = c.Args[min(1, len(c.Args)):]
	default:
		return script.Value{}, false
	}
	var flat []script.Value
	for _, a := range args {
		if a.Kind == script.IsList {
			flat = append(flat, a.List...)
		} else {
			flat = append(flat, a)
		}
	}
	all := script.Mix(append(flat[:len(flat):len(flat)], c.Object)...)
	s, ok := method.String()
	if !ok || s == "?" {
		if c.Object.All()&script.Request != 0 || method.All()&script.Request != 0 {
			l.report(evidence.Reflection, c, script.Mix(method, c.Object))
		}
		return all, true
	}
	n := &script.Invocation{Name: s, Path: object.Type + "." + s, Object: object, Args: flat, Line: c.Line}
	if v, ok := l.Call(m, n); ok {
		return v, true
	}
	return all, true
}

// stylesheet runs the script in a constant XSL stylesheet.
func (l *library) stylesheet(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	s, ok := c.Arg(0).String()
	if !ok || !strings.Contains(s, ":script") {
		return script.Value{}, false
	}
	_, code, _ := strings.Cut(s, ":script")
	_, code, _ = strings.Cut(code, ">")
	code, _, _ = strings.Cut(code, "</")
	if l.nested < maxNested {
		l.nested++
		l.binds = false
		m.EvaluateIn(&script.JavaScript, strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(code), c.Line)
		l.nested--
	}
	return script.Value{}, true
}
