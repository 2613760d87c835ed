package shell

import (
	"path"
	"strings"
)

// call is a command without what stands before it: assignments, and programs
// that run another (sudo, env, timeout 5).
type call struct {
	// name is the program's base name in lower case, path as written.
	name, path string
	args       []word
	assigns    []string
}

// wrappers run the command behind them. The number is how many words of their
// own they take beside options; options that take a value are listed.
var wrappers = map[string]struct {
	words  int
	valued string
}{
	"sudo": {0, "-u -g -h -p -C -r -t -U"}, "doas": {0, "-u -C"}, "env": {0, "-u -C -S"}, "nohup": {}, "exec": {0, "-a"}, "command": {},
	"builtin": {}, "nice": {0, "-n"}, "ionice": {0, "-c -n -p"}, "setsid": {}, "stdbuf": {0, "-i -o -e"},
	"timeout": {1, "-s -k"}, "busybox": {}, "toybox": {}, "xargs": {0, "-I -n -P -L -d -a -E -s"}, "chroot": {1, ""},
	"gosu": {1, ""}, "su-exec": {1, ""}, "runuser": {0, "-u -g"}, "tini": {0, "-p -e"}, "dumb-init": {0, "-r"}, "catatonit": {},
	"chrt": {1, ""}, "taskset": {1, "-c"}, "unbuffer": {}, "strace": {0, "-o -e -p"}, "flock": {1, "-w -E"}, "watch": {0, "-n"},
	"linux32": {}, "setarch": {1, ""}, "proxychains": {0, "-f"}, "proxychains4": {0, "-f"}, "torsocks": {}, "run-one": {}, "chpst": {0, "-u"},
}

// maxWrappers bounds how many such programs are peeled off one command.
const maxWrappers = 16

func callOf(cmd *simple) call {
	words := cmd.words
	if len(words) > 0 && strings.ContainsAny(words[0].text, " \t") && len(words[0].subs) == 0 { // curl${IFS}x
		var cut []word
		for _, f := range strings.Fields(words[0].text) {
			cut = append(cut, word{text: f})
		}
		words = append(cut, words[1:]...)
	}
	var c call
	for range maxWrappers {
		for len(words) > 0 && isAssignment(words[0].text) {
			c.assigns = append(c.assigns, words[0].text)
			words = words[1:]
		}
		if len(words) == 0 {
			return c
		}
		c.path = words[0].text
		c.name = strings.ToLower(path.Base(c.path))
		c.args = words[1:]
		w, ok := wrappers[c.name]
		if !ok || len(c.args) == 0 {
			return c
		}
		rest := afterOptions(c.args, w.valued)
		if len(rest) <= w.words {
			return c
		}
		words = rest[w.words:]
	}
	return c
}

// afterOptions passes over options, and the values of those that take one.
func afterOptions(args []word, valued string) []word {
	for len(args) > 0 && strings.HasPrefix(args[0].text, "-") && len(args[0].text) > 1 {
		option := args[0].text
		args = args[1:]
		if option == "--" {
			break
		}
		if len(args) > 0 && len(option) == 2 && strings.Contains(valued, option) {
			args = args[1:]
		}
	}
	return args
}

func isAssignment(s string) bool {
	i := strings.IndexByte(s, '=')
	if i <= 0 {
		return false
	}
	for k := range i {
		c := s[k]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (k == 0 || !isDigit(c)) {
			return false
		}
	}
	return true
}

// interpreter is the language that the program runs, "sh" for all shells.
func (c call) interpreter() string {
	switch c.name {
	case "sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "rbash":
		return "sh"
	case "nodejs", "bun":
		return "node"
	}
	name := strings.TrimRight(c.name, "0123456789.")
	switch name {
	case "python", "perl", "ruby", "php", "node", "lua", "pypy":
		return name
	}
	return ""
}

// evaluates says whether the shell itself runs the arguments.
func (c call) evaluates() bool { return c.name == "eval" || c.name == "source" || c.name == "." }

// inline returns the code behind -c, -e or -r.
func (c call) inline() (code string, ok bool) {
	flags := "e"
	switch c.interpreter() {
	case "sh", "python", "pypy":
		flags = "c"
	case "php":
		flags = "r"
	case "perl":
		flags = "eE"
	case "node":
		flags = "ep"
	}
	for i, a := range c.args {
		t := a.text
		if t == "--eval" || t == "--print" {
			t = "-e"
		}
		if len(t) < 2 || t[0] != '-' && t[0] != '+' {
			return "", false
		}
		if c.name == "perl" && (t[1] == 'M' || t[1] == 'm' || t[1] == 'I') {
			continue
		}
		if t[1] != '-' && strings.ContainsAny(t[1:], flags) {
			if i+1 < len(c.args) {
				return c.args[i+1].text, true
			}
			return "", true
		}
	}
	return "", false
}

// script is the file that the command runs: the program itself when it is
// given with a path, or the file that an interpreter reads. It is "" for a
// program of the search path and for an interpreter that reads its input.
func (c call) script() string {
	if c.interpreter() == "" && !c.evaluates() {
		if strings.Contains(c.path, "/") {
			return c.path
		}
		return ""
	}
	if _, ok := c.inline(); ok || c.name == "eval" {
		return ""
	}
	for i, a := range c.args {
		switch t := a.text; {
		case t == "-" || t == "/dev/stdin" || t == "-s" || t == "-m" || strings.HasPrefix(t, "/dev/fd/"):
			return ""
		case t == "-o" || t == "--rcfile" || t == "--init-file":
			if i+1 < len(c.args) && (t != "-o") {
				return c.args[i+1].text
			}
		case t == "pipefail" || t == "errexit" || t == "nounset":
		case !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "+"):
			if t == "" {
				return "$(...)"
			}
			return t
		}
	}
	return ""
}

// processFile says whether a substitution stands where the file would.
func (c call) processFile() bool {
	for _, a := range c.args {
		if a.file && len(a.subs) > 0 {
			return true
		}
	}
	return false
}

func joined(args []word) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(a.text)
		b.WriteByte(' ')
	}
	return b.String()
}
