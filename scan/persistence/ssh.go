package persistence

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/scan/command"
)

// sshd reads sshd_config: keywords without regard to case, then a value.
// Source: sshd_config(5).
func (h *hook) sshd(text string) {
	each(text, func(n int, line string) {
		key, value := sshField(line)
		switch key {
		case "permitrootlogin":
			if strings.EqualFold(value, "yes") {
				h.add(rootLogin, n, line)
			}
		case "permitemptypasswords":
			if strings.EqualFold(value, "yes") {
				h.add(emptyPass, n, line)
			}
		case "permituserenvironment":
			if strings.EqualFold(value, "yes") {
				h.add(userEnv, n, line)
			}
		case "authorizedkeyscommand", "authorizedprincipalscommand":
			h.keysCommand(n, value, line)
		case "authorizedkeysfile", "trustedusercakeys":
			for _, file := range strings.Fields(value) {
				if Odd(file) {
					h.add(sshKeysFile, n, line)
				}
			}
		case "forcecommand":
			h.run(value, n, command.Hook)
		case "subsystem":
			_, program := cutField(value)
			h.run(program, n, command.Hook)
		case "setenv":
			if _, lib, ok := strings.Cut(value, "LD_PRELOAD="); ok {
				h.ldPreload(n, lib)
			}
		}
	})
}

// sshField splits "Keyword value" and "Keyword=value".
func sshField(line string) (key, value string) {
	i := strings.IndexAny(line, " \t=")
	if i < 0 {
		return strings.ToLower(line), ""
	}
	return strings.ToLower(line[:i]), strings.Trim(line[i:], " \t=\"")
}

// keysCommand looks at who tells sshd which keys are right.
func (h *hook) keysCommand(n int, value, line string) {
	program, _ := cutField(value)
	switch path.Base(program) {
	case "none", ".", "sss_ssh_authorizedkeys", "userdbctl", "eic_run_authorized_keys", "google_authorized_keys", "google_authorized_principals", "gitlab-shell-authorized-keys-check", "gitea", "forgejo", "ldap-ssh-wrapper", "ssh-ldap-wrapper", "step", "opkssh", "aad_certhandler":
		return
	}
	h.add(sshKeysCommand, n, line)
	h.run(value, n, command.Hook)
}

// sshClient reads ssh_config: commands that a client runs.
func (h *hook) sshClient(text string) {
	each(text, func(n int, line string) {
		switch key, value := sshField(line); key {
		case "proxycommand", "localcommand", "knownhostscommand":
			h.run(value, n, command.Hook)
		case "match":
			if _, cmd, ok := strings.Cut(value, "exec "); ok {
				h.run(unquote(cmd), n, command.Hook)
			}
		}
	})
}

// insecureKeys are keys whose private halves are public: the middle of their
// base64 text.
var insecureKeys = []string{
	"6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8", // Vagrant
}

// authorizedKeys reads keys that may log in, with the commands that they run.
// Source: sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
func (h *hook) authorizedKeys(text string) {
	each(text, func(n int, line string) {
		at := keyStart(line)
		if at < 0 {
			return
		}
		options, key := line[:at], line[at:]
		if _, cmd, ok := strings.Cut(options, `command="`); ok {
			cmd, _, _ = strings.Cut(cmd, `"`)
			h.run(cmd, n, command.Hook)
		}
		if _, lib, ok := strings.Cut(options, "LD_PRELOAD="); ok {
			lib, _, _ = strings.Cut(lib, `"`)
			h.ldPreload(n, lib)
		}
		for _, known := range insecureKeys {
			if strings.Contains(key, known) {
				h.add(insecureKey, n, describeKey(key))
				return
			}
		}
		if h.isHome() {
			h.add(authorizedKeys, n, describeKey(key))
		}
	})
}

// isHome says whether sshd would read the file: it is in an account's home.
func (h *hook) isHome() bool {
	return strings.HasPrefix(h.path, "root/.ssh/") || strings.HasPrefix(h.path, "etc/ssh/") ||
		strings.HasPrefix(h.path, "home/") && strings.HasSuffix(path.Dir(h.path), "/.ssh") && strings.Count(h.path, "/") == 3
}

func keyStart(line string) int {
	for _, kind := range []string{"ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"} {
		if i := strings.Index(line, kind); i >= 0 {
			return i
		}
	}
	return -1
}

// describeKey names a key by its kind, its end and its comment.
func describeKey(key string) string {
	kind, rest := cutField(key)
	body, comment := cutField(rest)
	if len(body) > 12 {
		body = "..." + body[len(body)-12:]
	}
	return strings.TrimSpace(kind + " " + body + " " + comment)
}
