package scripting

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
	as, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var out []verdict.Verdict
	for _, a := range as {
		if !a.Wants(path, []byte(src)) {
			continue
		}
		vs, err := a.Analyze(t.Context(), path, []byte(src))
		if err != nil {
			t.Errorf("analyze %s: %v", path, err)
		}
		out = append(out, vs...)
	}
	return out
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

// pythonFrames give SRC to BODY, which is indented by four.
var pythonFrames = map[string][2]string{
	"flask":     {"from flask import Flask, request\napp = Flask(__name__)\n@app.route('/x', methods=['POST'])\ndef x():\n    BODY\n", "request.form['a']"},
	"flask arg": {"from flask import Flask\napp = Flask(__name__)\n@app.route('/<a>')\ndef x(a):\n    BODY\n", "a"},
	"flask get": {"import flask\napp = flask.Flask(__name__)\n@app.before_request\ndef x():\n    BODY\n", "flask.request.headers.get('X-A')"},
	"django":    {"from django.http import HttpResponse\ndef view(request):\n    BODY\n    return HttpResponse('')\n", "request.GET.get('a')"},
	"bottle":    {"from bottle import route, request\n@route('/')\ndef x():\n    BODY\n", "request.forms.get('a')"},
	"tornado":   {"import tornado.web\nclass M(tornado.web.RequestHandler):\n  def post(self):\n    BODY\n", "self.get_argument('a')"},
	"cgi":       {"import cgi\nform = cgi.FieldStorage()\ndef x():\n    BODY\nx()\n", "form.getvalue('a')"},
	"wsgi":      {"def application(environ, start_response):\n    # wsgi\n    BODY\n", "environ['QUERY_STRING']"},
	"server":    {"from http.server import BaseHTTPRequestHandler\nclass H(BaseHTTPRequestHandler):\n  def do_GET(self):\n    BODY\n", "self.path[1:]"},
	"fastapi":   {"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\nasync def x(a: str = ''):\n    BODY\n", "a"},
	"aiohttp":   {"from aiohttp import web\nasync def x(request):\n    BODY\n", "(await request.post())['a']"},
}

var pythonSinks = map[string]string{
	"exec":     "ex¤ec(SRC)",
	"eval":     "ev¤al(SRC)",
	"compile":  "ex¤ec(comp¤ile(SRC, 'x', 'exec'))",
	"system":   "import os; os.sys¤tem(SRC)",
	"popen":    "__import__('o' + 's').po¤pen(SRC).read()",
	"run":      "import subprocess as sp; sp.r¤un(SRC, shell=True)",
	"shell":    "import subprocess; subprocess.Po¤pen(['/bin/sh', '-c', SRC])",
	"getattr":  "import os; getattr(os, ''.join(reversed('metsys')))(SRC)",
	"builtins": "__builtins__.__dict__[bytes.fromhex('65786563').decode()](SRC)",
	"import":   "import importlib; importlib.import_module('subprocess').check_out¤put(SRC, shell=True)",
	"pickle":   "import pickle, base64; pickle.lo¤ads(base64.b64decode(SRC))",
	"b64 name": "import os, base64; getattr(os, base64.b64decode('" + base64.StdEncoding.EncodeToString([]byte("popen")) + "').decode())(SRC)",
	"slice":    "ev¤al('nepop.)\"so\"(__tropmi__'[::-1])(SRC)",
	"chr":      "ev¤al('%c%c%c%c' % (101, 120, 101, 99))(SRC)",
	"join":     "globals()['__builtins__'][''.join(map(chr, [101, 120, 101, 99]))](SRC) or ex¤ec(SRC)",
	"write":    "open(SRC, 'w').write(SRC)",
}

func TestPython(t *testing.T) {
	n := 0
	for frame, f := range pythonFrames {
		for sink, code := range pythonSinks {
			n++
			src := strings.ReplaceAll(f[0], "BODY", strings.ReplaceAll(plain(code), "SRC", f[1]))
			check(t, "python "+frame+" "+sink, "a.py", src)
		}
		for how, code := range map[string]string{
			"decoded":  "import base64\n    c = base64.b64decode(SRC).decode()\n    ex¤ec(c)",
			"branch":   "c = None\n    if True:\n        c = SRC\n    else:\n        c = ''\n    ex¤ec(c)",
			"function": "def run(c):\n        return ev¤al(c)\n    run(SRC)",
			"format":   "import os\n    os.po¤pen(f'{SRC} 2>&1')",
			"xor":      "d = ''.join(chr(ord(c) ^ 5) for c in SRC)\n    ex¤ec(d)",
		} {
			n++
			check(t, "python "+frame+" "+how, "a.py", strings.ReplaceAll(f[0], "BODY", strings.ReplaceAll(plain(code), "SRC", f[1])))
		}
	}
	t.Logf("%d samples", n)
}

var nodeFrames = map[string][2]string{
	"express": {"const app = require('express')();\napp.get('/x', (req, res) => { BODY });", "req.query.a"},
	"http":    {"const http = require('http'), url = require('url');\nhttp.createServer(function (req, res) { BODY }).listen(80);", "url.parse(req.url, true).query.a"},
	"data":    {"require('http').createServer((q, s) => {}).on('request', (req, res) => { let b = ''; req.on('data', d => { b += d; BODY }); });", "b"},
	"koa":     {"import Koa from 'koa';\nconst app = new Koa();\napp.use(async (ctx, next) => { BODY });", "ctx.request.body.a"},
	"header":  {"const f = require('fastify')();\nf.post('/', async function (request, reply) { BODY });", "request.headers['x-a']"},
	"emit":    {"const s = require('http').Server.prototype, e = s.emit; // IncomingMessage\ns.emit = function (ev, req, res) { BODY return e.apply(this, arguments); };", "req.headers['a']"},
}

var nodeSinks = map[string]string{
	"exec":        "require('child_process').ex¤ec(SRC);",
	"joined":      "require('chi' + 'ld_pro' + 'cess')['ex' + 'ec'](SRC);",
	"destructure": "const { execSync: run } = require('node:child_process'); run(SRC);",
	"spawn":       "const c = require('child_process'); c.spa¤wn('sh', ['-c', SRC]);",
	"eval":        "ev¤al(SRC);",
	"decoded":     "ev¤al(Buffer.from(SRC, 'base64').toString());",
	"function":    "new Func¤tion('require', SRC)(require);",
	"vm":          "require('vm').runInThisCon¤text(SRC);",
	"module":      "module._comp¤ile(SRC, '');",
	"global":      "global['ev' + 'al'](SRC);",
	"code":        "const n = String.fromCharCode(99, 104, 105, 108, 100, 95) + 'process'; require(n).ex¤ec(SRC);",
	"main":        "process.mainModule.require('child_process').execS¤ync(SRC);",
	"constructor": "(() => {}).constru¤ctor(SRC)();",
}

func TestNode(t *testing.T) {
	n := 0
	for frame, f := range nodeFrames {
		for sink, code := range nodeSinks {
			n++
			check(t, "node "+frame+" "+sink, "a.js", strings.ReplaceAll(f[0], "BODY", strings.ReplaceAll(plain(code), "SRC", f[1])))
		}
	}
	t.Logf("%d samples", n)
}

var perlFrames = map[string][2]string{
	"cgi":    {"#!/usr/bin/perl\nuse CGI;\nmy $q = CGI->new;\nprint $q->header;\nBODY\n", "$q->param('a')"},
	"func":   {"#!/usr/bin/perl\nuse CGI qw(:standard);\nprint header();\nBODY\n", "param('a')"},
	"query":  {"#!/usr/bin/perl\nprint \"Content-type: text/html\\n\\n\";\nmy $x = $ENV{'QUERY_STRING'};\n$x =~ s/%20/ /g;\nBODY\n", "$x"},
	"stdin":  {"#!/usr/bin/perl\nread(STDIN, $buf, $ENV{CONTENT_LENGTH});\nforeach $p (split(/&/, $buf)) { ($n, $v) = split(/=/, $p); $F{$n} = $v; }\nBODY\n", "$F{'a'}"},
	"header": {"#!/usr/bin/perl\nprint \"Content-type: text/plain\\n\\n\";\nBODY\n", "$ENV{HTTP_USER_AGENT}"},
}

var perlSinks = map[string]string{
	"system":   "sys¤tem(SRC);",
	"bare":     "my $c = SRC; sys¤tem $c;",
	"backtick": "my $c = SRC; print `$c 2>&1`;",
	"qx":       "my $c = SRC; print q¤x{$c};",
	"open":     "my $c = SRC; open(F, \"$c |\"); print <F>;",
	"open3":    "my $c = SRC; open(my $f, '-|', $c) or die; print <$f>;",
	"eval":     "ev¤al SRC;",
	"exec":     "ex¤ec('/bin/sh', '-c', SRC);",
	"sub":      "sub run { my ($c) = @_; return `$c`; } print run(SRC);",
	"shift":    "sub run { my $c = shift; sys¤tem($c); } &run(SRC);",
	"decode":   "use MIME::Base64; ev¤al(decode_base64(SRC));",
}

func TestPerl(t *testing.T) {
	n := 0
	for frame, f := range perlFrames {
		for sink, code := range perlSinks {
			n++
			check(t, "perl "+frame+" "+sink, "cgi-bin/a.cgi", strings.ReplaceAll(f[0], "BODY", strings.ReplaceAll(plain(code), "SRC", f[1])))
		}
	}
	t.Logf("%d samples", n)
}

func TestBenign(t *testing.T) {
	for i, c := range [][2]string{
		{"a.py", "from flask import Flask, request\nimport subprocess\napp = Flask(__name__)\n@app.route('/')\ndef x():\n    return subprocess.check_output(['git', 'log', request.args['b']])\n"},
		{"b.py", "from django.db import models\ndef view(request):\n    name = request.POST['n']\n    return render(request, 'a.html', {'n': eval('1 + 1')})\n"},
		{"c.py", "import subprocess  # flask\ndef run(cmd):\n    return subprocess.call(cmd, shell=True)\n"},
		{"d.js", "const express = require('express'); const { execFile } = require('child_process'); express().get('/', (req, res) => { execFile('git', ['show', req.query.a], () => {}); });"},
		{"e.cgi", "#!/usr/bin/perl\nuse CGI; my $q = CGI->new; my $n = $q->param('n'); print \"Content-type: text/html\\n\\nHello $n\"; system('uptime'); eval { die }; \n"},
		{"f.js", "const http = require('http'); const vm = require('vm'); http.createServer((req, res) => { res.end(req.url); }); vm.runInThisContext('1 + 1');"},
	} {
		if vs := judge(t, c[0], c[1]); found(vs) {
			t.Errorf("%d: %+v", i, vs)
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, fr := range []map[string][2]string{pythonFrames, nodeFrames, perlFrames} {
		for _, p := range fr {
			f.Add(p[0])
		}
	}
	f.Add("print <<E . qq{a @{[ 1 ]} $b->{c}[1]};\nx\nE\ny/a/b/; s{a}{b}ge; $#{x} && %y")
	as, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, a := range as {
			a.Analyze(t.Context(), "x", []byte(src+"\n#flask eval( createServer QUERY_STRING"))
		}
	})
}

func BenchmarkUnconcerned(b *testing.B) {
	as, err := New()
	if err != nil {
		b.Fatal(err)
	}
	src := []byte(strings.Repeat("def method(self, value, other=None):\n    return self.value + other[value]  # request a thing\n", 10_000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := as[0].Analyze(b.Context(), "a.py", src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConcerned(b *testing.B) {
	as, err := New()
	if err != nil {
		b.Fatal(err)
	}
	var src strings.Builder
	src.WriteString("import flask\n")
	for i := range 2000 {
		fmt.Fprintf(&src, "def method%d(self, value):\n    x = [a for a in value if a]\n    return subprocess.call(['ls', x])\n", i)
	}
	text := []byte(src.String())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := as[0].Analyze(b.Context(), "a.py", text); err != nil {
			b.Fatal(err)
		}
	}
}
