package java

import (
	"strings"

	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// rule is one way to do harm: a call, and which of its parts matter.
type rule struct {
	harm evidence.Harm
	// types are those of the object, or of what it may be; none is any.
	types []string
	// object: the object itself does the harm, not the arguments.
	object bool
	// first: only the first argument matters.
	first bool
}

// calls are methods that do harm, by name.
var calls = map[string][]rule{
	"exec":                   {{harm: evidence.Command, types: []string{"Runtime", "?", ""}}},
	"command":                {{harm: evidence.Command, types: []string{"ProcessBuilder"}}},
	"start":                  {{harm: evidence.Command, types: []string{"ProcessImpl"}}, {harm: evidence.Command, types: []string{"ProcessBuilder"}, object: true}},
	"forkAndExec":            {{harm: evidence.Command}},
	"createProcess":          {{harm: evidence.Command}},
	"execute":                {{harm: evidence.Command, types: []string{"DefaultExecutor", "Execute"}}},
	"load":                   {{harm: evidence.Class, types: []string{"Runtime", "System", "ClassLoader"}}, {harm: evidence.Deserialize, types: []string{"Yaml"}}},
	"loadLibrary":            {{harm: evidence.Class, types: []string{"Runtime", "System"}}},
	"loadLibrary0":           {{harm: evidence.Class}},
	"eval":                   {{harm: evidence.Code, first: true}},
	"evaluate":               {{harm: evidence.Code, types: []string{"GroovyShell", "JexlEngine", "ExpressionEvaluator", "ScriptEvaluator", "Binding", "Interpreter", "VariableResolver", "ExpressionEvaluatorImpl", "MVEL", "?"}}},
	"source":                 {{harm: evidence.Code, types: []string{"Interpreter"}}},
	"evaluateString":         {{harm: evidence.Code}},
	"compileString":          {{harm: evidence.Code}},
	"evaluateExpression":     {{harm: evidence.Code}},
	"proprietaryEvaluate":    {{harm: evidence.Code}},
	"createValueExpression":  {{harm: evidence.Code}},
	"createMethodExpression": {{harm: evidence.Code}},
	"createExpression":       {{harm: evidence.Code}},
	"parseExpression":        {{harm: evidence.Code}},
	"parseClass":             {{harm: evidence.Code}},
	"executeExpression":      {{harm: evidence.Code}},
	"runScript":              {{harm: evidence.Code}},
	"compile":                {{harm: evidence.Code, types: []string{"ScriptEngine", "Compilable", "MVEL", "Compiler", "JRubyCompiler"}}},
	"getTask":                {{harm: evidence.Code}},
	"runScriptlet":           {{harm: evidence.Code}},
	"getValue":               {{harm: evidence.Code, types: []string{"Ognl", "ELProcessor"}}},
	"setValue":               {{harm: evidence.Code, types: []string{"Ognl", "ELProcessor"}}},
	"defineFunction":         {{harm: evidence.Code, types: []string{"ELProcessor"}}},
	"installScript":          {{harm: evidence.Class}},
	"defineClass":            {{harm: evidence.Class}},
	"defineClass0":           {{harm: evidence.Class}},
	"defineClass1":           {{harm: evidence.Class}},
	"defineClass2":           {{harm: evidence.Class}},
	"defineClassInternal":    {{harm: evidence.Class}},
	"defineAnonymousClass":   {{harm: evidence.Class}},
	"defineHiddenClass":      {{harm: evidence.Class}},
	"defineCompiledClass":    {{harm: evidence.Class}},
	"defineTransletClasses":  {{harm: evidence.Class}},
	"redefineClasses":        {{harm: evidence.Class}},
	"setTransletBytecodes":   {{harm: evidence.Class}},
	"readObject":             {{harm: evidence.Deserialize, object: true}},
	"readUnshared":           {{harm: evidence.Deserialize, object: true}},
	"fromXML":                {{harm: evidence.Deserialize}},
	"deserialize":            {{harm: evidence.Deserialize, types: []string{"SerializationUtils", "Serializer"}}},
	"setDataSourceName":      {{harm: evidence.Deserialize}},
	"lookup":                 {{harm: evidence.Deserialize, types: []string{"InitialContext", "Context", "InitialDirContext", "Registry", "Naming", "JndiTemplate"}}},
	"doLookup":               {{harm: evidence.Deserialize}},
	"connect":                {{harm: evidence.Tunnel, types: []string{"Socket", "SocketChannel", "AsynchronousSocketChannel"}}, {harm: evidence.Deserialize, types: []string{"JMXConnectorFactory"}}},
	"createMBean":            {{harm: evidence.Class}},
	"getMBeansFromURL":       {{harm: evidence.Class}},
	"addURL":                 {{harm: evidence.Class}},
	"getConnection":          {{harm: evidence.Database, types: []string{"DriverManager"}, first: true}},
}

// makes are constructors that do harm, by type.
var makes = map[string]rule{
	"ProcessBuilder":                  {harm: evidence.Command},
	"ProcessImpl":                     {harm: evidence.Command},
	"UNIXProcess":                     {harm: evidence.Command},
	"URLClassLoader":                  {harm: evidence.Class, first: true},
	"Socket":                          {harm: evidence.Tunnel},
	"InetSocketAddress":               {harm: evidence.Tunnel},
	"JMXServiceURL":                   {harm: evidence.Deserialize},
	"XMLDecoder":                      {harm: evidence.Deserialize, first: true},
	"ClassPathXmlApplicationContext":  {harm: evidence.Code},
	"FileSystemXmlApplicationContext": {harm: evidence.Code},
	"MLet":                            {harm: evidence.Class},
	"SpelExpression":                  {harm: evidence.Code},
}

// sink recognises calls that do harm.
func (l *Library) sink(c *script.Invocation) (script.Value, bool) {
	if c.New {
		r, ok := makes[c.Name]
		if !ok {
			return script.Value{}, false
		}
		return l.harm(r, c)
	}
	if registers[c.Name] {
		l.register(c)
	}
	if v, ok := l.bytecodes(c); ok {
		return v, true
	}
	for _, r := range calls[c.Name] {
		if r.fits(c) {
			return l.harm(r, c)
		}
	}
	return script.Value{}, false
}

// fits says whether the object of a call is one that the rule is about.
func (r rule) fits(c *script.Invocation) bool {
	if r.types == nil {
		return true
	}
	typ := strings.TrimPrefix(c.Object.Type, "class ")
	base := typ[strings.LastIndexByte(typ, '.')+1:]
	for _, t := range r.types {
		if base == t || t == "" && (typ == "" || base == "Object") {
			return true
		}
	}
	return false
}

func (l *Library) harm(r rule, c *script.Invocation) (script.Value, bool) {
	all := script.Mix(c.Args...)
	for _, a := range c.Args { // keep what is known of lists
		if len(c.Args) == 1 {
			all = a
		}
	}
	v := all
	switch {
	case r.object:
		v = c.Object
	case r.first:
		v = c.Arg(0)
	}
	if r.harm == evidence.Tunnel && c.New && c.Name == "Socket" && len(c.Args) == 0 {
		return script.Object("Socket"), true
	}
	l.report(r.harm, c, v)
	out := script.Mix(all, c.Object)
	switch c.Name {
	case "exec", "start":
		out = script.Object("Process")
	case "Socket", "SocketChannel", "ProcessBuilder", "URLClassLoader", "XMLDecoder":
		out.Type = c.Name
		if c.Name == "Socket" {
			out.Taint &^= script.Request
		}
	case "defineClass", "defineClass0", "defineClass1", "defineAnonymousClass":
		out.Type = "class ?"
		out.Taint |= script.Decoded
	}
	return out, true
}

// bytecodes recognises the fields through which TemplatesImpl takes classes.
func (l *Library) bytecodes(c *script.Invocation) (script.Value, bool) {
	if c.Name != "set" && !strings.HasPrefix(strings.ToLower(c.Name), "setf") {
		return script.Value{}, false
	}
	for i, a := range c.Args {
		if s, ok := a.String(); ok && s == "_bytecodes" && i+1 < len(c.Args) {
			l.report(evidence.Class, c, c.Args[i+1])
			return script.Value{}, true
		}
	}
	return script.Value{}, false
}

// registers are methods of servers that put filters, servlets and the like
// into the running application.
var registers = map[string]bool{
	"addFilterDef": true, "addFilterMapBefore": true, "addFilterMap": true, "addServletMappingDecoded": true, "addServletMapping": true, "addApplicationEventListener": true, "setApplicationEventListeners": true, "addValve": true, "registerMapping": true, "registerHandler": true, "addEndpoint": true, "addUpgradeProtocol": true, "detectHandlerMethods": true, "registerHandlerMethod": true, "addTransformer": true, "addFilterMapping": true, "addFilterBefore": true, "setBasic": true, "prependFilterMapping": true, "addMappingForUrlPatterns": true,
}

func (l *Library) register(c *script.Invocation) {
	for _, r := range l.Registrations {
		if r.Line == c.Line && r.What == c.Name {
			return
		}
	}
	l.Registrations = append(l.Registrations, Loose{evidence.Memory, c.Line, c.Name})
}
