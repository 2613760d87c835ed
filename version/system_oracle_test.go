package version

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func dpkgPairs(n int) []pair {
	return generate(n, ".", ".0", ".1", ".10", "-", "-1", "-0", "~", "~rc1", "+", "+deb12u1", "a", "b", "Z", "00", "9", ":", "ubuntu", "~~")
}

func TestDpkgOracle(t *testing.T) {
	perl := tool(t, "perl")
	if exec.Command(perl, "-MDpkg::Version", "-e1").Run() != nil {
		t.Skip("Perl's Dpkg::Version is not installed")
	}
	pairs := dpkgPairs(oraclePairs)
	answers := ask(t, pairs, perl, "-MDpkg::Version", "-ne",
		`chomp; my ($a, $b) = map { Dpkg::Version->new($_) } split /\t/, $_, -1;
		print $a->is_valid && $b->is_valid && "$a $b" !~ /:( |$)/ ? version_compare($a, $b) : "x", "\n"`)
	check(t, Dpkg, pairs, answers, false)
}

// TestDpkgItself asks dpkg, which is a process per comparison, a sample.
func TestDpkgItself(t *testing.T) {
	tool(t, "dpkg")
	pairs := dpkgPairs(400)
	answers := ask(t, pairs, "sh", "-c", `while IFS="$(printf '\t')" read -r a b; do
		if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo -1
		elif dpkg --compare-versions "$a" gt "$b" 2>/dev/null; then echo 1
		elif dpkg --compare-versions "$a" eq "$b" 2>/dev/null; then echo 0
		else echo x; fi; done`)
	check(t, Dpkg, pairs, answers, false)
}

// rpmLua runs a Lua expression over the strings a and b of each pair in rpm.
func rpmLua(t *testing.T, pairs []pair, expression string) []string {
	t.Helper()
	var lines strings.Builder
	for _, p := range pairs {
		fmt.Fprintf(&lines, "%s\t%s\n", p.a, p.b)
	}
	input := script(t, "pairs", lines.String())
	program := fmt.Sprintf(`%%{lua: for line in io.lines(%q) do
		local tab = string.find(line, "\t", 1, true)
		local a, b = string.sub(line, 1, tab - 1), string.sub(line, tab + 1)
		print(%s .. "\n")
	end}`, input, expression)
	cmd := exec.Command(tool(t, "rpm"), "--eval", program)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func TestRPMOracle(t *testing.T) {
	pairs := generate(oraclePairs, ".", ".0", ".1", ".10", "_", "~", "~rc1", "^", "^git1", "+", "a", "b", "Z", "00", "9", "el8", "..")
	check(t, RPM, pairs, rpmLua(t, pairs, "math.tointeger(rpm.vercmp(a, b))"), false)
}

func TestRPMOracleEVR(t *testing.T) {
	pairs := generate(oraclePairs, ".0", ".1", ".10", "~rc1", "^git1", "a", "00")
	for i := range pairs {
		p := &pairs[i]
		p.a = fmt.Sprintf("%s%s-%d.el8", []string{"", "0:", "1:"}[i%3], p.a, i%2)
		p.b = fmt.Sprintf("%s%s-%d.el8", []string{"", "0:", "1:"}[i/3%3], p.b, i/2%2)
	}
	const compare = `(rpm.ver(a) < rpm.ver(b) and -1 or rpm.ver(b) < rpm.ver(a) and 1 or 0)`
	check(t, RPM, pairs, rpmLua(t, pairs, compare), false)
}
