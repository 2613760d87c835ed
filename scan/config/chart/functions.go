package chart

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/image"
)

// unsafe are functions of sprig that reach out, give other values each time, or
// let a small template ask for much time or memory. Templates may call them: they
// give something short and fixed.
var unsafe = []string{
	"env", "expandenv", "getHostByName", "genPrivateKey", "derivePassword", "buildCustomCert", "genCA", "genCAWithKey", "genSelfSignedCert",
	"genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "bcrypt", "htpasswd", "encryptAES", "decryptAES",
	"randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "uuidv4", "osBase", "osDir", "osExt", "osClean", "osIsAbs",
}

// functions are sprig's with Helm's own.
func (e *engine) functions(t *template.Template) template.FuncMap {
	f := sprig.TxtFuncMap()
	for _, name := range unsafe {
		f[name] = func(...any) string { return "x" }
	}
	for _, name := range []string{"genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey"} {
		f[name] = func(...any) map[string]string { return map[string]string{"Cert": "x", "Key": "x"} }
	}
	f["randInt"] = func(low, _ int) int { return low }
	f["toYaml"] = toYAML
	f["toYamlPretty"] = toYAML
	f["toJson"] = func(v any) string { b, _ := json.Marshal(v); return string(b) }
	f["fromYaml"] = func(s string) map[string]any { return decoded[map[string]any](s) }
	f["fromYamlArray"] = func(s string) []any { return decoded[[]any](s) }
	f["fromJson"] = func(s string) map[string]any { return decoded[map[string]any](s) }
	f["fromJsonArray"] = func(s string) []any { return decoded[[]any](s) }
	f["toToml"] = func(any) string { return "" }
	f["required"] = func(_ string, v any) any {
		if v == nil {
			return "x" // the user gives it at installation
		}
		return v
	}
	f["fail"] = func(msg string) (string, error) { return "", fmt.Errorf("chart says: %s", msg) }
	f["lookup"] = func(...any) map[string]any { return map[string]any{} }
	f["include"] = func(name string, data any) (string, error) { return e.include(t, name, data) }
	f["tpl"] = e.tpl
	f["until"] = func(n int) ([]int, error) { return steps(0, n, 1) }
	f["untilStep"] = steps
	f["repeat"] = func(n int, s string) (string, error) {
		if n < 0 || n*len(s) > maxFile || n > maxFile {
			return "", image.ErrLimit
		}
		return strings.Repeat(s, n), nil
	}
	f["indent"] = indent
	f["nindent"] = func(n int, s string) (string, error) { s, err := indent(n, s); return "\n" + s, err }
	f["replace"] = func(old, now, s string) (string, error) {
		if strings.Count(s, old)*len(now) > maxFile {
			return "", image.ErrLimit
		}
		return strings.ReplaceAll(s, old, now), nil
	}
	f["join"] = join
	f["printf"] = format
	f["print"] = fmt.Sprint
	f["println"] = fmt.Sprintln
	all := e.charge(f)
	all["tick"] = e.tick
	return all
}

// include renders a named template.
func (e *engine) include(t *template.Template, name string, data any) (string, error) {
	return e.within(func() (string, error) {
		w := &bounded{e: e}
		err := t.ExecuteTemplate(w, name, data)
		return w.String(), err
	})
}

// tpl renders a text as a template.
func (e *engine) tpl(text string, data any) (string, error) {
	return e.within(func() (string, error) {
		if deep(text) {
			return "", image.ErrLimit
		}
		t, err := e.all.Clone()
		if err != nil {
			return "", err
		}
		t.Funcs(template.FuncMap{"include": func(name string, data any) (string, error) { return e.include(t, name, data) }})
		named, err := t.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		if err := e.countTurns(t); err != nil {
			return "", err
		}
		w := &bounded{e: e}
		err = named.Execute(w, data)
		return w.String(), err
	})
}

func (e *engine) within(f func() (string, error)) (string, error) {
	e.includes++
	e.stack++
	defer func() { e.stack-- }()
	if e.includes > maxIncludes || e.stack > maxStack {
		return "", fmt.Errorf("%w: more than %d includes, or deeper than %d", image.ErrLimit, maxIncludes, maxStack)
	}
	return f()
}

// format refuses widths, which make much of little.
func format(text string, args ...any) (string, error) {
	if wide.MatchString(text) {
		return "", fmt.Errorf("%w: a format is wider than 999", image.ErrLimit)
	}
	return fmt.Sprintf(text, args...), nil
}

var wide = regexp.MustCompile(`%[^%a-zA-Z]*(?:[0-9]{4}|\*)`)

func join(sep string, list any) (string, error) {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return fmt.Sprint(list), nil
	}
	if v.Len()*len(sep) > maxFile {
		return "", image.ErrLimit
	}
	words := make([]string, v.Len())
	for i := range words {
		words[i] = fmt.Sprint(v.Index(i).Interface())
	}
	return strings.Join(words, sep), nil
}

func steps(from, to, by int) ([]int, error) {
	if by == 0 || (to-from)/by > 10000 {
		return nil, image.ErrLimit
	}
	var out []int
	for i := from; by > 0 && i < to || by < 0 && i > to; i += by {
		out = append(out, i)
	}
	return out, nil
}

func indent(n int, s string) (string, error) {
	if n < 0 || n > 1000 || n*(strings.Count(s, "\n")+1) > maxFile {
		return "", image.ErrLimit
	}
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(s, "\n", "\n"+pad), nil
}

func toYAML(v any) string {
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if enc.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func decoded[T any](s string) T {
	var v T
	_ = yaml.Unmarshal([]byte(s), &v) // as in Helm, what is no YAML is nothing
	return v
}
