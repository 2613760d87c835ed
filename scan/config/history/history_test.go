package history

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// good is a configuration with which no check finds fault.
func good() *image.Config {
	return &image.Config{
		Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), User: "10001:10001",
		Env:         []string{"PATH=/usr/local/bin:/usr/bin", "DB_PASSWORD_FILE=/run/secrets/db", "PASSWORD_LENGTH=12"},
		Ports:       []string{"8080/tcp"},
		Healthcheck: []string{"CMD", "/health"},
		History: []image.History{
			{CreatedBy: "ADD file:0123 in /"},
			{CreatedBy: "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*"},
			{CreatedBy: "RUN curl -fsSLO https://example.org/a.tar.gz && chmod 1777 /tmp && chmod 755 /app && chmod +x /run.sh"},
			{CreatedBy: "COPY --chown=10001 app /app"},
		},
	}
}

func TestScanImage(t *testing.T) {
	run := func(lines ...string) func(*image.Config) {
		return func(c *image.Config) {
			for _, l := range lines {
				c.History = append(c.History, image.History{CreatedBy: l})
			}
		}
	}
	env := func(list ...string) func(*image.Config) {
		return func(c *image.Config) { c.Env = append(c.Env, list...) }
	}
	tests := []struct {
		name   string
		change func(*image.Config)
		want   []string // "id: what"
	}{
		{"nothing", func(*image.Config) {}, nil},
		{"no user", func(c *image.Config) { c.User = "" }, []string{"image-user-root: no USER is set, so the image runs as root"}},
		{"root by number", func(c *image.Config) { c.User = "0:0" }, []string{"image-user-root: USER is 0:0"}},
		{"old", func(c *image.Config) { c.Created = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"image-old: built on 2020-01-01, 2343 days ago"}},
		{"reproducible", func(c *image.Config) { c.Created = time.Unix(0, 0) }, nil},
		{"base", func(c *image.Config) { c.Labels = map[string]string{baseName: "docker.io/library/debian:latest"} }, []string{"image-tag-latest: the base image is docker.io/library/debian:latest"}},
		{"base by digest", func(c *image.Config) { c.Labels = map[string]string{baseName: "debian@sha256:00"} }, nil},
		{"no health check", func(c *image.Config) { c.Healthcheck = nil }, []string{"image-no-healthcheck: no HEALTHCHECK is set"}},
		{"health check switched off", func(c *image.Config) { c.Healthcheck = []string{"NONE"} }, []string{"image-no-healthcheck: the health check is switched off"}},
		{"health check in the history", func(c *image.Config) {
			c.Healthcheck = nil
			run(`HEALTHCHECK &{["CMD" "/health"] "0s" "0s" "0s" "0s" '\x00'}`)(c)
		}, nil},
		{"update alone", run("RUN apt-get update -y"), []string{"image-update-alone: RUN apt-get update -y"}},
		{"update for two commands", run("RUN |1 A=b /bin/sh -c apt-get update && pip install x"), nil},
		{"set-uid", run("RUN chmod u+s /usr/bin/find && chmod 4755 /x"), []string{
			"image-setuid-added: a set-uid or set-gid bit is set: chmod u+s /usr/bin/find", "image-setuid-added: a set-uid or set-gid bit is set: chmod 4755 /x"}},
		{"world-writable", run("RUN chmod -R 777 /srv; chmod a+rwx /data; chmod o-w /x; chmod g+w /y"), []string{
			"image-chmod-world: everyone may write: chmod -R 777 /srv", "image-chmod-world: everyone may write: chmod a+rwx /data"}},
		{"add", run("ADD https://user:pass@example.org/x.tgz /opt/", "ADD --checksum=sha256:00 https://example.org/y /", "ADD dir:12 in /"), []string{"image-add-url: ADD https://***@example.org/x.tgz"}},
		{"secret in env", env("API_KEY=abc123", "MYSQL_ROOT_PASSWORD=hunter2", "TOKEN=", "AUTH_TOKEN=$OTHER", "KEYBOARD=us"), []string{
			"image-secret-env: ENV API_KEY is set in the image", "image-secret-env: ENV MYSQL_ROOT_PASSWORD is set in the image"}},
		{"password", run("RUN echo root:hunter2 | chpasswd"), []string{"image-password-set: chpasswd sets a password"}},
		{"unverified", run("RUN curl -sSkL https://x.example/a | tar x && wget --no-check-certificate https://y", "RUN curl -sL -o k.tgz https://x", "RUN pip install --trusted-host=x y"), []string{
			"image-download-unverified: curl -sSkL", "image-download-unverified: wget --no-check-certificate", "image-download-unverified: pip --trusted-host=x"}},
		{"tls off", env("NODE_TLS_REJECT_UNAUTHORIZED=0", "GIT_SSL_NO_VERIFY=false"), []string{"image-tls-off: ENV NODE_TLS_REJECT_UNAUTHORIZED=0"}},
		{"preload", env("LD_PRELOAD=/usr/lib/libjemalloc.so.2"), []string{"image-preload: ENV LD_PRELOAD=/usr/lib/libjemalloc.so.2"}},
		{"path", func(c *image.Config) { c.Env = []string{"PATH=/usr/bin:/tmp/bin"} }, []string{`image-path-unsafe: PATH has "/tmp/bin"`}},
		{"relative path", func(c *image.Config) { c.Env = []string{"PATH=.:/usr/bin"} }, []string{`image-path-unsafe: PATH has "."`}},
		{"ports", func(c *image.Config) { c.Ports = []string{"22/tcp", "443/tcp"} }, []string{"image-port-admin: port 22/tcp, SSH, is exposed"}},
		{"volumes", func(c *image.Config) { c.Volumes = []string{"/data", "/var/run/docker.sock"} }, []string{"image-volume-sensitive: VOLUME /var/run/docker.sock"}},
		{"sshd", func(c *image.Config) { c.Cmd = []string{"/usr/sbin/sshd", "-D"} }, []string{"image-ssh-server: the image starts /usr/sbin/sshd"}},
		{"apt", run("RUN apt-get install -y curl"), []string{"image-apt-recommends: apt installs recommended packages"}},
		{"dist-upgrade", run("RUN apt-get update && apt-get -y dist-upgrade"), []string{"image-dist-upgrade: apt-get upgrades the distribution"}},
		{"no shell", run("RUN powershell -Command $x = {"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := good()
			tt.change(c)
			if diff := cmp.Diff(tt.want, check(t, &scanner.Image{Kind: "registry", Config: c})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func check(t *testing.T, im *scanner.Image) []string {
	t.Helper()
	if im.Inventory == nil {
		im.Inventory = &inventory.Inventory{}
	}
	s := New(func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) })
	found, err := s.ScanImage(t.Context(), im)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, strings.TrimPrefix(f.Rule.ID, "config/")+": "+f.Title)
		if strings.Contains(f.Title+f.Evidence, "hunter2") {
			t.Errorf("%s tells the secret: %+v", f.Rule.ID, f)
		}
	}
	return got
}

func TestPackagesAndTags(t *testing.T) {
	inv := &inventory.Inventory{Packages: []inventory.Package{{Type: "deb", Name: "sudo", Version: "1.9"}, {Type: "deb", Name: "openssh-server", Version: "9"}}}
	got := check(t, &scanner.Image{Kind: "registry", Config: good(), Inventory: inv, Tags: []string{"app:latest"}})
	want := []string{
		"image-sudo: the package sudo 1.9 is installed", "image-ssh-server: the package openssh-server 9 is installed",
		"image-tag-latest: the image is named app:latest",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDirectoryIsNoImage(t *testing.T) {
	if got := check(t, &scanner.Image{Kind: "dir", Config: &image.Config{}}); got != nil {
		t.Errorf("found %v", got)
	}
}

func TestLeftovers(t *testing.T) {
	for path, want := range map[string]bool{
		"var/lib/apt/lists/lock": true, "var/cache/apt/pkgcache.bin": true, "var/cache/apk/APKINDEX.5022a8a2.tar.gz": true,
		"var/cache/dnf/baseos-1/repodata/repomd.xml": true, "app/.git/HEAD": true, ".git/HEAD": true,
		"var/lib/dpkg/lock": false, "usr/share/doc/repomd.xml": false, "HEAD": false,
	} {
		e := &image.Entry{Path: path}
		if got := (Leftovers{}).Wants(e, nil); got != want {
			t.Errorf("Wants(%q) = %v", path, got)
		}
		res, err := Leftovers{}.Scan(t.Context(), &scanner.File{Entry: *e})
		if err != nil || (len(res.Findings) == 1) != want {
			t.Errorf("Scan(%q) = %v, %v", path, res.Findings, err)
		}
	}
}

func TestChecksAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range slices.Concat(Checks(), FileChecks()) {
		if c.ID == "" || c.Title == "" || c.TitleZH == "" || c.Severity == 0 || c.Remedy == "" || seen[c.ID] {
			t.Errorf("check %q is incomplete or there twice", c.ID)
		}
		seen[c.ID] = true
	}
}
