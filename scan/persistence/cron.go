package persistence

import (
	"strings"

	"github.com/boltseal/boltseal/scan/command"
)

// crontab reads a system crontab: five fields of time, a user, a command.
// Source: crontab(5).
func (h *hook) crontab(text string) { h.cron(text, 1) }

// userCrontab has no user field.
func (h *hook) userCrontab(text string) { h.cron(text, 0) }

func (h *hook) cron(text string, users int) {
	each(text, func(n int, line string) {
		switch {
		case line[0] == '@':
			h.run(skipFields(line, 1+users), n, command.Hook)
		case line[0] == '*' || line[0] >= '0' && line[0] <= '9' || line[0] == '-':
			h.run(skipFields(strings.TrimPrefix(line, "-"), 5+users), n, command.Hook)
		case strings.HasPrefix(line, "LD_PRELOAD"):
			_, value, _ := strings.Cut(line, "=")
			h.ldPreload(n, value)
		}
	})
}

// inittab reads "id:levels:action:command". Source: inittab(5).
func (h *hook) inittab(text string) {
	each(text, func(n int, line string) {
		if f := strings.SplitN(line, ":", 4); len(f) == 4 {
			h.run(f[3], n, command.Hook)
		}
	})
}

// inetd reads "service socket protocol wait user program arguments".
// Source: inetd.conf(5).
func (h *hook) inetd(text string) {
	each(text, func(n int, line string) {
		program := skipFields(line, 5)
		h.server(n, program, line)
	})
}

// xinetd reads "server = program" and "server_args = ...". Source:
// xinetd.conf(5).
func (h *hook) xinetd(text string) {
	server, at := "", 0
	each(text, func(n int, line string) {
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return
		}
		switch strings.TrimSpace(key) {
		case "server":
			server, at = strings.TrimSpace(value), n
		case "server_args":
			server += " " + strings.TrimSpace(value)
		}
	})
	if server != "" {
		h.server(at, server, server)
	}
}

// server looks at the program of a network service.
func (h *hook) server(n int, program, line string) {
	first, _ := cutField(program)
	switch first[strings.LastIndexByte(first, '/')+1:] {
	case "sh", "bash", "dash", "ash", "zsh", "ksh", "csh", "python", "python3", "perl":
		h.add(inetdShell, n, line)
	default:
		h.run(program, n, command.Hook)
	}
}
