package yara

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// generator writes rules and texts that have much to do with each other: all
// bytes come from a small alphabet.
type generator struct{ *rand.Rand }

const letters = "abAB _1\x00\n"

func (g generator) pick(s ...string) string { return s[g.IntN(len(s))] }

func (g generator) letter() byte { return letters[g.IntN(len(letters))] }

func (g generator) text(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = g.letter()
	}
	return out
}

// data is a text with some wide parts and repetitions.
func (g generator) data() []byte {
	var out []byte
	for range 4 + g.IntN(12) {
		part := g.text(1 + g.IntN(40))
		switch g.IntN(5) {
		case 0:
			part = widen(part)
		case 1:
			part = []byte(strings.Repeat(string(part[:1+len(part)/8]), 3))
		case 2:
			for i := range part {
				part[i] ^= 3
			}
		}
		out = append(out, part...)
	}
	return out
}

func quote(text []byte) string {
	var b strings.Builder
	for _, c := range text {
		fmt.Fprintf(&b, `\x%02x`, c)
	}
	return `"` + b.String() + `"`
}

func (g generator) textString() string {
	s := quote(g.text(2 + g.IntN(4)))
	switch g.IntN(6) {
	case 0:
		return s + g.pick(" xor", " xor(1-5)", " xor wide", " xor(3) wide ascii")
	case 1:
		return quote(g.text(3+g.IntN(4))) + g.pick(" base64", " base64wide", " base64 wide", " base64 base64wide")
	}
	for _, m := range []string{" wide", " ascii", " nocase", " fullword"} {
		if g.IntN(3) == 0 {
			s += m
		}
	}
	return s
}

func (g generator) hexString() string {
	var b strings.Builder
	n := 3 + g.IntN(5)
	for i := range n {
		h := fmt.Sprintf("%02x", g.letter())
		switch g.IntN(12) {
		case 0:
			h = "?" + h[1:]
		case 1:
			h = h[:1] + "?"
		case 2:
			h = "??"
		case 3:
			h = fmt.Sprintf("( %s | %02x %02x )", h, g.letter(), g.letter())
		case 4:
			// All of one length: which of several lengths counts depends in yara on
			// the literal that it chose.
			h = fmt.Sprintf("( %s | ?? | %02x )", h, g.letter())
		}
		b.WriteString(h + " ")
		if i < n-1 && i > 0 && g.IntN(4) == 0 {
			b.WriteString(g.pick("[1] ", "[0-2] ", "[2-5] ", "[3-] ", "[-] ", "[201-300] "))
		}
	}
	return "{ " + b.String() + "}"
}

func (g generator) regexString() string {
	lazy := g.IntN(3) == 0
	s := "/" + g.pick("", "", "", "^", `\b`) + g.regex(2, lazy) + g.regexLiteral() + g.pick("", "", "", "$", `\b`, `\B`) + "/" + g.pick("", "i", "s", "is")
	// Not wide and ascii at once, and no ".{2,}?": docs/yara.md says how yara differs.
	s += g.pick("", "", " wide", " ascii")
	for _, m := range []string{" nocase", " fullword"} {
		if g.IntN(5) == 0 {
			s += m
		}
	}
	return s
}

func (g generator) regexLiteral() string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		fmt.Fprintf(&b, `\x%02x`, g.letter())
	}
	return b.String()
}

func (g generator) regex(depth int, lazy bool) string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		switch k := g.IntN(8); {
		case k < 3 || depth == 0:
			b.WriteString(g.regexLiteral())
			continue
		case k < 5:
			b.WriteString(g.pick("[ab]", "[^a]", `\w`, `\s`, ".", "[A-Ba_]", `\d`, `[^\n\x00]`))
		default:
			b.WriteString("(" + g.regex(depth-1, lazy) + g.pick("", "|"+g.regex(depth-1, lazy)) + ")")
		}
		if g.IntN(2) == 0 {
			q := g.pick("*", "+", "?", "{2}", "{1,3}", "{,2}", "{0,3}", "{2,}")
			if lazy {
				q = strings.Replace(q, "{2,}", "{2,4}", 1) + "?"
			}
			b.WriteString(q)
		}
	}
	return b.String()
}

// rule has some strings and a condition that is often true.
func (g generator) rule(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule r%d {\n  strings:\n", i)
	n := 1 + g.IntN(3)
	for k := range n {
		s := ""
		switch g.IntN(3) {
		case 0:
			s = g.textString()
		case 1:
			s = g.hexString()
		case 2:
			s = g.regexString()
		}
		fmt.Fprintf(&b, "    $s%d = %s\n", k, s)
	}
	fmt.Fprintf(&b, "  condition: any of them or (%s)\n}\n", g.condition(3, n))
	return b.String()
}

func (g generator) condition(depth, n int) string {
	if depth == 0 {
		return g.test(n)
	}
	switch g.IntN(7) {
	case 0:
		return g.condition(depth-1, n) + " and " + g.condition(depth-1, n)
	case 1:
		return g.condition(depth-1, n) + " or " + g.condition(depth-1, n)
	case 2:
		return "not " + g.condition(depth-1, n)
	case 3:
		return "(" + g.condition(depth-1, n) + ")"
	case 4:
		return g.number(2, n) + g.pick(" == ", " != ", " < ", " <= ", " > ", " >= ") + g.number(2, n)
	case 5:
		return "defined " + g.pick(g.test(n), "("+g.number(2, n)+")")
	}
	return g.test(n)
}

func (g generator) test(n int) string {
	id := strconv.Itoa(g.IntN(n))
	switch g.IntN(8) {
	case 0:
		return "$s" + id
	case 1:
		return "$s" + id + " in (" + g.number(1, n) + ".." + g.number(1, n) + ")"
	case 2:
		return "$s" + id + " at " + g.number(1, n)
	case 3:
		return g.pick("any", "all", "none", "1", "2", "#s0", "50%") + " of " + g.pick("them", "($s*)", "($s0)")
	case 4:
		return "for " + g.pick("any", "all", "2") + " of them : ( " + g.pick("$", "# > 2", "@ > 10", "! < 4", "$ in (0..50)", "@[2] > @[1]") + " )"
	case 5:
		return "for " + g.pick("any", "all", "2") + " i in (" + g.pick("1..#s0", "1,2,3", "0..5") + ") : ( " + g.pick("@s0[i] > 5", "!s0[i] == 3", "i % 2 == 0", "uint8(i) > 64") + " )"
	case 6:
		return "any of ($s*) in (" + g.number(1, n) + ".." + g.number(1, n) + ")"
	}
	return g.pick("true", "false")
}

func (g generator) number(depth, n int) string {
	id := strconv.Itoa(g.IntN(n))
	if depth > 0 && g.IntN(3) == 0 {
		return "(" + g.number(depth-1, n) + g.pick(" + ", " - ", " * ", ` \ `, " % ", " & ", " | ", " ^ ") + g.number(depth-1, n) + ")"
	}
	switch g.IntN(6) {
	case 0:
		return "#s" + id
	case 1:
		return "@s" + id + g.pick("", "[1]", "[2]", "[#s0]")
	case 2:
		return "!s" + id + g.pick("", "[1]", "[2]", "[100]")
	case 3:
		return "filesize"
	case 4:
		return g.pick("uint8", "int8", "uint16", "uint16be", "int16", "uint32", "int32be") + "(" + strconv.Itoa(g.IntN(400)) + ")"
	}
	return strconv.Itoa(1 + g.IntN(100))
}

// TestGenerated compares rules that are made at random with the oracle; the seed
// is in the message. BOLTSEAL_YARA_SEEDS sets how many seeds.
func TestGenerated(t *testing.T) {
	seeds := 20
	if s := os.Getenv("BOLTSEAL_YARA_SEEDS"); s != "" {
		seeds, _ = strconv.Atoi(s)
	}
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { generated(t, seed) })
	}
}

func generated(t *testing.T, seed uint64) {
	g := generator{rand.New(rand.NewPCG(seed, 1))}
	dir := t.TempDir()
	var files []string
	for i := range 12 {
		files = append(files, filepath.Join(dir, strconv.Itoa(i)))
		write(t, files[i], g.data())
	}
	var rules []string
	for len(rules) < 40 {
		r := g.rule(len(rules))
		// What neither accepts, such as a constant division by zero, is left out.
		if _, errs := Compile([]Source{{Text: []byte(r)}}, Options{}); len(errs) == 0 {
			rules = append(rules, r)
		}
	}
	agree(t, strings.Join(rules, ""), files)
}
