package persistence

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/scan/command"
	"github.com/boltseal/boltseal/scan/scanner"
)

// script is a file that is run as a whole.
func (h *hook) script(text string) {
	if lang := language(text); lang != "" {
		h.code(lang, text, 1, command.Hook)
		return
	}
	h.run(text, 1, command.Hook)
}

// launch is a script that a container starts with.
func (h *hook) launch(text string) {
	if language(text) == "" {
		h.run(text, 1, command.Launch)
	}
}

// language is that of a script's first line, "" for the shell or none.
func language(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(first, "#!") {
		return ""
	}
	for _, lang := range []string{"python", "perl", "php", "ruby", "node", "lua"} {
		if strings.Contains(first, lang) {
			return lang
		}
	}
	return ""
}

// program is an ELF file where a text should be.
func (h *hook) program(f *scanner.File) {
	if strings.HasPrefix(h.path, "etc/") && !strings.HasPrefix(h.path, "etc/kernel/") {
		h.add(binaryHook, 0, "an ELF program at /"+f.Path)
	}
}

// profile is what every shell reads when it starts.
func (h *hook) profile(text string) {
	each(text, func(n int, line string) {
		line = strings.TrimPrefix(line, "export ")
		switch {
		case strings.HasPrefix(line, "LD_PRELOAD="):
			h.ldPreload(n, line[len("LD_PRELOAD="):])
		case strings.HasPrefix(line, "PROMPT_COMMAND="):
			h.run(unquote(line[len("PROMPT_COMMAND="):]), n, command.Hook)
		case strings.HasPrefix(line, "trap ") && strings.Contains(line, "DEBUG"):
			h.run(unquote(line[len("trap "):strings.LastIndex(line, "DEBUG")]), n, command.Hook)
		case strings.HasPrefix(line, "alias "):
			h.alias(n, line[len("alias "):])
		}
	})
	h.run(text, 1, command.Hook)
}

// alias looks at aliases in front of programs that ask for passwords. "sudo='sudo
// -E '" only adds an option.
func (h *hook) alias(n int, line string) {
	name, value, ok := strings.Cut(line, "=")
	if !ok {
		return
	}
	switch name {
	case "sudo", "su", "ssh", "passwd", "login", "doas":
	default:
		return
	}
	value = unquote(value)
	h.run(value, n, command.Hook)
	if first, _ := cutField(value); path.Base(first) != name && (Odd(first) || strings.Contains(value, ".sh") || strings.Contains(value, "read ")) {
		h.add(aliased, n, "alias "+line)
	}
}

// unquote takes away the quotes around a value.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	return s
}

// wrapper is a script in the place of a system program. Where coreutils is one
// program, its others are one-line scripts that name it as interpreter.
func (h *hook) wrapper(text string) {
	first, _, _ := strings.Cut(text, "\n")
	if strings.Contains(first, "coreutils") || strings.Contains(first, "busybox") || strings.Contains(first, "toybox") {
		return
	}
	h.add(wrapped, 1, first)
	h.script(text)
}

// vim runs what follows ":!" and system() in its configuration.
func (h *hook) vim(text string) {
	each(text, func(n int, line string) {
		if strings.HasPrefix(line, `"`) {
			return
		}
		if _, cmd, ok := strings.Cut(line, "system("); ok {
			h.run(strings.Trim(cmd, `"')`), n, command.Hook)
		}
		if _, cmd, ok := strings.Cut(line, "!"); ok && (strings.Contains(line, "autocmd") || strings.HasPrefix(line, "silent") || strings.HasPrefix(line, "!") || strings.HasPrefix(line, ":")) {
			h.run(cmd, n, command.Hook)
		}
	})
}
