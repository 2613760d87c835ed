package persistence

import (
	"strings"

	"github.com/boltseal/boltseal/scan/command"
)

// unit reads a systemd unit: what it executes and the environment of that.
// Source: systemd.service(5), systemd.exec(5).
func (h *hook) unit(text string) {
	each(text, func(n int, line string) {
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case strings.HasPrefix(key, "Exec"):
			h.run(strings.TrimLeft(value, "-@:+!|"), n, command.Hook)
		case key == "Environment" && strings.Contains(value, "LD_PRELOAD="):
			_, value, _ = strings.Cut(value, "LD_PRELOAD=")
			lib, _ := cutField(strings.Trim(value, `"'`))
			h.ldPreload(n, lib)
		}
	})
}

// desktop reads the Exec lines of desktop and D-Bus service files.
func (h *hook) desktop(text string) {
	each(text, func(n int, line string) {
		if value, ok := strings.CutPrefix(line, "Exec="); ok {
			h.run(value, n, command.Hook)
		}
	})
}

// udev reads the programs that rules run: RUN+="...", PROGRAM, IMPORT{program}.
// Source: udev(7).
func (h *hook) udev(text string) {
	each(text, func(n int, line string) {
		for _, key := range []string{"RUN", "PROGRAM", "IMPORT{program}"} {
			rest := line
			for {
				_, after, ok := strings.Cut(rest, key)
				if !ok {
					break
				}
				rest = after
				if !strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(after, "{program}"), "+= "), `"`) {
					continue
				}
				_, quoted, _ := strings.Cut(after, `"`)
				value, _, _ := strings.Cut(quoted, `"`)
				h.run(value, n, command.Hook)
			}
		}
	})
}

// modprobe reads "install module command" and "remove module command".
// Source: modprobe.d(5).
func (h *hook) modprobe(text string) {
	each(text, func(n int, line string) {
		if first, _ := cutField(line); first == "install" || first == "remove" {
			h.run(skipFields(line, 2), n, command.Hook)
		}
	})
}
