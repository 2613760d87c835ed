package yara

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// yaraProgram is Debian's yara, the oracle of these tests.
func yaraProgram(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("yara")
	if err != nil {
		t.Skip("the oracle, yara, is not installed (.ci/packages)")
	}
	return path
}

// verdict is what matched in one file: a line for each rule and each string.
type verdict map[string][]string

var yaraString = regexp.MustCompile(`^0x([0-9a-f]+):(\d+):(\$\w*): `)

// yaraGaveUp is yara's message about a file that it does not finish: its regular
// expressions have limits of their own.
var yaraGaveUp = regexp.MustCompile(`error scanning (\S+): .*`)

const gaveUp = "gave up"

// byYara runs the oracle over files.
func byYara(t testing.TB, rules string, files []string) verdict {
	t.Helper()
	dir := t.TempDir()
	ruleFile, list := filepath.Join(dir, "rules.yar"), filepath.Join(dir, "files")
	write(t, ruleFile, []byte(rules))
	write(t, list, []byte(strings.Join(files, "\n")+"\n"))
	cmd := exec.Command(yaraProgram(t), "-w", "-s", "-L", "--threads=1", "--scan-list", ruleFile, list)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && !strings.Contains(errs.String(), "scanning") {
		t.Fatalf("yara: %v: %s", err, errs.String())
	}
	v := verdict{}
	for _, m := range yaraGaveUp.FindAllStringSubmatch(errs.String(), -1) {
		t.Logf("yara gives up: %s", m[0])
		v[m[1]] = []string{gaveUp}
	}
	rule, file := "", ""
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(line, "\n")
		if m := yaraString.FindStringSubmatch(line); m != nil {
			v[file] = append(v[file], fmt.Sprintf("%s %s 0x%s %s", rule, m[3], m[1], m[2]))
			continue
		}
		rule, file, _ = strings.Cut(line, " ")
		v[file] = append(v[file], rule)
	}
	return v
}

// maxPrinted is the greatest length that yara prints: that of the data it keeps.
const maxPrinted = 512

// byUs runs this package over the same.
func byUs(t testing.TB, rules string, files []string) verdict {
	t.Helper()
	r, errs := Compile([]Source{{Name: "rules.yar", Text: []byte(rules)}}, Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	v := verdict{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		ms, err := r.Scan(context.Background(), data, nil)
		if err != nil {
			t.Errorf("%s: %v", f, err)
		}
		for _, m := range ms {
			v[f] = append(v[f], m.Rule)
			for _, s := range m.Strings {
				v[f] = append(v[f], fmt.Sprintf("%s %s 0x%x %d", m.Rule, s.ID, s.Offset, min(s.Length, maxPrinted)))
			}
		}
	}
	return v
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// agree compares both, order aside, and shows the rules that differ.
func agree(t testing.TB, rules string, files []string) {
	t.Helper()
	want, got := byYara(t, rules, files), byUs(t, rules, files)
	differ := map[string]bool{}
	for _, f := range files {
		if slices.Contains(want[f], gaveUp) {
			continue
		}
		sort.Strings(want[f])
		sort.Strings(got[f])
		d := cmp.Diff(want[f], got[f])
		if d == "" {
			continue
		}
		t.Errorf("%s (-yara +ours):\n%s", f, d)
		for _, v := range [][2][]string{{want[f], got[f]}, {got[f], want[f]}} {
			for _, line := range v[0] {
				if name, _, _ := strings.Cut(line, " "); !slices.Contains(v[1], line) {
					differ[name] = true
				}
			}
		}
	}
	for name := range differ {
		if _, after, ok := strings.Cut(rules, "rule "+name+" "); ok {
			text, _, _ := strings.Cut(after, "\nrule ")
			t.Logf("rule %s %s", name, text)
		}
	}
}
