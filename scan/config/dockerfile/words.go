package dockerfile

import (
	"encoding/json"
	"regexp"
	"strings"
)

// instruction takes what join found apart.
func (r *reader) instruction() Command {
	c := parseInstruction(r.text)
	if c.Cmd == "run" || c.Cmd == "add" || c.Cmd == "copy" {
		r.heredocs(&c)
	}
	c.StartLine, c.EndLine = r.start, r.end
	return c
}

func parseInstruction(text string) Command {
	text = strings.TrimSpace(text)
	word, rest := cutSpace(text)
	c := Command{Cmd: strings.ToLower(word), Original: text}
	c.Flags, rest = flags(rest)
	switch c.Cmd {
	case "onbuild":
		sub := parseInstruction(rest)
		c.SubCmd, c.Value, c.JSON = sub.Cmd, sub.Value, sub.JSON
		if sub.Cmd == "onbuild" { // not allowed, and would nest without end
			c.Value = []string{rest}
		}
	case "healthcheck":
		kind, command := cutSpace(rest)
		c.Value = []string{strings.ToUpper(kind)}
		if command != "" {
			words, exec := execForm(command)
			if !exec {
				words = []string{command}
			}
			c.JSON, c.Value = exec, append(c.Value, words...)
		}
	case "run", "cmd", "entrypoint", "shell":
		if c.Value, c.JSON = execForm(rest); !c.JSON && rest != "" {
			c.Value = []string{rest}
		}
	case "add", "copy", "volume":
		if c.Value, c.JSON = execForm(rest); !c.JSON {
			c.Value = strings.Fields(rest)
		}
	case "env", "label":
		c.Value = pairs(rest)
	case "arg":
		c.Value = quotedWords(rest)
	case "from", "expose":
		c.Value = strings.Fields(rest)
	default:
		if rest != "" {
			c.Value = []string{rest}
		}
	}
	return c
}

// cutSpace cuts the first word off.
func cutSpace(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, " \t\v\f\r")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// flags cuts leading "--name=value" words off.
func flags(rest string) ([]string, string) {
	var list []string
	for strings.HasPrefix(rest, "--") {
		word := quotedWord(rest)
		if word == "--" {
			return list, strings.TrimSpace(rest[2:])
		}
		list = append(list, word)
		rest = strings.TrimSpace(rest[len(word):])
	}
	return list, rest
}

// execForm reads a JSON array of strings.
func execForm(s string) ([]string, bool) {
	if !strings.HasPrefix(s, "[") {
		return nil, false
	}
	var words []string
	if json.Unmarshal([]byte(s), &words) != nil {
		return nil, false
	}
	return words, true
}

// pairs reads "a=b c=d" and the old "a b" into name, value, separator.
func pairs(rest string) []string {
	words := quotedWords(rest)
	if len(words) == 0 {
		return nil
	}
	if !strings.Contains(words[0], "=") {
		name, value := cutSpace(rest)
		return []string{name, value, ""}
	}
	var list []string
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		list = append(list, name, value, "=")
	}
	return list
}

// quotedWords splits at white space outside quotes; quotes stay.
func quotedWords(s string) []string {
	var words []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		w := quotedWord(s)
		words = append(words, w)
		s = s[len(w):]
	}
	return words
}

// quotedWord is the first word; one whose quote never ends goes to the end.
func quotedWord(s string) string {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == '\n':
			return s[:i]
		}
	}
	return s
}

var heredoc = regexp.MustCompile(`(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_]*)["']?`)

// heredocs reads the here-documents that follow. The text of a script becomes
// the instruction's command.
func (r *reader) heredocs(c *Command) {
	if c.JSON || len(c.Value) == 0 {
		return
	}
	command := strings.Join(c.Value, " ")
	marks := heredoc.FindAllStringSubmatch(command, 16)
	var bodies []string
	for _, m := range marks {
		body, ok := r.heredoc(m[1] == "-", m[3])
		if !ok {
			break
		}
		bodies = append(bodies, body)
		c.Original += "\n" + body + m[3]
	}
	switch {
	case len(bodies) == 0 || c.Cmd != "run":
	case heredoc.ReplaceAllString(command, "") == "" && !strings.HasPrefix(bodies[0], "#!"):
		c.Value = []string{strings.ReplaceAll(strings.TrimSuffix(bodies[0], "\n"), "\n", " ; ")}
	default:
		for i, b := range bodies {
			command += "\n" + b + marks[i][3]
		}
		c.Value = []string{command}
	}
}

// heredoc reads lines up to the word. A document without an end is no document.
func (r *reader) heredoc(chomp bool, word string) (string, bool) {
	var b strings.Builder
	for i := r.at; i < len(r.lines); i++ {
		line := strings.TrimSuffix(string(r.lines[i]), "\r")
		if chomp {
			line = strings.TrimLeft(line, "\t")
		}
		if line == word {
			r.at, r.end = i+1, i+1
			return b.String(), true
		}
		b.WriteString(line + "\n")
	}
	return "", false
}

// Rego is the file as checks see it.
func (f *File) Rego(path string) map[string]any {
	stages := make([]any, 0, len(f.Stages))
	for _, s := range f.Stages {
		commands := make([]any, 0, len(s.Commands))
		for _, c := range s.Commands {
			commands = append(commands, map[string]any{
				"Cmd": c.Cmd, "SubCmd": c.SubCmd, "Flags": list(c.Flags), "Value": list(c.Value), "Original": c.Original,
				"JSON": c.JSON, "Stage": c.Stage, "Path": path, "StartLine": c.StartLine, "EndLine": c.EndLine,
			})
		}
		stages = append(stages, map[string]any{"Name": s.Name, "Commands": commands})
	}
	return map[string]any{"Stages": stages}
}

func list(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}
