package jsp

import (
	"strings"

	"github.com/boltseal/boltseal/scan/webshell/script"
)

// page is a JSP taken apart.
type page struct {
	// declarations are members of the page's class, code is what runs.
	declarations, code []script.Token
	// expressions are in the expression language.
	expressions []expression
}

// expression is what stands in ${...}, with the variable that a tag stores it
// in, if any.
type expression struct {
	text, variable string
	line           int
}

// maxExpressions is how many expressions of a page are read.
const maxExpressions = 2000

// parse takes a page apart. It finds the elements of JSP by themselves, not by
// the structure around them, so that broken pages are read too.
func parse(src string) *page {
	p := &page{}
	line, pos := 1, 0
	for pos < len(src) {
		i := strings.IndexAny(src[pos:], "<$#")
		if i < 0 {
			break
		}
		line += strings.Count(src[pos:pos+i], "\n")
		pos += i
		n := p.element(src[pos:], line)
		if n == 0 {
			n = 1
		}
		line += strings.Count(src[pos:pos+n], "\n")
		pos += n
	}
	return p
}

// element reads what begins at s, and returns its length or 0.
func (p *page) element(s string, line int) int {
	switch {
	case strings.HasPrefix(s, "<%"):
		return p.scripting(s, line)
	case s[0] == '<':
		return p.tag(s, line)
	case strings.HasPrefix(s, "${") || strings.HasPrefix(s, "#{"):
		end := endOfExpression(s)
		p.expression(s[2:end], "", line)
		return end
	}
	return 0
}

func (p *page) expression(text, variable string, line int) {
	if len(p.expressions) < maxExpressions && strings.ContainsAny(text, ".[(") {
		p.expressions = append(p.expressions, expression{text, variable, line})
	}
}

// endOfExpression finds the brace that closes an expression, outside of quotes.
func endOfExpression(s string) int {
	quote := byte(0)
	depth := 0
	for i := 2; i < len(s) && i < 1<<16; i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return min(len(s), 2)
}

// scripting reads <% %>, <%! %>, <%= %>, <%@ %> and <%-- --%>.
func (p *page) scripting(s string, line int) int {
	if strings.HasPrefix(s, "<%--") {
		return until(s, "--%>")
	}
	end := until(s, "%>")
	body := strings.TrimSuffix(s[2:end], "%>")
	switch {
	case strings.HasPrefix(body, "@"):
	case strings.HasPrefix(body, "!"):
		p.declare(body[1:], line)
	case strings.HasPrefix(body, "="):
		p.print(body[1:], line)
	default:
		p.run(body, line)
	}
	return end
}

// until returns the length of s up to the end of close, or all of it.
func until(s, close string) int {
	if i := strings.Index(s, close); i >= 0 {
		return i + len(close)
	}
	return len(s)
}

func (p *page) declare(src string, line int) {
	p.declarations = append(p.declarations, tokens(src, line)...)
}

func (p *page) run(src string, line int) {
	p.code = append(p.code, tokens(src, line)...)
}

// print reads an expression whose value is written into the page.
func (p *page) print(src string, line int) {
	punct := func(kind script.TokenKind, text string) {
		p.code = append(p.code, script.Token{Kind: kind, Text: text, Line: line})
	}
	punct(script.Word, "out")
	punct(script.Punct, ".")
	punct(script.Word, "print")
	punct(script.Punct, "(")
	p.run(src, line)
	punct(script.Punct, ")")
	punct(script.Punct, ";")
}

// tokens cuts Java into tokens without the one that ends it. A "%\>" stands
// for "%>".
func tokens(src string, line int) []script.Token {
	ts := script.Java.Lex(strings.ReplaceAll(src, `%\>`, "%>"), line)
	return ts[:len(ts)-1]
}

// tag reads the XML forms of scripting elements, whose prefix is up to the
// page, and tags with values in the expression language.
func (p *page) tag(s string, line int) int {
	end := strings.IndexByte(s[:min(len(s), 1<<13)], '>')
	if end < 0 {
		return 0
	}
	head := s[1:end]
	name := head
	if i := strings.IndexAny(head, " \t\r\n/"); i > 0 {
		name = head[:i]
	}
	prefix, local, ok := strings.Cut(name, ":")
	if !ok || prefix == "" {
		return 0
	}
	switch local {
	case "scriptlet", "declaration", "expression":
		close := "</" + name + ">"
		n := until(s, close)
		body := strings.TrimSuffix(s[min(end+1, n):n], close)
		body = unxml(body)
		switch local {
		case "scriptlet":
			p.run(body, line)
		case "declaration":
			p.declare(body, line)
		default:
			p.print(body, line)
		}
		return n
	case "set", "out", "eval", "useBean", "forEach", "import", "include":
		p.values(local, head, line)
	}
	return 0
}

// values reads the attributes of tags that store what an expression gives.
func (p *page) values(local, head string, line int) {
	name := attribute(head, "var")
	if local == "useBean" {
		name = attribute(head, "id")
		class := attribute(head, "class")
		if name != "" && class != "" {
			p.expressions = append(p.expressions, expression{text: "new " + class + "()", variable: name, line: line})
		}
		return
	}
	for _, attr := range []string{"value", "items", "expression"} {
		v := attribute(head, attr)
		if v == "" {
			continue
		}
		if local == "eval" && name == "" { // Spring's <s:eval>
			p.expressions = append(p.expressions, expression{text: "SpringEval.parseExpression(" + strings.Trim(v, "${}") + ")", line: line})
			continue
		}
		if (strings.HasPrefix(v, "${") || strings.HasPrefix(v, "#{")) && name != "" {
			p.expressions = append(p.expressions, expression{text: strings.TrimSuffix(v[2:], "}"), variable: name, line: line})
		}
	}
}

// attribute returns the value of an attribute of a tag.
func attribute(head, name string) string {
	for rest := head; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return ""
		}
		before := i == 0 || rest[i-1] <= ' '
		rest = strings.TrimLeft(rest[i+len(name):], " \t\r\n")
		if !before || !strings.HasPrefix(rest, "=") {
			continue
		}
		rest = strings.TrimLeft(rest[1:], " \t\r\n")
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		return unxml(rest[1 : 1+end])
	}
}

// unxml resolves CDATA sections and entities.
func unxml(s string) string {
	if strings.Contains(s, "<!--") {
		s = dropComments(s)
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "<![CDATA[")
		if i < 0 {
			break
		}
		b.WriteString(entities(s[:i]))
		s = s[i+len("<![CDATA["):]
		end := strings.Index(s, "]]>")
		if end < 0 {
			end = len(s)
		}
		b.WriteString(s[:end])
		s = s[min(end+3, len(s)):]
	}
	b.WriteString(entities(s))
	return b.String()
}

func dropComments(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "<!--")
		end := -1
		if i >= 0 {
			end = strings.Index(s[i:], "-->")
		}
		if end < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i+end+3:]
	}
}
