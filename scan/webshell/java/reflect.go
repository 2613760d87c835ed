package java

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// reflect follows classes and methods that are named by text.
func (l *Library) reflect(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	switch c.Name {
	case "forName", "loadClass", "findClass", "findSystemClass":
		return l.class(c)
	case "getClass":
		if len(c.Args) == 0 {
			return script.Object("class " + typeOf(c.Object)), true
		}
	case "getMethod", "getDeclaredMethod":
		if c.Object.Taint&script.Carrier != 0 && len(c.Args) == 0 {
			return script.Value{}, false
		}
		return method(c.Object, c.Arg(0), c), true
	case "findVirtual", "findStatic", "findSpecial", "unreflect", "getMethodValue":
		if len(c.Args) > 1 {
			return method(c.Arg(0), c.Arg(1), c), true
		}
		return c.Arg(0), true
	case "findConstructor":
		return c.Arg(0), true
	case "getMethods", "getDeclaredMethods":
		if strings.HasPrefix(c.Object.Type, "class ") {
			return script.Object("methods " + c.Object.Type[6:]), true
		}
	case "getConstructor", "getDeclaredConstructor", "getConstructors", "getDeclaredConstructors", "asType", "bindTo", "newMethodAccessor":
		if c.Name == "newMethodAccessor" {
			return c.Arg(0), true
		}
		return c.Object, true
	case "newInstance", "createInstance", "allocateInstance":
		return l.instance(m, c)
	case "invoke", "invokeExact", "invokeWithArguments", "invoke0", "invokeMethod", "invokeExactMethod", "invokeStaticMethod":
		return l.invocation(m, c)
	case "Expression", "Statement":
		if c.New && len(c.Args) == 3 { // java.beans
			target := c.Arg(0)
			return l.dispatch(m, c, target, c.Arg(1), c.Args[2:], "")
		}
	case "[]":
		if strings.HasPrefix(c.Object.Type, "methods ") {
			return script.Object("method " + c.Object.Type[8:] + ".?"), true
		}
	}
	return script.Value{}, false
}

// class is the value of Class.forName and loadClass.
func (l *Library) class(c *script.Invocation) (script.Value, bool) {
	name := c.Arg(0)
	if len(c.Args) > 1 && name.Kind != script.IsText && c.Arg(1).Kind == script.IsText {
		name = c.Arg(1)
	}
	if s, ok := name.String(); ok && name.Kind == script.IsText {
		if strings.HasPrefix(s, "$$BCEL$$") {
			l.Payloads = append(l.Payloads, s)
			v := script.Object("class ?")
			v.Taint = script.Embedded
			return v, true
		}
		v := script.Object("class " + s)
		v.Taint, v.From = c.Object.Taint&^script.Carrier, c.Object.From
		return v, true
	}
	begins, _ := name.Ends()
	bcel := strings.Contains(begins, "$$BCEL$$") || strings.Contains(c.Object.Type, "bcel")
	if bcel {
		l.report(evidence.Class, c, name)
	} else if c.Name == "loadClass" && c.Object.All()&dangerous != 0 {
		l.report(evidence.Class, c, c.Object)
	}
	v := script.Mix(name, c.Object)
	v.Type = "class ?"
	return v, true
}

// method is the value of a method of a class.
func method(class, name script.Value, c *script.Invocation) script.Value {
	typ := strings.TrimPrefix(class.Type, "class ")
	s, ok := name.String()
	if !ok {
		s = "?"
	}
	v := script.Mix(class, name)
	if s != "?" {
		v = script.Mix(class)
	}
	v.Type = "method " + typ + "." + s
	return v
}

// instance is newInstance of a class or constructor.
func (l *Library) instance(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	class := c.Object
	args := c.Args
	if c.Name == "allocateInstance" {
		class, args = c.Arg(0), nil
	}
	if !strings.HasPrefix(class.Type, "class ") {
		v := script.Mix(append(c.Args[:len(c.Args):len(c.Args)], class)...)
		return v, true
	}
	typ := class.Type[6:]
	if typ == "?" {
		v := script.Mix(append(args[:len(args):len(args)], class)...)
		return v, true
	}
	n := &script.Invocation{New: true, Name: typ[strings.LastIndexByte(typ, '.')+1:], Path: typ, Args: flat(args), Line: c.Line}
	if v, ok := l.Call(m, n); ok {
		return v, true
	}
	v := script.Mix(append(args[:len(args):len(args)], class)...)
	v.Type = typ
	return v, true
}

// flat takes arguments out of the array that reflection wants them in.
func flat(args []script.Value) []script.Value {
	if len(args) == 1 && args[0].Kind == script.IsList {
		return args[0].List
	}
	return args
}

// invocation is Method.invoke and its like.
func (l *Library) invocation(m *script.Machine, c *script.Invocation) (script.Value, bool) {
	target, args := c.Object, c.Args
	if !strings.HasPrefix(target.Type, "method ") {
		if len(args) > 0 && strings.HasPrefix(args[0].Type, "method ") { // MethodUtil.invoke(method, object, args)
			target, args = args[0], args[1:]
		} else if c.Name == "invokeMethod" && len(args) > 1 { // MethodUtils.invokeMethod(object, name, args)
			return l.dispatch(m, c, args[0], args[1], args[2:], "")
		}
	}
	if !strings.HasPrefix(target.Type, "method ") {
		return l.blind(c, target, args)
	}
	full := target.Type[7:]
	dot := strings.LastIndexByte(full, '.')
	class, name := full[:max(dot, 0)], full[dot+1:]
	object := script.Value{}
	if c.Name == "invokeWithArguments" || c.Name == "invokeExact" || c.Name == "invoke" {
		args = flat(args)
	}
	if len(args) > 0 {
		object, args = args[0], args[1:]
	}
	if object.Type == "" || name != "?" {
		object.Type = class
	}
	nameValue := script.Str(name)
	if name == "?" {
		nameValue = script.Mix(target)
	}
	return l.dispatch(m, c, object, nameValue, args, class)
}

// dispatch is a call of a method whose name is a value.
func (l *Library) dispatch(m *script.Machine, c *script.Invocation, object, name script.Value, args []script.Value, class string) (script.Value, bool) {
	args = flat(args)
	s, ok := name.String()
	if !ok || s == "?" {
		if is(class, "Runtime", "ProcessBuilder", "ProcessImpl", "UNIXProcess", "ScriptEngine", "ClassLoader", "Unsafe") {
			l.report(evidence.Command, c, script.Mix(args...))
			return script.Mix(args...), true
		}
		return l.blind(c, script.Mix(name, object), args)
	}
	if class != "" && class != "?" {
		object.Type = class
	}
	object.Type = strings.TrimPrefix(object.Type, "class ")
	n := &script.Invocation{Name: s, Path: object.Type + "." + s, Object: object, Args: args, Line: c.Line}
	if v, ok := l.Call(m, n); ok {
		return v, true
	}
	return script.Mix(append(args[:len(args):len(args)], object)...), true
}

// blind is a reflective call of something unknown.
func (l *Library) blind(c *script.Invocation, target script.Value, args []script.Value) (script.Value, bool) {
	t, a := target.All(), script.Mix(args...)
	switch {
	case t&script.Request != 0 && (a.Taint&script.Request != 0 || target.Type == "class ?"):
		l.File.Sink(evidence.Reflection, finding.ConfidenceHigh, c.Line, "reflection: "+c.Name, target)
	case t&script.Request != 0 && l.Page:
		l.File.Sink(evidence.Reflection, finding.ConfidenceMedium, c.Line, "reflection: "+c.Name, target)
	case a.Taint&script.Request != 0 && l.Page:
		l.Loose = append(l.Loose, Loose{evidence.Reflection, c.Line, "reflection: " + c.Name})
	}
	v := script.Mix(append(args[:len(args):len(args)], target)...)
	return v, true
}
