package persistence

import (
	"strings"

	"github.com/boltseal/boltseal/scan/scanner"
)

// reader reads one kind of file.
type reader func(h *hook, text string)

// readerOf tells by the path what a file starts, nil for nothing. It does not
// allocate.
func readerOf(path string, head []byte) reader {
	dir, base := scanner.Split(path)
	if r := byName(dir, base); r != nil {
		return r
	}
	if strings.HasPrefix(path, "etc/") {
		return inEtc(path[len("etc/"):], base)
	}
	switch {
	case strings.HasSuffix(dir, "bin"):
		return inBin(dir, base, head)
	case strings.HasPrefix(path, "var/spool/"):
		return inSpool(path[len("var/spool/"):], base)
	case isEntrypoint(dir, base, head):
		return (*hook).launch
	}
	return inLibrary(path, dir, base, head)
}

// byName knows files by their own name, wherever they are.
func byName(dir, base string) reader {
	switch base {
	case ".bashrc", ".profile", ".bash_profile", ".bash_login", ".bash_logout", ".zshrc", ".zprofile", ".zshenv", ".zlogin", ".kshrc", ".cshrc", ".tcshrc", ".login", ".shrc", ".xinitrc", ".xprofile", ".xsession", "config.fish":
		return (*hook).profile
	case "authorized_keys", "authorized_keys2":
		return (*hook).authorizedKeys
	case "rc":
		if strings.HasSuffix(dir, ".ssh") {
			return (*hook).script
		}
	case "package.json":
		return (*hook).npm
	case "setup.py":
		return (*hook).setup
	case "sitecustomize.py", "usercustomize.py":
		return (*hook).python
	case ".gitconfig":
		return (*hook).git
	case "config":
		if strings.HasSuffix(dir, ".git") || strings.HasSuffix(dir, ".config/git") {
			return (*hook).git
		}
	case ".vimrc", "vimrc", "vimrc.local":
		return (*hook).vim
	case ".pam_environment":
		return (*hook).environment
	}
	switch {
	case strings.HasSuffix(base, ".pth"):
		return (*hook).pth
	case strings.HasSuffix(base, ".service"), strings.HasSuffix(base, ".socket"), strings.HasSuffix(base, ".conf") && strings.HasSuffix(dir, ".service.d"):
		if strings.Contains(dir, "systemd/") {
			return (*hook).unit
		}
		if strings.HasSuffix(dir, "dbus-1/system-services") || strings.HasSuffix(dir, "dbus-1/services") {
			return (*hook).desktop
		}
	case strings.HasSuffix(base, ".desktop"):
		if strings.HasSuffix(dir, "autostart") {
			return (*hook).desktop
		}
	case strings.HasSuffix(dir, ".git/hooks"):
		if !strings.HasSuffix(base, ".sample") {
			return (*hook).script
		}
	}
	return nil
}

// inEtc knows the files of /etc by their path below it.
func inEtc(path, base string) reader {
	switch path {
	case "ld.so.preload":
		return (*hook).preload
	case "ld.so.conf":
		return (*hook).libraries
	case "environment", "security/pam_env.conf":
		return (*hook).environment
	case "profile", "bash.bashrc", "bashrc", "csh.cshrc", "csh.login", "rc.local", "rc.d/rc.local", "zshrc", "zsh/zshrc", "zsh/zprofile", "zsh/zshenv", "ssh/sshrc", "boot.local", "init.d/boot.local":
		return (*hook).profile
	case "crontab", "anacrontab":
		return (*hook).crontab
	case "inittab":
		return (*hook).inittab
	case "inetd.conf":
		return (*hook).inetd
	case "ssh/sshd_config":
		return (*hook).sshd
	case "ssh/ssh_config":
		return (*hook).sshClient
	case "pam.conf":
		return (*hook).pam
	case "hosts.allow", "hosts.deny":
		return (*hook).wrappers
	case "sudoers":
		return (*hook).sudoers
	case "passwd":
		return (*hook).passwd
	case "gitconfig":
		return (*hook).git
	case "apt/sources.list":
		return (*hook).aptSources
	case "yum.conf", "dnf/dnf.conf":
		return (*hook).yum
	case "vim/vimrc", "vim/vimrc.local", "vimrc":
		return (*hook).vim
	}
	for _, d := range etcDirs {
		if strings.HasPrefix(path, d.dir) {
			return d.read
		}
	}
	return nil
}

// etcDirs are the directories below /etc whose files all start something.
var etcDirs = []struct {
	dir  string
	read reader
}{
	{"cron.d/", (*hook).crontab},
	{"cron.daily/", (*hook).script}, {"cron.hourly/", (*hook).script}, {"cron.weekly/", (*hook).script}, {"cron.monthly/", (*hook).script},
	{"profile.d/", (*hook).profile}, {"init.d/", (*hook).script}, {"rc.d/init.d/", (*hook).script},
	{"update-motd.d/", (*hook).script}, {"network/if-", (*hook).script}, {"NetworkManager/dispatcher.d/", (*hook).script},
	{"dhcp/dhclient-", (*hook).script}, {"X11/Xsession.d/", (*hook).profile}, {"X11/xinit/", (*hook).profile}, {"ppp/ip-", (*hook).script},
	{"ld.so.conf.d/", (*hook).libraries},
	{"ssh/sshd_config.d/", (*hook).sshd}, {"ssh/ssh_config.d/", (*hook).sshClient},
	{"pam.d/", (*hook).pam}, {"xinetd.d/", (*hook).xinetd}, {"sudoers.d/", (*hook).sudoers},
	{"apt/apt.conf", (*hook).apt}, {"apt/sources.list.d/", (*hook).aptSources},
	{"yum.repos.d/", (*hook).yum}, {"zypp/repos.d/", (*hook).yum},
	{"dnf/plugins/post-transaction-actions.d/", (*hook).dnfAction}, {"dpkg/dpkg.cfg", (*hook).dpkg},
	{"udev/rules.d/", (*hook).udev}, {"modprobe.d/", (*hook).modprobe},
	{"apk/commit_hooks.d/", (*hook).script}, {"kernel/", (*hook).script},
	{"systemd/system-generators/", (*hook).script}, {"systemd/user-generators/", (*hook).script}, {"systemd/system-shutdown/", (*hook).script},
}

// replaced are programs that intruders replace by scripts, and that no
// distribution has as a script.
func replaced(base string) bool {
	switch base {
	case "sshd", "ssh", "login", "su", "sudo", "passwd", "ls", "ps", "netstat", "ss", "top", "lsof", "who", "last", "crontab":
		return true
	}
	return false
}

func inBin(dir, base string, head []byte) reader {
	switch dir {
	case "bin", "sbin", "usr/bin", "usr/sbin":
		if replaced(base) && len(head) > 2 && head[0] == '#' && head[1] == '!' {
			return (*hook).wrapper
		}
	}
	return nil
}

func inSpool(path, base string) reader {
	switch {
	case strings.HasPrefix(path, "cron/crontabs/"), strings.HasPrefix(path, "cron/") && strings.Count(path, "/") == 1:
		return (*hook).userCrontab
	case strings.HasPrefix(path, "cron/atjobs/"), strings.HasPrefix(path, "at/") && base != ".SEQ":
		return (*hook).script
	}
	return nil
}

// isEntrypoint says whether a script is one that containers start with: it
// stands in the root directory or has the usual name.
func isEntrypoint(dir, base string, head []byte) bool {
	if len(head) < 2 || head[0] != '#' || head[1] != '!' {
		return false
	}
	return dir == "" || strings.HasSuffix(base, "entrypoint.sh") || base == "docker-entrypoint" || strings.HasSuffix(dir, "docker-entrypoint.d")
}

// inLibrary knows the rest: what programs and packages bring below /usr and
// /lib.
func inLibrary(path, dir, base string, head []byte) reader {
	switch {
	case strings.HasSuffix(dir, "systemd/system-generators"), strings.HasSuffix(dir, "systemd/user-generators"), strings.HasSuffix(dir, "systemd/system-environment-generators"):
		if !isProgram(head) { // generators are programs
			return (*hook).script
		}
	case strings.HasSuffix(dir, "udev/rules.d"):
		return (*hook).udev
	case strings.HasSuffix(dir, "modprobe.d") && strings.HasSuffix(base, ".conf"):
		return (*hook).modprobe
	}
	return nil
}

// isProgram says whether the first bytes are those of an ELF file.
func isProgram(head []byte) bool {
	return len(head) >= 4 && string(head[:4]) == "\x7fELF"
}
