package shell

import (
	"path"
	"strings"
)

// single looks at what one command says by itself.
func (j *judge) single(a asked) {
	for _, check := range []func(*judge, asked){
		(*judge).connection, (*judge).mining, (*judge).traces, (*judge).persists, (*judge).escapes,
		(*judge).programs, (*judge).unchecked, (*judge).sends,
	} {
		check(j, a)
	}
}

// connection finds shells on network connections.
func (j *judge) connection(a asked) {
	c := a.call
	switch c.name {
	case "mkfifo", "mknod":
		j.fifo = true
	case "exec", "":
		j.socket = j.socket || a.cmd.device != ""
	case "nc", "ncat", "netcat", "nc.traditional", "nc.openbsd":
		runs := c.option('e', "--exec") || c.option('c', "--sh-exec")
		if runs && (c.contains("sh") || c.contains("cmd")) || j.fifo && !c.option('z', "") && !c.option('l', "") {
			j.add(a, ReverseShell, c.name)
		}
	case "socat":
		for _, w := range c.args {
			l := strings.ToLower(w.text)
			if strings.HasPrefix(l, "exec:") && (strings.Contains(l, "sh") || strings.Contains(l, "login")) || strings.HasPrefix(l, "system:") && strings.Contains(l, "sh") {
				j.add(a, ReverseShell, "socat "+w.text)
			}
		}
	case "awk", "gawk", "mawk":
		if c.contains("/inet/tcp/") && (c.contains("|&") || c.contains("getline")) {
			j.add(a, ReverseShell, "awk /inet/tcp")
		}
	}
	// A shell between two connections, or behind one: nc host 1 | sh | nc host 2.
	if c.interpreter() == "sh" && c.script() == "" {
		first, _, piped := strings.Cut(a.code, " | ")
		prog, _, _ := strings.Cut(strings.TrimSpace(first), " ")
		switch path.Base(prog) {
		case "nc", "ncat", "netcat", "telnet":
			if piped {
				j.add(a, ReverseShell, path.Base(prog))
			}
		case "openssl":
			if piped && strings.Contains(first, "s_client") {
				j.add(a, ReverseShell, "openssl s_client")
			}
		}
	}
}

// mining finds miners' addresses, options, pools and wallets.
func (j *judge) mining(a asked) {
	words := append([]word{{text: a.path}}, a.args...)
	for _, w := range words {
		l := strings.ToLower(w.text)
		switch {
		case strings.Contains(l, "stratum+") || strings.Contains(l, "stratum2+") || strings.HasPrefix(l, "stratum:"):
			j.add(a, Mining, "mining protocol stratum")
		case strings.HasPrefix(l, "--donate-level") || strings.HasPrefix(l, "--randomx-"):
			j.add(a, Mining, l)
		case len(l) >= 95 && j.r.monero.MatchString(w.text):
			j.add(a, Mining, "Monero wallet")
		default:
			_, host, ok := strings.Cut(l, "://")
			if !ok {
				host = l
			}
			host, _, _ = strings.Cut(host, "/")
			host, port, _ := strings.Cut(host, ":")
			if within(j.r.pools, host, "") && (port != "" || ok) {
				j.add(a, Mining, "mining pool "+host)
			}
		}
	}
	if isMiner(a.name) {
		j.add(a, Mining, "mining program "+a.name)
	}
}

func isMiner(name string) bool {
	switch strings.TrimSuffix(name, ".exe") {
	case "xmrig", "xmrigdaemon", "xmrig-proxy", "xmr-stak", "minerd", "cpuminer", "ccminer", "ethminer", "nbminer", "lolminer", "phoenixminer", "t-rex", "teamredminer", "gminer", "srbminer-multi", "bfgminer", "cgminer", "nheqminer", "wildrig-multi", "kdevtmpfsi", "kinsing", "c3pool_miner", "moneroocean_miner":
		return true
	}
	return false
}

// traces finds who hides what was done or stops who watches.
func (j *judge) traces(a asked) {
	for _, s := range a.assigns {
		if strings.HasPrefix(s, "HISTFILE=") && (s == "HISTFILE=" || strings.HasSuffix(s, "/dev/null")) {
			j.add(a, HideTraces, "no shell history")
		}
	}
	watcher := func() string {
		for _, w := range a.args {
			l := strings.ToLower(w.text)
			for _, name := range []string{"aegis", "aliyun-service", "aliyundun", "cloudmonitor", "ydservice", "ydlive", "qcloud", "bcm-si", "hostguard", "falcon-sensor", "falco", "auditd", "wazuh", "ossec", "clamd"} {
				if strings.Contains(l, name) {
					return name
				}
			}
		}
		return ""
	}
	switch a.name {
	case "unset":
		if a.word("HISTFILE") {
			j.add(a, HideTraces, "no shell history")
		}
	case "export", "declare", "typeset":
		if a.contains("HISTFILE=/dev/null") {
			j.add(a, HideTraces, "no shell history")
		}
	case "history":
		if a.option('c', "") {
			j.add(a, HideTraces, "clears the shell history")
		}
	case "chattr":
		if a.contains("+i") || a.contains("+ia") {
			j.add(a, HideTraces, "makes files unchangeable")
		}
	case "setenforce":
		if a.word("0") {
			j.add(a, HideTraces, "turns SELinux off")
		}
	case "systemctl", "service", "kill", "pkill", "killall":
		if w := watcher(); w != "" && (a.name != "systemctl" && a.name != "service" || a.word("stop") || a.word("disable") || a.word("mask")) {
			j.add(a, HideTraces, "stops "+w)
		}
	case "rm":
		if w := watcher(); w != "" && a.contains("/usr/local/") {
			j.add(a, HideTraces, "removes "+w)
		}
	}
}

// persists finds what makes an access or a program stay.
func (j *judge) persists(a asked) {
	switch out := a.cmd.out; {
	case strings.Contains(out, "/authorized_keys"):
		j.add(a, Persist, "authorized_keys")
	case strings.HasSuffix(out, "etc/ld.so.preload"):
		j.add(a, Persist, "ld.so.preload")
	case strings.HasPrefix(out, "/var/spool/cron"), strings.HasPrefix(out, "/etc/cron"):
		j.add(a, Persist, out)
	}
	switch a.name {
	case "crontab":
		if !a.option('l', "") && !a.option('r', "") && len(a.args) > 0 {
			j.add(a, Persist, "crontab")
		}
	case "useradd", "adduser", "usermod":
		if a.option('o', "--non-unique") && (a.contains("-u0") || a.word("0")) {
			j.add(a, Persist, "a second root account")
		}
	case "tee":
		if a.contains("/authorized_keys") || a.contains("/etc/ld.so.preload") {
			j.add(a, Persist, joined(a.args))
		}
	}
}

// escapes finds who reaches for the host.
func (j *judge) escapes(a asked) {
	switch a.name {
	case "nsenter":
		if a.contains("-t1") || a.contains("target=1") || (a.option('t', "") || a.word("--target")) && a.word("1") {
			j.add(a, Escape, "enters the namespaces of the host's first process")
		}
	case "insmod":
		j.add(a, Escape, "loads a kernel module")
	case "mount":
		for _, dev := range []string{"/dev/sd", "/dev/vd", "/dev/nvme", "/dev/xvd"} {
			if a.contains(dev) {
				j.add(a, Escape, "mounts a disk of the host")
			}
		}
	}
	for _, file := range []string{"release_agent", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"} {
		if strings.HasSuffix(a.cmd.out, file) {
			j.add(a, Escape, "writes "+file)
		}
	}
}

// programs finds programs that speak for themselves.
func (j *judge) programs(a asked) {
	switch a.name {
	case "masscan", "zgrab", "pnscan", "zmap", "hydra", "medusa", "slowhttptest", "sqlmap", "msfconsole", "msfvenom", "rustscan", "fscan":
		j.add(a, Attack, a.name)
	case "frpc", "frps", "ngrok", "chisel", "gost", "npc", "nps", "ew", "rathole", "bore", "pagekite", "localtonet", "gsocket", "gs-netcat", "reverse-ssh", "iox", "venom_agent", "stowaway", "ligolo-ng", "ligolo":
		j.add(a, Tunnel, a.name)
	case "ssh", "autossh":
		if a.option('R', "") {
			j.add(a, Tunnel, "ssh -R")
		}
	case "sshd", "dropbear", "telnetd", "in.telnetd", "shellinaboxd", "ttyd", "gotty":
		j.add(a, RemoteShell, a.name)
	}
}
