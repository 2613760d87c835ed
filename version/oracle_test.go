package version

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The oracle tests ask an ecosystem's own program for the order of generated
// pairs. A program that is not installed skips its test; `make test` installs
// them all.

// oraclePairs is how many pairs a fast oracle is asked.
const oraclePairs = 6000

type pair struct{ a, b string }

// generate returns n pairs of versions made of the tokens, from a fixed seed.
// Two thirds of the pairs differ in a single token.
func generate(n int, tokens ...string) []pair {
	rng := rand.New(rand.NewPCG(7, uint64(len(tokens))))
	pairs := make([]pair, 0, n)
	for len(pairs) < n {
		a := randomTokens(rng, tokens)
		b := randomTokens(rng, tokens)
		if rng.IntN(3) > 0 {
			b = mutate(rng, a, tokens)
		}
		pairs = append(pairs, pair{strings.Join(a, ""), strings.Join(b, "")})
	}
	return pairs
}

func randomTokens(rng *rand.Rand, tokens []string) []string {
	version := []string{fmt.Sprint(rng.IntN(3))}
	for range rng.IntN(7) {
		version = append(version, tokens[rng.IntN(len(tokens))])
	}
	return version
}

// mutate replaces, inserts or removes one token.
func mutate(rng *rand.Rand, version, tokens []string) []string {
	at := rng.IntN(len(version))
	out := append([]string{}, version[:at+1]...)
	switch token := tokens[rng.IntN(len(tokens))]; rng.IntN(3) {
	case 0:
		out = append(out, token)
	case 1:
		if at > 0 {
			out[at] = token
		}
	case 2:
		return append(out, version[min(at+2, len(version)):]...)
	}
	return append(out, version[at+1:]...)
}

// refused is what an oracle answers for a pair of which it takes no order.
const refused = "x"

// ask gives the pairs to a program as lines "a<TAB>b" and returns its answers:
// one line for each pair, -1, 0, 1 or refused.
func ask(t *testing.T, pairs []pair, name string, args ...string) []string {
	t.Helper()
	var stdin, stderr bytes.Buffer
	for _, p := range pairs {
		fmt.Fprintf(&stdin, "%s\t%s\n", p.a, p.b)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stderr = &stdin, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, stderr.String())
	}
	answers := strings.Fields(string(out))
	if len(answers) != len(pairs) {
		t.Fatalf("%s answered %d of %d pairs: %s", name, len(answers), len(pairs), stderr.String())
	}
	return answers
}

// check compares the scheme's order with an oracle's answers and requires that
// the oracle took at least a third of the pairs. When strict, the scheme must call
// invalid what the oracle refuses and nothing else.
func check(t *testing.T, s Scheme, pairs []pair, answers []string, strict bool) {
	t.Helper()
	asked := 0
	for i, p := range pairs {
		valid := s.Valid(p.a) && s.Valid(p.b)
		if strict && valid != (answers[i] != refused) {
			t.Errorf("%v: Valid(%q) && Valid(%q) = %v, oracle answers %s", s, p.a, p.b, valid, answers[i])
		}
		if answers[i] == refused {
			continue
		}
		asked++
		if got := fmt.Sprint(s.Compare(p.a, p.b)); got != answers[i] {
			t.Errorf("%v: Compare(%q, %q) = %s, oracle %s", s, p.a, p.b, got, answers[i])
		}
	}
	if asked < len(pairs)/3 {
		t.Errorf("the oracle took only %d of %d pairs", asked, len(pairs))
	}
	t.Logf("%d pairs agree or are reported above", asked)
}

// tool returns a program's path or skips the test.
func tool(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("%s is not installed", names[0])
	return ""
}

// script writes a program's text to a file and returns its name.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// firstFile returns the first of the files that exists or skips the test.
func firstFile(t *testing.T, what string, paths ...string) string {
	t.Helper()
	for _, path := range paths {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("%s is not installed", what)
	return ""
}

// npmSemver returns the folder of the semver package that npm ships or that
// Debian packages.
func npmSemver(t *testing.T) string {
	return firstFile(t, "node-semver", "/usr/lib/node_modules/npm/node_modules/semver",
		"/usr/local/lib/node_modules/npm/node_modules/semver", "/usr/share/nodejs/semver")
}

// python returns a Python that has the packaging module.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import packaging.version").Run() == nil {
			return name
		}
	}
	t.Skip("python3 with packaging is not installed")
	return ""
}
