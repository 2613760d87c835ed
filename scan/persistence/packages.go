package persistence

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/rule/shell"
	"github.com/boltseal/boltseal/scan/command"
)

// apt reads the commands of apt.conf: values of *-Invoke and the like, quoted.
// Source: apt.conf(5).
func (h *hook) apt(text string) {
	each(text, func(n int, line string) {
		if strings.HasPrefix(line, "//") {
			return
		}
		if l := strings.ToLower(line); strings.Contains(l, "allowunauthenticated") || strings.Contains(l, "allowinsecurerepositories") {
			if strings.Contains(l, `"true"`) || strings.Contains(l, `"1"`) || strings.Contains(l, " true") {
				h.add(unsigned, n, line)
			}
		}
		for rest := line; ; {
			_, after, ok := strings.Cut(rest, `"`)
			if !ok {
				return
			}
			value, after, closed := strings.Cut(after, `"`)
			h.run(value, n, command.Hook)
			if rest = after; !closed {
				return
			}
		}
	})
}

// dpkg reads the hooks of dpkg.cfg: "post-invoke=command". Source: dpkg(1).
func (h *hook) dpkg(text string) {
	each(text, func(n int, line string) {
		if key, value, ok := strings.Cut(line, "="); ok && strings.Contains(key, "-invoke") {
			h.run(unquote(value), n, command.Hook)
		}
	})
}

// aptSources reads sources.list: "deb [trusted=yes] ...". Source:
// sources.list(5).
func (h *hook) aptSources(text string) {
	each(text, func(n int, line string) {
		l := strings.ToLower(line)
		if strings.HasPrefix(l, "deb") && strings.Contains(l, "trusted=yes") || strings.HasPrefix(l, "trusted:") && strings.Contains(l, "yes") {
			h.add(unsigned, n, line)
		}
	})
}

// yum reads repositories: one that is enabled and whose signatures are not
// checked. Source: yum.conf(5), dnf.conf(5).
func (h *hook) yum(text string) {
	at, enabled := 0, true
	flush := func() {
		if at > 0 && enabled {
			h.add(unsigned, at, lineOf(text, at))
		}
		at, enabled = 0, true
	}
	each(text, func(n int, line string) {
		key, value, _ := strings.Cut(strings.ReplaceAll(line, " ", ""), "=")
		off := value == "0" || strings.EqualFold(value, "no") || strings.EqualFold(value, "false")
		switch {
		case strings.HasPrefix(line, "["):
			flush()
		case key == "gpgcheck" && off:
			at = n
		case key == "enabled" && off:
			enabled = false
		}
	})
	flush()
}

// dnfAction reads "package:state:command" of dnf's post-transaction-actions.
func (h *hook) dnfAction(text string) {
	each(text, func(n int, line string) {
		if f := strings.SplitN(line, ":", 3); len(f) == 3 {
			h.run(f[2], n, command.Hook)
		}
	})
}

// installScripts are what npm runs by itself when a package is installed.
var installScripts = []string{"preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"}

// npm reads the install scripts of a package.json. Source: npm's
// using-npm/scripts.md.
func (h *hook) npm(text string) {
	if !strings.Contains(text, `install"`) && !strings.Contains(text, `prepare"`) {
		return
	}
	var manifest struct {
		Scripts map[string]json.RawMessage `json:"scripts"`
	}
	// A broken manifest is the package scanner's to report.
	if json.Unmarshal([]byte(text), &manifest) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(manifest.Scripts)) {
		var script string
		if !slices.Contains(installScripts, name) || json.Unmarshal(manifest.Scripts[name], &script) != nil {
			continue
		}
		line := lineAt(text, max(strings.Index(text, `"`+name+`"`), 0))
		found := len(h.found)
		h.run(script, line, command.Install)
		for i := range h.found[found:] {
			h.found[found+i].Location.Line = line
			h.found[found+i].Evidence = name + ": " + h.found[found+i].Evidence
		}
	}
}

// setup reads setup.py, which pip runs when it builds a package.
func (h *hook) setup(text string) {
	h.code("python", text, 1, command.Install)
	h.strings(text, command.Install)
}

// strings judges the commands in the string constants of a Python text that
// calls a shell.
func (h *hook) strings(text string, at command.Place) {
	if !strings.Contains(text, "os.system") && !strings.Contains(text, "subprocess") && !strings.Contains(text, "popen") {
		return
	}
	each(text, func(n int, line string) {
		if !strings.Contains(line, "curl") && !strings.Contains(line, "wget") && !strings.Contains(line, "base64") && !strings.Contains(line, "/dev/tcp") && !strings.Contains(line, "nc ") {
			return
		}
		for _, quote := range []string{`"`, `'`} {
			if parts := strings.SplitN(line, quote, 3); len(parts) == 3 {
				end := strings.LastIndex(parts[1]+quote+parts[2], quote)
				h.run((parts[1] + quote + parts[2])[:end], n, at)
			}
		}
	})
}

// python reads sitecustomize.py, which Python runs at every start.
func (h *hook) python(text string) {
	h.code("python", text, 1, command.Hook)
	h.strings(text, command.Hook)
}

// pth reads a .pth file: of its lines those are run that begin with "import".
// Source: Python's documentation of the module site.
func (h *hook) pth(text string) {
	each(text, func(n int, line string) {
		if !strings.HasPrefix(line, "import ") && !strings.HasPrefix(line, "import\t") {
			if Odd(line) {
				h.add(libraryPath, n, line)
			}
			return
		}
		signs := shell.Code("python", line)
		if len(signs) == 0 && startsProcess(line) {
			signs = []shell.Sign{{Kind: shell.RunHidden, Line: 1, Why: "a process at every start of Python"}}
		}
		for i := range signs {
			signs[i].Code = shell.Clean(line)
		}
		h.found = append(h.found, command.Findings(signs, command.Hook, n)...)
		h.strings(line, command.Hook)
	})
}

// startsProcess says whether a line of a .pth file does what none should.
func startsProcess(line string) bool {
	for _, call := range []string{"os.system", "subprocess", "os.popen", "socket.", "urlopen", "requests.", "__import__('os').", `__import__("os").`, "b64decode", "ctypes.CDLL"} {
		if strings.Contains(line, call) {
			return true
		}
	}
	return false
}
