package integrity

import (
	"strings"

	"github.com/boltseal/boltseal/scan/scanner"
)

// Lists says whether the digest of a file at a path is compared at this level,
// when a package database has one. It is called for every path that a package
// lists and for every file, and does not allocate.
func (l Level) Lists(path string) bool {
	if l == Full {
		return !MayDiffer(path)
	}
	dir, _ := scanner.Split(path)
	switch {
	case dir == "bin", dir == "sbin", dir == "usr/bin", dir == "usr/sbin", dir == "usr/games":
		return true
	case isLibrary(path):
		return strings.HasPrefix(path, "lib") || strings.HasPrefix(path, "usr/lib")
	case strings.HasPrefix(path, "usr/libexec/"):
		return true
	case strings.HasPrefix(path, "usr/lib/") || strings.HasPrefix(path, "lib/"):
		return helper(dir)
	}
	return false
}

// isLibrary says whether a path names a shared library.
func isLibrary(path string) bool {
	_, base := scanner.Split(path)
	return strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.")
}

// helper says whether a directory below /usr/lib holds programs that run with
// other rights or at every start.
func helper(dir string) bool {
	for _, d := range helpers {
		if strings.HasSuffix(dir, d) {
			return true
		}
	}
	return false
}

var helpers = []string{
	"lib/openssh", "lib/ssh", "lib/systemd", "lib/systemd/system-generators", "lib/dbus-1.0", "lib/sudo", "lib/policykit-1", "lib/polkit-1", "lib/apt/methods",
	"lib/sftp-server", "lib/udev", "lib/cron", "lib/git-core", "lib/bash", "lib/klibc/bin",
}

// MayDiffer says whether a file of a package changes in daily use, so that a
// difference says nothing: configuration, state, and what programs generate from
// the files of many packages.
func MayDiffer(path string) bool {
	for _, p := range []string{"etc/", "var/", "boot/", "run/", "srv/", "usr/share/info/dir", "usr/share/mime/", "usr/share/applications/", "usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/lib/locale/", "usr/share/zoneinfo/", "usr/share/icons/", "lib/apk/", "usr/lib/sysimage/"} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	for _, s := range []string{".pyc", ".pyo", "/hwdb.bin", "gconv-modules.cache", "ld.so.cache", "/loaders.cache", "/giomodule.cache", "icon-theme.cache", "/fonts.cache-1", ".la", "/modules.dep", "/cacerts"} {
		if strings.HasSuffix(path, s) {
			return true
		}
	}
	return false
}
