package persistence

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/scan/command"
)

// git reads a git configuration: values that git runs. Source: git-config(1).
func (h *hook) git(text string) {
	section := ""
	each(text, func(n int, line string) {
		if strings.HasPrefix(line, "[") {
			section, _, _ = strings.Cut(strings.ToLower(strings.Trim(line, "[] ")), " ")
			return
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return
		}
		h.gitSetting(n, section+"."+strings.ToLower(strings.TrimSpace(key)), unquote(value), line)
	})
}

func (h *hook) gitSetting(n int, key, value, line string) {
	switch key {
	case "core.fsmonitor":
		switch strings.ToLower(value) {
		case "true", "false", "1", "0", "":
		default:
			h.gitRun(n, value, line, path.Base(value) != "fsmonitor-watchman" && path.Base(value) != "query-watchman" && path.Base(value) != "rs-git-fsmonitor")
		}
	case "core.hookspath":
		if Odd(value) && !strings.Contains(value, "/.git") && !strings.Contains(value, "/.husky") && !strings.Contains(value, "/.config/") {
			h.add(gitRuns, n, line)
		}
	case "core.sshcommand", "core.editor", "core.pager", "core.askpass", "core.gitproxy", "diff.external", "uploadpack.packobjectshook", "filter.smudge", "filter.clean", "filter.process", "gpg.program", "merge.driver", "sequence.editor", "interactive.difffilter":
		h.gitRun(n, value, line, false)
	case "credential.helper":
		if cmd, ok := strings.CutPrefix(value, "!"); ok {
			h.gitRun(n, cmd, line, false)
		}
	default:
		if cmd, ok := strings.CutPrefix(value, "!"); ok && strings.HasPrefix(key, "alias.") {
			h.gitRun(n, cmd, line, false)
		}
	}
}

// gitRun judges a command that git starts; always says that it is reported
// whatever it does.
func (h *hook) gitRun(n int, cmd, line string, always bool) {
	before := len(h.found)
	h.run(cmd, n, command.Hook)
	if always && len(h.found) == before {
		h.add(gitRuns, n, line)
	}
}
