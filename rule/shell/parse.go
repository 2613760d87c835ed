package shell

import "strings"

// Bounds of what is read of one text.
const (
	// MaxText is how many bytes of a text are read; the rest is left out.
	MaxText      = 256 << 10
	maxDepth     = 12      // substitutions in substitutions
	maxExpansion = 4 << 10 // bytes of ${...} and $((...))
	maxWords     = 40_000  // words of a text, those of substitutions too
)

// A pipeline is commands joined by "|".
type pipeline []simple

// simple is one command: words without redirections.
type simple struct {
	words  []word
	out    string // the file that standard output goes to
	here   string // what a here-document or here-string feeds it
	device string // a network connection among its redirections
	line   int    // counts from 1
	text   string // as written
}

// word is one word with its quotes removed. Nothing is expanded.
type word struct {
	text string
	// subs are the command substitutions in it; file is set when it is the
	// process substitution <(...) or >(...), which stands for a file.
	subs []pipeline
	file bool
}

// parser reads a text as POSIX shells and bash cut it (POSIX.1-2017, XCU 2.2,
// 2.3 and 2.10), forgiving what is broken: it never fails.
type parser struct {
	src   string
	at    int
	line  int
	left  *int // words that may still be made
	heres []hereDoc
}

// hereDoc is a here-document whose body is yet to come.
type hereDoc struct {
	end   string
	strip bool // <<-
	index int  // of the command in the list of its pipeline
	pipe  *pipeline
}

func newParser(text string, line int, left *int) *parser {
	return &parser{src: text[:min(len(text), MaxText)], line: line, left: left}
}

// list reads pipelines up to the byte end, which it takes, or the text's end.
func (p *parser) list(end byte, depth int) []pipeline {
	var all []pipeline
	current := new(pipeline)
	var cmd simple
	begin := p.at
	flush := func() {
		if len(cmd.words) > 0 || cmd.here != "" || cmd.out != "" || cmd.device != "" {
			cmd.text = strings.TrimSpace(p.src[min(begin, p.at):p.at])
			*current = append(*current, cmd)
		}
		cmd = simple{}
	}
	close := func() {
		flush()
		if len(*current) > 0 {
			all = append(all, *current)
			current = new(pipeline)
		}
	}
	for p.at < len(p.src) && *p.left > 0 {
		p.blanks()
		if len(cmd.words) == 0 {
			begin, cmd.line = p.at, p.line
		}
		if p.at >= len(p.src) {
			break
		}
		c := p.src[p.at]
		switch {
		case c == end && (end == ')' || end == '}' && len(cmd.words) == 0):
			close()
			p.at++
			return all
		case (c == '(' || c == '{' && isBlank(p.peek(1))) && len(cmd.words) == 0 && p.peek(1) != ')':
			cmd.words = append(cmd.words, p.group(c, depth))
		case c == '#':
			p.comment()
		case c == '\n':
			close()
			p.newline(all)
		case c == '<' || c == '>' || c == '&' && p.peek(1) == '>':
			if p.peek(1) == '(' && c != '&' {
				cmd.words = append(cmd.words, p.word(depth))
				continue
			}
			p.redirect(&cmd, current, depth)
		case c == '|' && p.peek(1) != '|':
			flush()
			p.at++
			if p.peek(0) == '&' {
				p.at++
			}
		case c == ')': // behind the patterns of a case
			cmd, current = simple{}, new(pipeline)
			p.at++
		case strings.IndexByte(";&|(", c) >= 0:
			close()
			p.at++
		default:
			w := p.word(depth)
			if len(cmd.words) > 0 || !keyword(w.text) {
				cmd.words = append(cmd.words, w)
			}
		}
	}
	close()
	p.bodies(all)
	return all
}

func keyword(s string) bool {
	switch s {
	case "if", "then", "else", "elif", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "esac":
		return true
	}
	return false
}

func (p *parser) peek(n int) byte {
	if p.at+n < len(p.src) {
		return p.src[p.at+n]
	}
	return 0
}

// blanks passes over white space and continued lines.
func (p *parser) blanks() {
	for p.at < len(p.src) {
		switch {
		case p.src[p.at] == ' ' || p.src[p.at] == '\t' || p.src[p.at] == '\r':
			p.at++
		case p.src[p.at] == '\\' && p.peek(1) == '\n':
			p.at += 2
			p.line++
		default:
			return
		}
	}
}

func (p *parser) comment() {
	for p.at < len(p.src) && p.src[p.at] != '\n' {
		p.at++
	}
}

func (p *parser) newline(all []pipeline) {
	p.at++
	p.line++
	p.bodies(all)
}

// bodies reads the bodies of the here-documents that the last line began.
func (p *parser) bodies(all []pipeline) {
	for _, h := range p.heres {
		var body strings.Builder
		for p.at < len(p.src) {
			line, rest, _ := strings.Cut(p.src[p.at:], "\n")
			p.at = len(p.src) - len(rest)
			p.line++
			if h.strip {
				line = strings.TrimLeft(line, "\t")
			}
			if line == h.end {
				break
			}
			body.WriteString(line)
			body.WriteByte('\n')
		}
		if h.pipe != nil && h.index < len(*h.pipe) {
			(*h.pipe)[h.index].here = body.String()
		}
	}
	p.heres = p.heres[:0]
}

// redirect reads one redirection.
func (p *parser) redirect(cmd *simple, pipe *pipeline, depth int) {
	begin := p.at
	for p.at < len(p.src) && strings.IndexByte("<>&|-", p.src[p.at]) >= 0 && p.at-begin < 3 {
		p.at++
	}
	op := p.src[begin:p.at]
	p.blanks()
	target := p.word(depth)
	stdout := true
	if n := len(cmd.words); n > 0 && begin > 0 && isDigit(p.src[begin-1]) && len(cmd.words[n-1].text) == 1 {
		stdout = cmd.words[n-1].text == "1" // "2> file": the word before is a number
		cmd.words = cmd.words[:n-1]
	}
	switch {
	case op == "<<<":
		cmd.here = target.text
	case strings.HasPrefix(op, "<<"):
		p.heres = append(p.heres, hereDoc{end: target.text, strip: op == "<<-", index: len(*pipe), pipe: pipe})
		cmd.here = "\n"
	case strings.Contains(op, ">") && stdout && !strings.HasSuffix(op, "&"):
		cmd.out = target.text
	}
	// What is redirected to or from may itself be a command, or a device that
	// is a network connection.
	if strings.HasPrefix(target.text, "/dev/tcp/") || strings.HasPrefix(target.text, "/dev/udp/") {
		cmd.device = target.text
	}
	if len(target.subs) > 0 {
		target.file = true
		cmd.words = append(cmd.words, target)
	}
}

// groupName stands for the program in a command that is a group.
const groupName = "("

// group reads ( ... ) or { ...; }, whose commands write into one pipe.
func (p *parser) group(open byte, depth int) word {
	p.at++
	end := byte(')')
	if open == '{' {
		end = '}'
	}
	return word{text: groupName, subs: p.sub(end, depth)}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
