package terraform

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
)

func tree(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// names are the names of all resources of a type "x_y", with their lines.
func names(res *Result) []string {
	var out []string
	list, _ := res.Resources["x_y"].([]any)
	for _, r := range list {
		m := r.(map[string]any)
		meta := m["__defsec_metadata"].(map[string]any)
		out = append(out, fmt.Sprint(m["name"], " ", meta["filepath"], ":", meta["startline"]))
	}
	return out
}

func TestEvaluate(t *testing.T) {
	res := Evaluate(tree(map[string]string{
		"main.tf": `variable "prefix" { default = "p" }
locals { all = { for n in ["a", "b"] : n => upper(n) } }
resource "x_y" "each" {
  for_each = local.all
  name     = "${var.prefix}-${each.key}-${each.value}"
}
resource "x_y" "count" {
  count = 2
  name  = "c${count.index}"
}
module "sub" {
  source = "./sub"
  name   = x_y.count[1].name
}
resource "x_y" "out" { name = module.sub.name }
module "far" { source = "hashicorp/consul/aws" }
module "above" { source = "../../secret" }
`,
		"terraform.tfvars": `prefix = "q"`,
		"sub/sub.tf":       "variable \"name\" {}\nresource \"x_y\" \"s\" { name = \"sub-${var.name}\" }\noutput \"name\" { value = x_y.s.name }\n",
	}), ".")
	want := []string{"q-a-A main.tf:3", "q-b-B main.tf:3", "c0 main.tf:7", "c1 main.tf:7", "sub-c1 main.tf:15", "sub-c1 sub/sub.tf:2"}
	if diff := cmp.Diff(want, names(res)); diff != "" {
		t.Error(diff)
	}
	var issues []string
	for _, is := range res.Issues {
		issues = append(issues, is.Err.Error())
	}
	if len(issues) != 2 || !strings.Contains(issues[0], "was not fetched") || !strings.Contains(issues[1], "outside") {
		t.Errorf("issues are %q", issues)
	}
}

func TestRoots(t *testing.T) {
	files := tree(map[string]string{"a/x.tf": "module \"m\" {\n source = \"../b\"\n}\n", "b/x.tf": "", "c/x.tf": ""})
	if diff := cmp.Diff([]string{"a", "c"}, Roots(files, []string{"a", "b", "c"})); diff != "" {
		t.Error(diff)
	}
}

// A file cannot ask for more than the limits: it is refused, or what it asks for
// is unknown.
func TestBombs(t *testing.T) {
	double := "locals {\n  a0 = \"0123456789\"\n"
	for i := range 40 {
		double += fmt.Sprintf("  a%d = \"${local.a%d}${local.a%d}\"\n", i+1, i, i)
	}
	for name, text := range map[string]string{
		"loops":      "locals { a = [for x in range(1000) : [for y in range(1000) : [for z in range(1000) : 1]]] }\n",
		"nesting":    "locals { a = " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + " }\n",
		"references": "locals { a = [" + strings.Repeat("var.a,", 2000) + "] }\n",
	} {
		t.Run(name, func(t *testing.T) {
			res := Evaluate(tree(map[string]string{"x.tf": text}), ".")
			if len(res.Issues) != 1 || !errors.Is(res.Issues[0].Err, image.ErrLimit) {
				t.Errorf("issues are %v", res.Issues)
			}
		})
	}
	for name, text := range map[string]string{
		"doubling": double + "}\nresource \"x_y\" \"a\" { name = local.a40 }\n",
		"product":  "resource \"x_y\" \"a\" { name = length(setproduct(range(1000), range(1000), range(1000))) }\n",
		"join":     "locals { a = join(\"0123456789\", range(1000)) }\nresource \"x_y\" \"a\" { name = join(join(local.a, range(1000)), range(1000)) }\n",
		"width":    "resource \"x_y\" \"a\" { name = format(\"%1000000d\", 1) }\n",
		"count":    "resource \"x_y\" \"a\" {\n  count = 1000000000\n  other = 1\n}\n",
		"itself":   "module \"a\" { source = \"./\" }\nresource \"x_y\" \"a\" {}\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range names(Evaluate(tree(map[string]string{"x.tf": text}), ".")) {
				if !strings.HasPrefix(n, "<nil> ") {
					t.Errorf("name is %.100s", n)
				}
			}
		})
	}
}

func FuzzEvaluate(f *testing.F) {
	f.Add("variable \"a\" { default = 1 }\nresource \"aws_s3_bucket\" \"b\" { bucket = var.a }\n")
	f.Add("resource \"aws_security_group\" \"b\" {\n dynamic \"ingress\" {\n for_each = [1]\n content { from_port = ingress.value }\n}\n}\n")
	f.Fuzz(func(t *testing.T, text string) {
		Evaluate(tree(map[string]string{"x.tf": text}), ".")
	})
}
