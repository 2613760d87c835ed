package yara

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func compile(t testing.TB, text string, o Options) *Rules {
	t.Helper()
	r, errs := Compile([]Source{{Name: "rules.yar", Text: []byte(text)}}, o)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return r
}

// names lists the rules that match a text.
func names(t testing.TB, r *Rules, data string, x Externals) []string {
	t.Helper()
	ms, err := r.Scan(context.Background(), []byte(data), x)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, m := range ms {
		out = append(out, m.Rule)
	}
	return out
}

func TestErrorsNameLineAndReason(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"rule a { condition: b }", `f.yar:1: rule a: undefined identifier "b"`},
		{"rule a {\n condition:\n  $x }", `f.yar:3: rule a: undefined string "$x"`},
		{"rule a {\n strings:\n $x = \"x\" condition: true }", `f.yar:3: rule a: unreferenced string "$x"`},
		{"rule a { strings: $x = /a(/ condition: $x }", `f.yar:1: rule a: regular expression: missing )`},
		{"rule a { strings: $x = /a*b*?/ condition: $x }", `f.yar:1: rule a: regular expression mixes greedy and ungreedy quantifiers`},
		{"rule a { strings: $x = { 0 } condition: $x }", `f.yar:1: rule a: bad hexadecimal digit ' '`},
		{"rule a { strings: $x = { 00 [3-1] 00 } condition: $x }", `f.yar:1: rule a: bad jump: 3 is more than 1`},
		{"rule a { strings: $x = \"x\" base64 xor condition: $x }", `f.yar:1: rule a: base64 does not go with nocase, xor or fullword`},
		{"rule a { condition: 1 == \"a\" }", `f.yar:1: rule a: wrong type for ==: integer and string`},
		{"rule a { condition: \"a\" + 1 }", `f.yar:1: rule a: wrong type for +: string`},
		{"rule a { condition: 1 \\ 0 }", `f.yar:1: rule a: arithmetic error in constant expression`},
		{"import \"elf\" rule a { condition: elf.nothing }", `f.yar:1: rule a: invalid field name "nothing"`},
		{"import \"nothing\"", `f.yar:1: unknown module "nothing"`},
		{"include \"x\"", `f.yar:1: include is not allowed here`},
		{"rule a { condition: \"\\q\" }", `f.yar:1: rule a: illegal escape sequence`},
		{"rule a { condition: \"x }", `f.yar:1: rule a: string without end`},
		{"rule a { condition: (true }", `f.yar:1: rule a: expected ")", found "}"`},
		{"rule all { condition: true }", `f.yar:1: expected an identifier, found "all"`},
	} {
		rules, errs := Compile([]Source{{Name: "f.yar", Text: []byte(c.rule + "\nrule good { condition: true }\n")}}, Options{})
		if len(errs) != 1 || errs[0].Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.rule, errs, c.want)
		}
		if got := names(t, rules, "", nil); !cmp.Equal(got, []string{"good"}) {
			t.Errorf("%s: the rule after it is lost: %v", c.rule, got)
		}
	}
}

func TestDuplicateRules(t *testing.T) {
	one := []byte("rule a { condition: true }")
	_, errs := Compile([]Source{{Name: "1", Text: one}, {Name: "2", Text: one}}, Options{})
	if len(errs) != 1 {
		t.Errorf("one namespace: %v", errs)
	}
	_, errs = Compile([]Source{{Name: "1", Text: one}, {Name: "2", Namespace: "other", Text: one}}, Options{})
	if len(errs) != 0 {
		t.Errorf("two namespaces: %v", errs)
	}
}

func TestGlobalPrivateAndReferences(t *testing.T) {
	r := compile(t, `
		private rule hidden { strings: $a = "secret" condition: $a }
		rule user : first second { meta: author = "x" n = -3 ok = true condition: hidden and filesize < 100 }
		rule many { condition: 2 of (hidden, us*) }
		global rule small { condition: filesize < 50 }`, Options{})
	if got := names(t, r, "a secret", nil); !cmp.Equal(got, []string{"user", "many", "small"}) {
		t.Error(got)
	}
	if got := names(t, r, "a secret"+strings.Repeat(".", 50), nil); len(got) != 0 {
		t.Errorf("in spite of the global rule: %v", got)
	}
	ms, _ := r.Scan(context.Background(), []byte("secret"), nil)
	want := Match{Rule: "user", Namespace: "default", File: "rules.yar", Line: 3, Tags: []string{"first", "second"},
		Meta: []Meta{{"author", "x"}, {"n", int64(-3)}, {"ok", true}}}
	if d := cmp.Diff(want, ms[0]); d != "" {
		t.Error(d)
	}
}

func TestExternals(t *testing.T) {
	r := compile(t, `rule a { condition: filename matches /\.sh$/ and depth > 2 and not quiet and weight > 0.5 }`,
		Options{Externals: Externals{"filename": "", "depth": 0, "quiet": false, "weight": 0.0}})
	if got := names(t, r, "", nil); len(got) != 0 {
		t.Error(got)
	}
	if got := names(t, r, "", Externals{"filename": "a.sh", "depth": int64(3), "weight": 0.75}); len(got) != 1 {
		t.Error(got)
	}
}

func TestIncludes(t *testing.T) {
	files := fstest.MapFS{
		"dir/b.yar":  {Data: []byte(`include "c.yar" rule b { condition: c }`)},
		"dir/c.yar":  {Data: []byte(`rule c { condition: true }`)},
		"cycle.yar":  {Data: []byte(`include "cycle.yar" rule cycle { condition: true }`)},
		"secret.yar": {Data: []byte(`rule secret { condition: true }`)},
	}
	src := func(text string) []Source { return []Source{{Name: "main.yar", Text: []byte(text)}} }
	r, errs := Compile(src(`include "dir/b.yar" rule a { condition: b and c }`), Options{Includes: files})
	if len(errs) > 0 || r.Len() != 3 {
		t.Errorf("%v, %d rules", errs, r.Len())
	}
	r, errs = Compile(src(`include "cycle.yar"`+"\n"+`rule a { condition: true }`), Options{Includes: files})
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "includes itself") || r.Len() != 2 {
		t.Errorf("%v, %d rules", errs, r.Len())
	}
	_, errs = Compile(src(`include "../secret.yar"`), Options{Includes: files})
	if len(errs) != 1 {
		t.Errorf("outside of the root: %v", errs)
	}
	deep := fstest.MapFS{}
	for i := range 20 {
		deep[strings.Repeat("x", i+1)] = &fstest.MapFile{Data: []byte(`include "` + strings.Repeat("x", i+2) + `"`)}
	}
	_, errs = Compile(src(`include "x"`), Options{Includes: deep})
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "nested deeper than 16") {
		t.Error(errs)
	}
}

func TestLimits(t *testing.T) {
	_, errs := Compile([]Source{{Text: []byte("rule a { condition: true } rule b { condition: true }")}}, Options{Limits: Limits{Rules: 1}})
	if len(errs) != 1 {
		t.Errorf("rules: %v", errs)
	}
	_, errs = Compile([]Source{{Text: []byte(`rule a { strings: $ = "a" $ = "b" condition: all of them }`)}}, Options{Limits: Limits{Strings: 1}})
	if len(errs) != 1 {
		t.Errorf("strings: %v", errs)
	}
	for _, c := range []struct {
		rule, limit string
		limits      Limits
	}{
		{`rule found { condition: true } rule a { strings: $x = "a" condition: $x }`, "matches of string $x", Limits{Matches: 10}},
		{`rule found { condition: true } rule a { strings: $x = /(a|aa)*b/ condition: $x }`, "steps", Limits{Steps: 10_000}},
		{`rule found { condition: true } rule a { condition: for all i in (0..1000000000) : ( i >= 0 ) }`, "steps", Limits{Steps: 10_000}},
	} {
		r := compile(t, c.rule, Options{Limits: c.limits})
		ms, err := r.Scan(context.Background(), []byte(strings.Repeat("a", 5000)+"b"), nil)
		var limit *LimitError
		if !errors.As(err, &limit) || limit.Rule != "a" || limit.Limit != c.limit {
			t.Errorf("%s: %v", c.rule, err)
		}
		if len(ms) == 0 {
			t.Errorf("%s: what was found is lost", c.rule)
		}
	}
}

func TestUnknownModulesAreUndefined(t *testing.T) {
	r := compile(t, `import "pe" import "dotnet"
		rule a { condition: not defined pe.entry_point and not pe.sections[0].name == "x" or defined pe.imphash() }
		rule b { condition: pe.imports("kernel32.dll", "x") or dotnet.guids[0] == "x" or pe.number_of_sections > 0 }
		rule c { condition: for any s in pe.sections : ( s.name == "UPX0" ) }
		rule d { condition: pe.is_pe or true }`, Options{})
	if got := names(t, r, "MZ", nil); !cmp.Equal(got, []string{"d"}) {
		t.Error(got)
	}
}

func TestNewerSyntax(t *testing.T) {
	r := compile(t, `
		rule a { strings: $a = { 66 ~6f 6f } condition: $a }
		rule b { condition: for any s in ("x", "y") : ( s == "y" ) }
		rule c { strings: $_a = "f" condition: true }`, Options{})
	if got := names(t, r, "f.o", nil); !cmp.Equal(got, []string{"a", "b", "c"}) {
		t.Error(got)
	}
}

func TestCancel(t *testing.T) {
	r := compile(t, `rule a { strings: $a = "a" condition: $a }`, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Scan(ctx, []byte("a"), nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestStringModule(t *testing.T) {
	r := compile(t, `import "string"
		rule a { condition: string.to_int("12") == 12 and string.to_int("-0x10") == -16 and string.to_int("010") == 8 }
		rule b { condition: string.to_int("ff", 16) == 255 and string.length("abc") == 3 }
		rule c { condition: defined string.to_int("12x") or defined string.to_int("") or defined string.to_int("0b1") }
		rule d { condition: defined string.to_int("1_0") or defined string.to_int("1", 99) }`, Options{})
	if got := names(t, r, "", nil); !cmp.Equal(got, []string{"a", "b"}) {
		t.Error(got)
	}
}
