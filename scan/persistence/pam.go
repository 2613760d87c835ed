package persistence

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/scan/command"
)

// pam reads the rules of one service, "type control module arguments"; pam.conf
// has the service before that. Source: pam.conf(5).
func (h *hook) pam(text string) {
	each(text, func(n int, line string) {
		kind, rest := cutField(line)
		if path.Base(h.path) == "pam.conf" {
			kind, rest = cutField(rest)
		}
		kind = strings.TrimPrefix(kind, "-")
		if strings.HasPrefix(kind, "@") || !pamKind(kind) {
			return
		}
		control, rest := cutControl(rest)
		module, args := cutField(rest)
		h.pamModule(n, kind, control, module, args, line)
	})
}

func pamKind(s string) bool {
	return s == "auth" || s == "account" || s == "password" || s == "session"
}

// cutControl takes the control field, which may be "[success=1 default=ignore]".
func cutControl(s string) (control, rest string) {
	if strings.HasPrefix(s, "[") {
		if i := strings.IndexByte(s, ']'); i > 0 {
			return s[:i+1], strings.TrimSpace(s[i+1:])
		}
	}
	return cutField(s)
}

func (h *hook) pamModule(n int, kind, control, module, args, line string) {
	switch base := path.Base(module); {
	case control == "include" || control == "substack":
	case Odd(module):
		h.add(pamOdd, n, line)
	case base == "pam_exec.so":
		r := pamExec
		if kind == "auth" && strings.Contains(args, "expose_authtok") {
			r = pamExecPass
		}
		h.add(r, n, line)
		h.run(pamCommand(args), n, command.Hook)
	case base == "pam_permit.so":
		if kind == "auth" && (control == "sufficient" || strings.Contains(control, "success=done")) {
			h.add(pamPermit, n, line)
		}
	case strings.HasSuffix(base, ".so") && !knownModule(base):
		h.add(pamUnknown, n, line)
	}
}

// pamCommand drops pam_exec's own options.
func pamCommand(args string) string {
	for {
		first, rest := cutField(args)
		name, _, _ := strings.Cut(first, "=")
		switch name {
		case "debug", "expose_authtok", "seteuid", "quiet", "quiet_log", "stdout", "log", "type":
			args = rest
		default:
			return args
		}
	}
}

// pamModules are those of Linux-PAM and of the distributions, and of well-known
// vendors, without "pam_" and ".so".
const pamModules = ` access cap chroot cracklib debug deny echo env exec faildelay faillock filter fprintd ftp gdm gnome_keyring group issue keyinit krb5 ldap ldapd
 lastlog lastlog2 limits listfile localuser loginuid mail mkhomedir motd namespace nologin permit pkcs11 ppp_audit ptrace pwhistory pwquality rhosts rootok
 securetty selinux sepermit setquota shells snapper sss stress succeed_if systemd systemd_home systemd_loadkey tally tally2 time timestamp tty_audit umask unix unix2
 unix_acct unix_auth unix_passwd unix_session unix_non_login userdb usertype warn wheel winbind xauth apparmor cgfs cifscreds ck_connector cgroup capability duo ecryptfs
 elogind encfs fscrypt gpg_presets google_authenticator kerberos kwallet kwallet5 kwallet_init mktemp mount mysql nfs oath oslogin_admin oslogin_login passwdqc pgsql
 pkcs11 postgresok python radius radius_auth pam_rundir rundir runtime script slurm slurm_adopt smbpass ssh ssh_agent_auth sshauth tacplus tmpdir u2f url usb vas3 yubico
 abl afs_session barada blue ccreds dotfile geoip p11 poldi shield zfs_key getenv lastlog openrc kanidm himmelblau aad extrausers gnome-keyring-daemon base fscrypt
 ihosts_allow captcha pam_pwdfile pwdfile keystone pcap mkhomedir dbus nss_ldap sudo tcb krb5_migrate systemd_home_manager pin autologin cockpit_cert oddjob_mkhomedir ssh_add turnstile lsass centrifydc msktutil `

func knownModule(base string) bool {
	name := strings.TrimSuffix(strings.TrimPrefix(base, "pam_"), ".so")
	return strings.HasPrefix(base, "pam_") && listed(pamModules, name) || base == "$ISA" || name == "cockpit-cert" || name == "ssh-add"
}

// wrappers reads hosts.allow and hosts.deny: "daemons : clients : options".
// Source: hosts_options(5).
func (h *hook) wrappers(text string) {
	each(text, func(n int, line string) {
		for _, key := range []string{"spawn", "twist"} {
			if _, cmd, ok := strings.Cut(line, key); ok && strings.Contains(line, ":") {
				h.add(wrapperRuns, n, line)
				h.run(strings.Trim(cmd, "= ("), n, command.Hook)
			}
		}
	})
}

// sudoers reads rules without a password. Source: sudoers(5).
func (h *hook) sudoers(text string) {
	each(text, func(n int, line string) {
		_, after, ok := strings.Cut(line, "NOPASSWD:")
		if !ok {
			if strings.HasPrefix(line, "Defaults") && strings.Contains(line, "!authenticate") {
				h.add(noPassword, n, line)
			}
			return
		}
		r := noPassOne
		for _, cmd := range strings.Split(after, ",") {
			program, args := cutField(strings.TrimSpace(cmd))
			switch {
			case program == "ALL":
				r = noPassword
			case r.severity < noPassShell.severity && args == "" && GivesShell(path.Base(program)):
				r = noPassShell
			}
		}
		h.add(r, n, line)
	})
}

// shellPrograms are programs with which one can start a shell, read or write
// any file when they run with root's rights. Source: the "SUID" and "Sudo"
// functions of https://gtfobins.github.io.
const shellPrograms = ` aa-exec ar arp ash awk base32 base64 basenc bash bridge busybox bzip2 capsh cat chmod choom chown chroot clamscan cmp column comm cp cpio cpulimit csh csplit
 csvtool curl cut dash date dd debugfs dialog diff dig distcc dmsetup docker dosbox ed efax elvish emacs env eqn espeak expand expect file find fish flock fmt fold
 gawk gcore gdb genie gimp git grep gzip hd head hexdump highlight iconv install ionice ip ispell jjs join jq jrunscript julia ksh ksshell ld less links logsave look lua make
 mawk minicom more mosquitto msgattrib msgcat msgconv msgfilter msgmerge msguniq multitime mv nasm nawk nc ncftp nft nice nl nm nmap node nodejs nohup ntpdate od openssl openvpn
 pandoc paste perf perl pexec pg php pidstat pr ptx python python2 python3 rake readelf restic rev rlwrap rsync rtorrent ruby run-parts rview rvim sash sed setarch setfacl setlock
 shuf soelim softlimit sort sqlite3 ss ssh-agent ssh-keyscan sshpass start-stop-daemon stdbuf strace strings sysctl systemctl tac tail tar taskset tbl tclsh tee terraform tftp tic
 time timeout troff ul unexpand uniq unshare unsquashfs unzip update-alternatives uudecode uuencode vagrant varnishncsa vi view vigr vim vimdiff vipw w3m watch wc wget whiptail
 xargs xdotool xmodmap xmore xxd xz yash zsh zsoelim sh `

// GivesShell says whether a program that runs with root's rights gives them away.
func GivesShell(name string) bool {
	trimmed := strings.TrimRight(name, "0123456789.")
	return listed(shellPrograms, name) || listed(shellPrograms, trimmed)
}

// listed says whether a name is one of the words of a list.
func listed(list, name string) bool {
	return name != "" && (strings.Contains(list, " "+name+" ") || strings.Contains(list, " "+name+"\n"))
}
