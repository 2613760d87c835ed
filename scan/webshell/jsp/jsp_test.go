package jsp

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// plain removes the marks that keep the samples in this file from looking like
// what they are.
func plain(s string) string { return strings.ReplaceAll(s, "¤", "") }

// sources read text from the request.
var sources = []string{
	`request.getPara¤meter("a")`,
	`request.getHeader("X-A")`,
	`request.getParameterMap().get("a")[0]`,
	`request.getReader().readLine()`,
	`request.getCookies()[0].getValue()`,
	`((HttpServletRequest) pageContext.getRequest()).getQueryString()`,
	`new String(java.util.Base64.getDecoder().decode(request.getPara¤meter("a")))`,
}

// sinks do harm with text SRC. NAME(x) stands for the text x, however hidden.
var sinks = map[string]string{
	"exec":          `Run¤time.getRun¤time().ex¤ec(SRC);`,
	"exec array":    `String[] c = {"/bin/sh", "-c", SRC}; Run¤time.getRun¤time().ex¤ec(c);`,
	"builder":       `new Process¤Builder("sh", "-c", SRC).start();`,
	"builder list":  `java.util.List<String> l = new java.util.ArrayList<String>(); l.add("sh"); l.add("-c"); l.add(SRC); Process¤Builder b = new Process¤Builder(l); b.start();`,
	"reflection":    `Class k = Class.forName(NAME(java.lang.Run¤time)); Object r = k.getMethod(NAME(getRun¤time)).invoke(null); k.getMethod(NAME(ex¤ec), String.class).invoke(r, SRC);`,
	"process impl":  `Class k = Class.forName(NAME(java.lang.Process¤Impl)); java.lang.reflect.Method m = k.getDeclaredMethod(NAME(start), String[].class); m.setAccessible(true); m.invoke(null, new Object[]{new String[]{SRC}});`,
	"engine":        `new javax.script.ScriptEngineManager().getEngineByName("js").ev¤al(SRC);`,
	"engine hidden": `Object e = Class.forName(NAME(javax.script.ScriptEngineManager)).newInstance(); Object j = e.getClass().getMethod("getEngineByName", String.class).invoke(e, "js"); Class.forName(NAME(javax.script.ScriptEngine)).getMethod(NAME(ev¤al), String.class).invoke(j, SRC);`,
	"loader":        `new ClassLoader() { Class g(byte[] b) { return super.define¤Class(null, b, 0, b.length); } }.g(SRC.getBytes()).newInstance();`,
	"loader method": `java.lang.reflect.Method m = ClassLoader.class.getDeclaredMethod(NAME(define¤Class), byte[].class, int.class, int.class); m.setAccessible(true); byte[] b = SRC.getBytes(); ((Class) m.invoke(getClass().getClassLoader(), b, 0, b.length)).newInstance();`,
	"crypt loader":  `javax.crypto.Cipher c = javax.crypto.Cipher.getInstance("AES"); c.init(2, new javax.crypto.spec.SecretKeySpec("e45e329feb5d925b".getBytes(), "AES")); new U(getClass().getClassLoader()).g(c.doFinal(SRC.getBytes())).newInstance().equals(pageContext);`,
	"url loader":    `new java.net.URLClass¤Loader(new java.net.URL[]{new java.net.URL(SRC)}).loadClass("A").newInstance();`,
	"serialized":    `new java.io.Object¤InputStream(new java.io.ByteArrayInputStream(SRC.getBytes())).readObject();`,
	"xml":           `new java.beans.XML¤Decoder(new java.io.ByteArrayInputStream(SRC.getBytes())).readObject();`,
	"jndi":          `new javax.naming.InitialContext().look¤up(SRC);`,
	"rowset":        `com.sun.rowset.JdbcRowSetImpl j = new com.sun.rowset.JdbcRowSetImpl(); j.setDataSource¤Name(SRC); j.setAutoCommit(true);`,
	"el":            `new javax.el.ELProcessor().ev¤al(SRC);`,
	"el factory":    `javax.el.ExpressionFactory f = new de.odysseus.el.ExpressionFactoryImpl(); f.createValue¤Expression(null, SRC, Object.class).getValue(null);`,
	"spel":          `new org.springframework.expression.spel.standard.SpelExpressionParser().parse¤Expression(SRC).getValue();`,
	"groovy":        `new groovy.lang.Groovy¤Shell().evaluate(SRC);`,
	"beans":         `new java.beans.Expression(Run¤time.getRun¤time(), NAME(ex¤ec), new Object[]{SRC}).getValue();`,
	"handle":        `Object h = java.lang.invoke.MethodHandles.lookup().findVirtual(Run¤time.class, NAME(ex¤ec), null); h.invokeWithArguments(Run¤time.getRun¤time(), SRC);`,
	"named":         `Class.forName(request.getParameter("k")).getMethod(request.getParameter("m"), String.class).invoke(null, SRC);`,
	"write":         `java.io.FileOutputStream o = new java.io.FileOutputStream(application.getRealPath("/") + "x.js¤p"); o.write(SRC.getBytes()); o.close();`,
	"write where":   `java.io.PrintWriter w = new java.io.PrintWriter(new java.io.FileWriter(request.getParameter("f"))); w.println(SRC); w.close();`,
	"files":         `java.nio.file.Files.write(java.nio.file.Paths.get(request.getParameter("f")), SRC.getBytes());`,
	"tunnel":        `java.net.Socket s = new java.net.Sock¤et(SRC, 22); s.getOutputStream().write(1);`,
	"bcel":          `new com.sun.org.apache.bcel.internal.util.ClassLoader().load¤Class("$$BC¤EL$$" + SRC).newInstance();`,
	"templates":     `Object t = new com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl(); setFieldValue(t, "_byte¤codes", new byte[][]{SRC.getBytes()});`,
}

// names write a constant text in ways that are hard to read.
var names = map[string]func(string) string{
	"plain":  func(s string) string { return fmt.Sprintf("%q", s) },
	"joined": func(s string) string { return fmt.Sprintf("%q + %q", s[:len(s)/2], s[len(s)/2:]) },
	"base64": func(s string) string {
		return fmt.Sprintf("new String(java.util.Base64.getDecoder().decode(%q))", base64.StdEncoding.EncodeToString([]byte(s)))
	},
	"sun": func(s string) string {
		return fmt.Sprintf("new String(new sun.misc.BASE64Decoder().decodeBuffer(%q))", base64.StdEncoding.EncodeToString([]byte(s)))
	},
	"hex": func(s string) string {
		return fmt.Sprintf("new String(javax.xml.bind.DatatypeConverter.parseHexBinary(%q))", hex.EncodeToString([]byte(s)))
	},
	"reverse": func(s string) string { return fmt.Sprintf("new StringBuilder(%q).reverse().toString()", backwards(s)) },
	"bytes":   func(s string) string { return "new String(new byte[]{" + numbers(s, 0) + "})" },
	"chars":   func(s string) string { return "String.valueOf(new char[]{" + numbers(s, 0) + "})" },
	"append": func(s string) string {
		b := "new StringBuffer()"
		for _, c := range s {
			b += fmt.Sprintf(".append('%c')", c)
		}
		return b + ".toString()"
	},
	"replace": func(s string) string {
		return fmt.Sprintf("%q.replace(\"#\", \"\")", strings.Join(strings.Split(s, ""), "#"))
	},
	"xor": func(s string) string { return "unx(new int[]{" + numbers(s, 29) + "})" },
	"shift": func(s string) string {
		return "new Object() { String u(String s) { String o = \"\"; for (char c : s.toCharArray()) o += (char) (c - 1); return o; } }.u(" + fmt.Sprintf("%q", shifted(s)) + ")"
	},
	"concat": func(s string) string { return fmt.Sprintf("%q.concat(%q)", s[:1], s[1:]) },
	"substr": func(s string) string { return fmt.Sprintf("%q.substring(3, %d)", "abc"+s+"def", 3+len(s)) },
}

func backwards(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func shifted(s string) string {
	return strings.Map(func(r rune) rune { return r + 1 }, s)
}

func numbers(s string, key byte) string {
	var out []string
	for i := range len(s) {
		out = append(out, fmt.Sprint(s[i]^key))
	}
	return strings.Join(out, ", ")
}

// members are what the samples of one page share.
const members = `class U extends ClassLoader { U(ClassLoader p) { super(p); } Class g(byte[] b) { return super.define¤Class(b, 0, b.length); } }
static String unx(int[] a) { StringBuilder b = new StringBuilder(); for (int i = 0; i < a.length; i++) { b.append((char) (a[i] ^ 29)); } return b.toString(); }
void setFieldValue(Object o, String name, Object v) throws Exception { java.lang.reflect.Field f = o.getClass().getDeclaredField(name); f.setAccessible(true); f.set(o, v); }
`

// pages put code into a page, or text into the bytes of one.
var pages = map[string]func(code string) []byte{
	"scriptlet": func(c string) []byte { return []byte("<%! " + members + " %>\n<html><% " + c + " %></html>") },
	"jspx": func(c string) []byte {
		return []byte(`<jsp:root xmlns:jsp="http://java.sun.com/JSP/Page" version="2.0"><jsp:declaration><![CDATA[` + members + `]]></jsp:declaration><jsp:scriptlet><![CDATA[` + c + `]]></jsp:scriptlet></jsp:root>`)
	},
	"other prefix": func(c string) []byte {
		esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "e", "&#x65;")
		return []byte(`<a xmlns:zz="http://java.sun.com/JSP/Page"><zz:declaration>` + esc.Replace(plain(members)) + `</zz:declaration><zz:scriptlet>` + esc.Replace(plain(c)) + `</zz:scriptlet></a>`)
	},
	"unicode escapes": func(c string) []byte { return []byte("<%! " + members + " %><% " + escaped(plain(c)) + " %>") },
	"method": func(c string) []byte {
		return []byte("<%! " + members + " void run(HttpServletRequest request) throws Exception { " + c + " } %><% run(request); %>")
	},
	"comments": func(c string) []byte {
		return []byte("<%! " + members + " %><%-- a --%><% " + strings.NewReplacer(".", "./*x*/", "(", "/*y*/(/**/").Replace(plain(c)) + "// \u005cu000a %>")
	},
	"broken": func(c string) []byte { return []byte("<% if (true) { %><p><% }}} " + c + "<%! " + members) },
	"utf-16le": func(c string) []byte {
		out := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(plain("<%! " + members + "%><% " + c + "%>"))) {
			out = append(out, byte(u), byte(u>>8))
		}
		return out
	},
	"utf-16be declared": func(c string) []byte {
		out := []byte(`<%@ page pageEncoding="UTF-16BE"%>`)
		for _, u := range utf16.Encode([]rune(plain("<%! " + members + "%><% " + c + "%>"))) {
			out = append(out, byte(u>>8), byte(u))
		}
		return out
	},
	"cp037": func(c string) []byte {
		b, err := charmap.CodePage037.NewEncoder().Bytes([]byte(plain(`<?xml version="1.0" encoding="cp037"?><jsp:root xmlns:jsp="http://java.sun.com/JSP/Page"><jsp:declaration><![CDATA[` + members + `]]></jsp:declaration><jsp:scriptlet><![CDATA[` + c + `]]></jsp:scriptlet></jsp:root>`)))
		if err != nil {
			panic(err)
		}
		return b
	},
}

func escaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\u%04x`, s[i])
	}
	return b.String()
}

// hide replaces NAME(x) in code.
func hide(code string, name func(string) string) string {
	for {
		i := strings.Index(code, "NAME(")
		if i < 0 {
			return code
		}
		end := strings.IndexByte(code[i:], ')')
		code = code[:i] + name(code[i+5:i+end]) + code[i+end+1:]
	}
}

func judge(t *testing.T, src []byte) []verdict.Verdict {
	t.Helper()
	vs, err := New().Analyze(t.Context(), "webapps/ROOT/a.jsp", src)
	if err != nil {
		t.Errorf("analyze: %v", err)
	}
	return vs
}

func found(vs []verdict.Verdict) bool {
	for _, v := range vs {
		if v.Confidence != finding.ConfidenceLow {
			return true
		}
	}
	return false
}

// TestSamples crosses what WebShells do with where they take it from, with how
// they hide it and with how the page is written.
func TestSamples(t *testing.T) {
	n := 0
	check := func(name string, src []byte) {
		n++
		if !found(judge(t, []byte(plain(string(src))))) {
			t.Errorf("%s: not found", name)
			if dir := os.Getenv("BOLTSEAL_MISSED"); dir != "" {
				os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".jsp"), []byte(plain(string(src))), 0o644)
			}
		}
	}
	for sink, code := range sinks {
		for i, source := range sources {
			c := strings.ReplaceAll(plain(code), "SRC", plain(source))
			check(fmt.Sprint(sink, " source ", i), pages["scriptlet"](hide(c, names["joined"])))
		}
		c := strings.ReplaceAll(plain(code), "SRC", plain(sources[0]))
		if strings.Contains(code, "NAME(") {
			for how, name := range names {
				check(sink+" name "+how, pages["scriptlet"](hide(c, name)))
			}
		}
		for how, page := range pages {
			check(sink+" page "+how, page(hide(c, names["plain"])))
		}
		for how, c := range map[string]string{
			"variable":  "String v = " + plain(sources[0]) + "; String w = v.trim(); " + strings.ReplaceAll(code, "SRC", "w"),
			"attribute": "session.setAttribute(\"q\", " + plain(sources[0]) + "); String w = (String) session.getAttribute(\"q\"); " + strings.ReplaceAll(code, "SRC", "w"),
			"map":       "java.util.Map<String, String> m0 = new java.util.HashMap<>(); m0.put(\"q\", " + plain(sources[0]) + "); " + strings.ReplaceAll(code, "SRC", "m0.get(\"q\")"),
			"builder":   "StringBuilder s0 = new StringBuilder(); for (char c0 : " + plain(sources[0]) + ".toCharArray()) { s0.append(c0); } " + strings.ReplaceAll(code, "SRC", "s0.toString()"),
			"branch":    "String w = null; if (System.currentTimeMillis() > 1) { w = " + plain(sources[0]) + "; } else { w = \"x\"; } " + strings.ReplaceAll(code, "SRC", "w"),
			"field":     "%><%! String held; %><% held = " + plain(sources[0]) + "; " + strings.ReplaceAll(code, "SRC", "held"),
			"holder":    "%><%! class H { String h; H(String s) { h = s; } String get() { return h; } } %><% H h0 = new H(" + plain(sources[0]) + "); " + strings.ReplaceAll(code, "SRC", "h0.get()"),
			"lambda":    "java.util.function.Supplier<String> s0 = () -> " + plain(sources[0]) + "; " + strings.ReplaceAll(code, "SRC", "s0.get()"),
		} {
			check(sink+" through "+how, pages["scriptlet"](hide(plain(c), names["plain"])))
		}
	}
	t.Logf("%d samples", n)
}

func TestExpressionLanguage(t *testing.T) {
	for _, src := range []string{
		`${"".getClass().forName("javax.script.ScriptEngineManager").newInstance().getEngineByName("js").ev¤al(param.c)}`,
		`#{pageContext.request.getClass().forName("java.lang.Run¤time").getMethod("getRun¤time").invoke(null).ex¤ec(param.c)}`,
		`<c:set var="r" value="${''.getClass().forName('java.lang.Run¤time').getRun¤time()}"/><c:out value="x"/>${r.ex¤ec(header["X-A"])}`,
		`<jsp:useBean id="e" class="javax.el.ELProcessor"/>${e.ev¤al(param.x)}`,
		`${param.a.getClass().forName(param.b).getMethod(param.c).invoke(null)}`,
	} {
		if !found(judge(t, []byte(plain(src)))) {
			t.Errorf("%s: not found", src)
		}
	}
}

func TestBenign(t *testing.T) {
	for _, src := range []string{
		`<%@ page import="java.util.*" %><% String n = request.getParameter("name"); if (n == null) n = "x"; out.println("Hello " + n); %>`,
		`<% Process p = Runtime.getRuntime().exec("uptime"); %><%= request.getParameter("t") %>`,
		`<% String page = request.getParameter("page"); pageContext.include("/" + page + ".jsp"); %>`,
		`<% Class k = Class.forName("com.example.Driver"); k.newInstance(); %>`,
		`<% java.io.FileWriter w = new java.io.FileWriter("/var/log/visits.txt"); w.write(request.getHeader("User-Agent")); %>`,
		`<% java.sql.Connection c = java.sql.DriverManager.getConnection("jdbc:mysql://db/app", "u", "p"); c.prepareStatement("select 1").executeQuery(); %>`,
		`${empty param.q ? "none" : fn:escapeXml(param.q)} ${user.name.toUpperCase()}`,
		`<% ClassLoader l = Thread.currentThread().getContextClassLoader(); l.getResourceAsStream("/a.properties"); request.setAttribute("a", request.getParameter("b")); %>`,
	} {
		if vs := judge(t, []byte(src)); found(vs) {
			t.Errorf("%s: %+v", src, vs)
		}
	}
}

func TestTrace(t *testing.T) {
	src := plain("<%\nString a = request.getPara¤meter(\"q\");\nString b = new String(java.util.Base64.getDecoder().decode(a));\nRun¤time.getRun¤time().ex¤ec(b);\n%>")
	vs := judge(t, []byte(src))
	if len(vs) != 1 || vs[0].Rule.ID != "webshell/jsp-command" || vs[0].Line != 4 || vs[0].Confidence != finding.ConfidenceHigh {
		t.Fatalf("got %+v", vs)
	}
	var steps []string
	for _, s := range vs[0].Trace {
		steps = append(steps, fmt.Sprint(s.Line, " ", s.What))
	}
	want := `2 request: getParameter("q")|3 base64|4 exec`
	if got := strings.Join(steps, "|"); got != want {
		t.Errorf("trace %s, want %s", got, want)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, page := range pages {
		f.Add([]byte(plain(string(page(hide(strings.ReplaceAll(sinks["reflection"], "SRC", sources[0]), names["xor"]))))))
	}
	f.Add([]byte(`<c:set var="a" value="${b[c].d(e)}"/>#{f ? g : h}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		New().Analyze(t.Context(), "a.jsp", src)
	})
}
