package scripting

import (
	"bytes"
	"fmt"

	"github.com/boltseal/boltseal/rule/match"
)

// sign is what a clue says of a program.
type sign uint8

const (
	reads  sign = 1 << iota // it sees requests
	harms                   // it can do harm
	runs                    // it runs text as code
	unpack                  // it makes text of what nobody can read
)

// clue is a text without which a program cannot be a WebShell. One program in a
// hundred has enough of them to be parsed.
type clue struct {
	text string
	sign sign
	// holds looks around an occurrence, at src[start:end]; nil if all count.
	holds func(src []byte, start, end int) bool
}

func clues(s sign, holds func([]byte, int, int) bool, texts ...string) []clue {
	out := make([]clue, len(texts))
	for i, t := range texts {
		out[i] = clue{t, s, holds}
	}
	return out
}

// hidden are clues in escapes and in the names that obfuscators give.
func hidden() []clue {
	return append(clues(reads|harms, escapes, `\x6`, `\x7`, `\u006`, `\u007`), clues(reads|harms, mangled, "_0x")...)
}

func compile(cs []clue) (*match.Set, error) {
	var words []match.Literal
	for _, c := range cs {
		words = append(words, match.Literal{Text: []byte(c.text)})
	}
	set, err := match.Compile(words)
	if err != nil {
		return nil, fmt.Errorf("compile clues: %w", err)
	}
	return set, nil
}

// concerns says whether a program both sees requests and can do harm, or
// unpacks something and runs it, which then decides.
func (a *Analyzer) concerns(src []byte) bool {
	var seen sign
	enough := func() bool { return seen&(reads|harms) == reads|harms || seen&(runs|unpack) == runs|unpack }
	a.words.Scan(src, func(id, start int) bool {
		c := &a.language.clues[id]
		if c.sign&^seen != 0 && (c.holds == nil || c.holds(src, start, start+len(c.text))) {
			seen |= c.sign
		}
		return !enough()
	})
	return enough()
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func before(src []byte, start int) byte {
	if start == 0 {
		return '\n'
	}
	return src[start-1]
}

func after(src []byte, end int) byte {
	if end >= len(src) {
		return '\n'
	}
	return src[end]
}

// word: it is no part of a longer name.
func word(src []byte, start, end int) bool {
	return !wordByte(before(src, start)) && !wordByte(after(src, end))
}

// begins: it is no end of a longer name.
func begins(src []byte, start, _ int) bool { return !wordByte(before(src, start)) }

// ends: it is no beginning of a longer name.
func ends(src []byte, _, end int) bool { return !wordByte(after(src, end)) }

// quoted: it is a whole string.
func quoted(src []byte, start, end int) bool {
	q := before(src, start)
	return (q == '\'' || q == '"' || q == '`') && after(src, end) == q
}

// argument is what is behind the bracket that follows, nil if none does.
func argument(src []byte, end int) []byte {
	rest := bytes.TrimLeft(src[end:min(end+window, len(src))], " \t")
	if len(rest) == 0 || rest[0] != '(' {
		return nil
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) == 0 || rest[0] == ')' {
		return nil
	}
	return rest
}

// window is how far a clue looks.
const window = 200

// called: it is called with something.
func called(src []byte, start, end int) bool {
	return begins(src, start, end) && argument(src, end) != nil
}

// method: it is called with something, on a module.
func method(src []byte, start, end int) bool {
	return before(src, start) != ')' && argument(src, end) != nil
}

// function: it is called with something, and no method.
func function(src []byte, start, end int) bool {
	return before(src, start) != '.' && called(src, start, end)
}

// computes: it is called with more than a string that everybody can read.
func computes(src []byte, start, end int) bool {
	if !begins(src, start, end) {
		return false
	}
	arg := argument(src, end)
	return len(arg) > 0 && !constant(arg)
}

// constant says whether arguments begin with a plain string that is the only one.
func constant(arg []byte) bool {
	q := arg[0]
	if q != '\'' && q != '"' && q != '`' {
		return false
	}
	n := bytes.IndexByte(arg[1:], q)
	if n < 0 || bytes.IndexByte(arg[1:1+n], '\\') >= 0 || bytes.Contains(arg[1:1+n], []byte("${")) {
		return false
	}
	rest := bytes.TrimLeft(arg[n+2:], " \t\r\n")
	return len(rest) > 0 && rest[0] == ')'
}

// escapes: three letters in a row are written as numbers.
func escapes(src []byte, start, _ int) bool {
	width := 4
	if src[start+1] == 'u' {
		width = 6
	}
	for i := range 3 {
		at := start + i*width
		if at+width > len(src) || src[at] != '\\' || src[at+1] != src[start+1] || src[at+width-2] != '6' && src[at+width-2] != '7' {
			return false
		}
	}
	return true
}

// mangled: it begins a name of "_0x" and digits.
func mangled(src []byte, start, end int) bool {
	if !begins(src, start, end) || end+4 > len(src) {
		return false
	}
	for _, c := range src[end : end+4] {
		if !wordByte(c) || c|0x20 > 'f' {
			return false
		}
	}
	return true
}

// line is the rest of the line, no further than a clue looks.
func line(src []byte, end int) []byte {
	rest := src[end:min(end+window, len(src))]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
