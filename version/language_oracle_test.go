package version

import (
	"fmt"
	goversion "go/version"
	"os/exec"
	"strings"
	"testing"
)

func TestSemverOracle(t *testing.T) {
	program := script(t, "order.js", `
		const semver = require(process.argv[2]);
		for (const line of require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
			const [a, b] = line.split('\t');
			const ok = semver.valid(a, true) && semver.valid(b, true);
			console.log(ok ? semver.compare(a, b, true) : 'x');
		}`)
	pairs := generate(oraclePairs, "-", "-alpha", "-1", ".1", ".rc", ".0", "+build", "-x", "beta2", "-0", ".10", "A")
	for i := range pairs { // npm insists on three numbers
		pairs[i].a, pairs[i].b = "1.0."+pairs[i].a, "1.0."+pairs[i].b
	}
	answers := ask(t, pairs, tool(t, "node"), program, npmSemver(t))
	check(t, Semver, pairs, answers, false)
}

func TestPEP440Oracle(t *testing.T) {
	program := script(t, "order.py", `
import sys
from packaging.version import Version, InvalidVersion
for line in sys.stdin:
    a, b = line.rstrip("\n").split("\t")
    try:
        a, b = Version(a), Version(b)
        print((a > b) - (a < b))
    except InvalidVersion:
        print("x")
`)
	interpreter := python(t)
	loose := generate(oraclePairs, "!", ".", ".0", ".1", "a", "b1", "rc", "-1", ".post", "post2", "rev", ".dev", "dev3", "+l", "+1.a", "_", "c4", "-preview5", ".10", "ALPHA", "0")
	for i, answer := range ask(t, loose, interpreter, program) {
		p := loose[i]
		if valid := PEP440.Valid(p.a) && PEP440.Valid(p.b); valid != (answer != refused) {
			t.Errorf("Valid(%q) && Valid(%q) = %v, packaging answers %s", p.a, p.b, valid, answer)
		} else if valid && fmt.Sprint(PEP440.Compare(p.a, p.b)) != answer {
			t.Errorf("Compare(%q, %q) = %s, packaging %s", p.a, p.b, fmt.Sprint(PEP440.Compare(p.a, p.b)), answer)
		}
	}
	pairs := partsInOrder(oraclePairs, []string{"", "1!"}, []string{"1", "1.0", "1.1", "1.10", "2"},
		[]string{"", "", "a", "b2", "rc1", "c1", ".pre.1", "-alpha-2"}, []string{"", "", ".post1", "-1", "rev2"},
		[]string{"", "", ".dev", ".dev2"}, []string{"", "", "+1", "+a", "+1.a", "+A_2"})
	check(t, PEP440, pairs, ask(t, pairs, interpreter, program), true)
}

// partsInOrder returns pairs of versions that take one choice from each part.
func partsInOrder(n int, parts ...[]string) []pair {
	pairs := make([]pair, n)
	for i := range pairs {
		for p, part := range parts {
			x := uint32(i*31+p*7919) * 2654435761 >> 12
			pairs[i].a += part[int(x)%len(part)]
			if x>>5%3 == 0 {
				x >>= 3
			}
			pairs[i].b += part[int(x)%len(part)]
		}
	}
	return pairs
}

func TestGemOracle(t *testing.T) {
	pairs := generate(oraclePairs, ".", ".0", ".0.0", ".1", ".a", ".b", "-", "-x", ".pre", "rc1", "Z", ".10", "00", "a.0")
	answers := ask(t, pairs, tool(t, "ruby"), "-ne", `
		a, b = $_.chomp.split("\t", -1)
		ok = Gem::Version.correct?(a) && Gem::Version.correct?(b)
		puts ok ? Gem::Version.new(a) <=> Gem::Version.new(b) : "x"`)
	check(t, Gem, pairs, answers, true)
}

const composerOrder = `
require "/usr/share/php/Composer/Semver/autoload.php";
$parser = new Composer\Semver\VersionParser();
while (($line = fgets(STDIN)) !== false) {
	[$a, $b] = explode("\t", rtrim($line, "\n"));
	try {
		$a = $parser->normalize($a);
		$b = $parser->normalize($b);
		echo version_compare($a, $b), "\n";
	} catch (UnexpectedValueException $e) {
		echo "x\n";
	}
}`

func TestComposerOracle(t *testing.T) {
	firstFile(t, "composer", "/usr/share/php/Composer/Semver/autoload.php")
	pairs := partsInOrder(oraclePairs, []string{"", "v"}, []string{"1", "1.0", "1.10", "2"}, []string{"", ".0", ".1", ".9"},
		[]string{"", "", "-alpha", "-alpha1", "beta2", "-b1", "-RC", ".RC3", "-patch", "-pl2", "p1", "_a", "-stable", "-beta.3"},
		[]string{"", "", "-dev"}, []string{"", "+build"})
	pairs = append(pairs, generate(oraclePairs/4, ".0", ".1", ".x-dev", "-dev", "-beta", "RC", ".10", "pl")...)
	for _, line := range published(t, "packagist-versions-generated") {
		pairs = append(pairs, line.pair)
	}
	answers := ask(t, pairs, tool(t, "php"), "-r", composerOrder)
	check(t, Composer, pairs, answers, false)
}

func TestMavenOracle(t *testing.T) {
	jar := firstFile(t, "maven-artifact", "/usr/share/java/maven3-artifact.jar", "/usr/share/java/maven-artifact.jar")
	java := tool(t, "java")
	pairs := generate(oraclePairs/2, ".0", ".1", ".10", "-alpha", "-a1", "-beta-1", "-rc1", "-RC", "-SNAPSHOT", "-1", "-sp", "-x", "-foo2", "b2", "m3", "-cr4")
	args := []string{"-cp", jar, "org.apache.maven.artifact.versioning.ComparableVersion"}
	for _, p := range pairs {
		args = append(args, p.a, p.b)
	}
	out, err := exec.Command(java, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	// The program compares each argument with the one before it.
	sign := map[string]string{"<": "-1", "==": "0", ">": "1"}
	var answers []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "   ") && len(fields) == 3 {
			answers = append(answers, sign[fields[1]])
		}
	}
	if len(answers) != 2*len(pairs)-1 {
		t.Fatalf("Maven answered %d of %d comparisons", len(answers), 2*len(pairs)-1)
	}
	chain := make([]pair, 0, len(answers))
	for i := range answers {
		chain = append(chain, pair{args[3+i], args[4+i]})
	}
	check(t, Maven, chain, answers, false)
}

func TestGoToolchainOracle(t *testing.T) {
	pairs := partsInOrder(oraclePairs, []string{"go"}, []string{"1.9", "1.18", "1.21", "1.22"}, []string{".0", ".1", ".13", "rc1", "rc2", "beta1"})
	answers := make([]string, len(pairs))
	for i, p := range pairs {
		answers[i] = fmt.Sprint(goversion.Compare(p.a, p.b))
	}
	check(t, Go, pairs, answers, true)
}
