package asp

import (
	"strings"

	"github.com/boltseal/boltseal/scan/webshell/script"
)

// page is an ASP or ASP.NET page taken apart.
type page struct {
	language *script.Dialect
	tokens   []script.Token
	// controls are the ids of elements that the server knows.
	controls map[string]bool
}

// languages by the names that pages and tags give them.
var languages = map[string]*script.Dialect{
	"vbscript": &script.VBScript, "vb": &script.VBScript, "visualbasic": &script.VBScript, "vbs": &script.VBScript, "vbscript.encode": &script.VBScript,
	"jscript": &script.JavaScript, "javascript": &script.JavaScript, "js": &script.JavaScript, "jscript.encode": &script.JavaScript, "jscript.net": &script.JavaScript,
	"c#": &script.CSharp, "cs": &script.CSharp, "csharp": &script.CSharp, "c_sharp": &script.CSharp,
}

// parse takes a page apart. What the page says about its language decides, or
// else its name.
func parse(src string, language *script.Dialect) *page {
	p := &page{language: language, controls: make(map[string]bool)}
	if l := declaredLanguage(src); l != nil {
		p.language = l
	}
	line, pos := 1, 0
	for pos < len(src) {
		i := strings.IndexByte(src[pos:], '<')
		if i < 0 {
			break
		}
		line += strings.Count(src[pos:pos+i], "\n")
		pos += i
		n := max(1, p.element(src[pos:], line))
		line += strings.Count(src[pos:pos+n], "\n")
		pos += n
	}
	return p
}

// whole reads a file that is code from its first to its last line, behind a
// directive.
func whole(src string, language *script.Dialect) *page {
	p := &page{language: language}
	if l := declaredLanguage(src); l != nil {
		p.language = l
	}
	rest, line := src, 1
	if strings.HasPrefix(strings.TrimLeft(src, "\ufeff \r\n\t"), "<%") {
		n := until(src, "%>")
		rest, line = src[n:], 1+strings.Count(src[:n], "\n")
	}
	p.run(rest, line)
	return p
}

// declaredLanguage reads the first directive or script tag that names one.
func declaredLanguage(src string) *script.Dialect {
	lower := script.Lower(src[:min(len(src), 1<<16)])
	for rest := lower; ; {
		i := strings.Index(rest, "<%@")
		if i < 0 {
			break
		}
		end := strings.IndexByte(rest[i:], '>')
		if end < 0 {
			break
		}
		if l := languages[attribute(rest[i:i+end], "language")]; l != nil {
			return l
		}
		rest = rest[i+end:]
	}
	for rest := lower; ; {
		i := strings.Index(rest, "<script")
		if i < 0 {
			return nil
		}
		end := strings.IndexByte(rest[i:], '>')
		if end < 0 {
			return nil
		}
		if head := rest[i : i+end]; attribute(head, "runat") == "server" {
			if l := languages[attribute(head, "language")]; l != nil {
				return l
			}
		}
		rest = rest[i+end:]
	}
}

func (p *page) element(s string, line int) int {
	switch {
	case strings.HasPrefix(s, "<%"):
		return p.scripting(s, line)
	case len(s) > 7 && strings.EqualFold(s[:7], "<script"):
		return p.script(s, line)
	}
	return p.control(s)
}

func (p *page) scripting(s string, line int) int {
	if strings.HasPrefix(s, "<%--") {
		return until(s, "--%>")
	}
	end := until(s, "%>")
	body := strings.TrimSuffix(s[2:end], "%>")
	if body == "" || body[0] == '@' {
		return end
	}
	switch body[0] {
	case '=', ':', '#', '$':
		body = "response.write(" + body[1:] + ")"
		if p.language != &script.VBScript {
			body = "Response.Write(" + body[len("response.write("):] + ";"
		}
	}
	p.run(body, line)
	return end
}

// run adds code in the page's language. VBScript takes the mark of an HTML
// comment for the beginning of a comment.
func (p *page) run(src string, line int) {
	if p.language == &script.VBScript {
		src = strings.ReplaceAll(src, "<!--", "'")
	}
	ts := p.language.Lex(src, line)
	p.tokens = append(p.tokens, ts[:len(ts)-1]...)
	if p.language == &script.VBScript {
		p.tokens = append(p.tokens, script.Token{Kind: script.Newline, Line: line})
	}
}

// script reads <script runat="server">.
func (p *page) script(s string, line int) int {
	end := strings.IndexByte(s, '>')
	if end < 0 {
		return 0
	}
	head := script.Lower(s[:end])
	n := untilTag(s, "</script>")
	if attribute(head, "runat") != "server" {
		if strings.Contains(s[:n], "<%") {
			return end
		}
		return n
	}
	body := s[min(end+1, n):n]
	if len(body) >= 9 {
		body = body[:len(body)-9]
	}
	outer := p.language
	if l := languages[attribute(head, "language")]; l != nil && (l == p.language || len(p.tokens) == 0) {
		p.language = l
	}
	p.run(body, line+strings.Count(s[:end], "\n"))
	if outer != p.language && len(p.tokens) == 0 {
		p.language = outer
	}
	return n
}

// control records the id of an element with runat="server".
func (p *page) control(s string) int {
	end := strings.IndexByte(s[:min(len(s), 2048)], '>')
	if end < 0 {
		return 0
	}
	head := script.Lower(s[:end])
	if strings.Contains(head, "runat") && len(p.controls) < 1000 {
		if id := attribute(head, "id"); id != "" {
			p.controls[id] = true
		}
	}
	return 0
}

// until returns the length of s up to the end of close, or all of it.
func until(s, close string) int {
	if i := strings.Index(s, close); i >= 0 {
		return i + len(close)
	}
	return len(s)
}

// untilTag is until for a closing tag in any case.
func untilTag(s, close string) int {
	for i := 0; i+len(close) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(close)], close) {
			return i + len(close)
		}
	}
	return len(s)
}

// attribute returns the value of an attribute of a tag.
func attribute(head, name string) string {
	for rest := head; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return ""
		}
		before := i == 0 || rest[i-1] <= ' ' || rest[i-1] == '@'
		rest = strings.TrimLeft(rest[i+len(name):], " \t\r\n")
		if !before || !strings.HasPrefix(rest, "=") {
			continue
		}
		rest = strings.TrimLeft(rest[1:], " \t\r\n")
		if rest == "" {
			return ""
		}
		if q := rest[0]; q == '"' || q == '\'' {
			if end := strings.IndexByte(rest[1:], q); end >= 0 {
				return strings.TrimSpace(rest[1 : 1+end])
			}
			return ""
		}
		end := strings.IndexAny(rest, " \t\r\n>%")
		if end < 0 {
			end = len(rest)
		}
		return rest[:end]
	}
}
