package image

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// authority signs certificates for 127.0.0.1.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// newAuthority writes its certificate to ca.pem in dir.
func newAuthority(t testing.TB, dir string) authority {
	t.Helper()
	a := authority{cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &a.key.PublicKey, a.key)
	must(t, err)
	writeFile(t, dir+"/ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return a
}

// issue writes NAMEcert.pem and NAMEkey.pem.
func (a authority) issue(t testing.TB, dir, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert, &key.PublicKey, a.key)
	must(t, err)
	keyDER, err := x509.MarshalECPrivateKey(key)
	must(t, err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
	writeFile(t, dir+"/"+name+"cert.pem", string(certPEM))
	writeFile(t, dir+"/"+name+"key.pem", string(keyPEM))
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	must(t, err)
	return pair
}

// freePort is a port of 127.0.0.1 that nothing uses now.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// addContext makes a Docker context as "docker context create" does.
func addContext(t testing.TB, dir, name, host, keys string) {
	t.Helper()
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
	writeFile(t, dir+"/contexts/meta/"+id+"/meta.json", `{"Name":"`+name+`","Metadata":{},"Endpoints":{"docker":{"Host":"`+host+`","SkipTLSVerify":false}}}`)
	for _, file := range []string{"ca.pem", "cert.pem", "key.pem"} {
		if data, err := os.ReadFile(filepath.Join(keys, file)); err == nil {
			writeFile(t, dir+"/contexts/tls/"+id+"/docker/"+file, string(data))
		}
	}
}

// dockerHome points the docker command's configuration at an empty folder.
func dockerHome(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_TLS", "DOCKER_CERT_PATH"} {
		t.Setenv(name, "")
	}
	t.Setenv("DOCKER_CONFIG", dir)
	return dir
}

// A daemon that listens on TCP with TLS, by DOCKER_HOST and by a context. Its
// folders and processes are not taken for this machine's.
func TestDockerOverTLS(t *testing.T) {
	keys := t.TempDir()
	ca := newAuthority(t, keys)
	ca.issue(t, keys, "server")
	ca.issue(t, keys, "")
	addr := freePort(t)
	_, docker := startDocker(t, "--host", "tcp://"+addr, "--tlsverify", "--tlscacert", keys+"/ca.pem", "--tlscert", keys+"/servercert.pem", "--tlskey", keys+"/serverkey.pem")
	img := busyboxImage(t)
	docker("load", "-i", saved(t, img, "test/busy:1"))
	want := [][]string{{"bin/busybox"}, {"etc/os-release", "etc/gone"}}
	home := dockerHome(t)
	environment := Options{DockerHost: fromEnvironment}

	t.Run("DOCKER_HOST", func(t *testing.T) {
		t.Setenv("DOCKER_HOST", "tcp://"+addr)
		err := openErr(t, "docker:test/busy:1", environment)
		if !strings.Contains(Hint(err), "DOCKER_TLS_VERIFY") {
			t.Errorf("without TLS: %v, hint %q", err, Hint(err))
		}
		t.Setenv("DOCKER_TLS_VERIFY", "1")
		if err := openErr(t, "docker:test/busy:1", environment); !strings.Contains(err.Error(), "certificate") {
			t.Errorf("without its authority: %v", err)
		}
		t.Setenv("DOCKER_CERT_PATH", keys)
		im := open(t, "docker:test/busy:1", environment)
		if im.Layers[0].Descriptor().Trusted {
			t.Error("another machine's word is trusted")
		}
		if diff := cmp.Diff(want, contents(t, im)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("context", func(t *testing.T) {
		addContext(t, home, "far", "tcp://"+addr, keys)
		writeFile(t, home+"/config.json", `{"currentContext":"far"}`)
		contents(t, open(t, "docker:test/busy:1", environment))
		writeFile(t, home+"/config.json", `{}`)
		t.Setenv("DOCKER_CONTEXT", "far")
		contents(t, open(t, "docker:test/busy:1", environment))
		if out := run(t, "docker", "--context", "far", "images", "-q"); out == "" {
			t.Error("docker itself does not find the context that this test made")
		}
	})
	t.Run("container", func(t *testing.T) {
		docker("run", "-d", "--net=none", "--name", "c1", "test/busy:1")
		defer docker("rm", "-f", "c1")
		docker("exec", "c1", "/bin/busybox", "sh", "-c", "echo new > /etc/new; rm /etc/gone")
		addContext(t, home, "far", "tcp://"+addr, keys)
		t.Setenv("DOCKER_CONTEXT", "far")
		im := open(t, "container:c1", environment)
		if len(im.Layers) != 1 || im.Digest == "" && im.ConfigDigest == "" || len(im.Warnings) != 1 {
			t.Fatalf("%d layers, warnings %q", len(im.Layers), im.Warnings)
		}
		files := strings.Join(contents(t, im)[0], " ")
		if !strings.Contains(files, "etc/new") || !strings.Contains(files, "bin/busybox") || strings.Contains(files, "etc/gone") {
			t.Errorf("files: %s", files)
		}
	})
}

func TestDockerContextErrors(t *testing.T) {
	home := dockerHome(t)
	opts := Options{DockerHost: fromEnvironment}
	t.Setenv("DOCKER_CONTEXT", "nowhere")
	if err := openErr(t, "docker:a", opts); !strings.Contains(err.Error(), `context "nowhere"`) || !strings.Contains(Hint(err), "docker context ls") {
		t.Errorf("%v, hint %q", err, Hint(err))
	}
	addContext(t, home, "nowhere", "ssh://me@there:22", "")
	if err := openErr(t, "docker:a", opts); !strings.Contains(err.Error(), "over SSH") || !strings.Contains(Hint(err), "me@there:22") {
		t.Errorf("%v, hint %q", err, Hint(err))
	}
	for _, broken := range []string{`{`, `{}`, `{"Endpoints":[]}`} {
		id := fmt.Sprintf("%x", sha256.Sum256([]byte("nowhere")))
		writeFile(t, home+"/contexts/meta/"+id+"/meta.json", broken)
		if err := openErr(t, "docker:a", opts); !strings.Contains(err.Error(), `use Docker context "nowhere"`) {
			t.Errorf("%s: %v", broken, err)
		}
	}
	t.Setenv("DOCKER_HOST", "tcp://127.0.0.1:1") // goes before the context
	if err := openErr(t, "docker:a", opts); !errors.Is(err, ErrNoEngine) {
		t.Errorf("%v", err)
	}
}

// A socket that this user may not use.
func TestEngineSocketPermission(t *testing.T) {
	sock := shortTemp(t) + "/s"
	l, err := net.Listen("unix", sock)
	must(t, err)
	defer l.Close()
	must(t, os.Chmod(sock, 0))
	must(t, os.Chmod(filepath.Dir(sock), 0o755))
	if os.Getuid() == 0 { // be another for as long as this goroutine has its thread
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		_, err := unix.SetfsuidRetUid(65534)
		must(t, err)
		defer unix.SetfsuidRetUid(0)
	}
	for _, err := range []error{
		openErr(t, "docker:a", Options{DockerHost: "unix://" + sock, TempDir: "-"}),
		openErr(t, "podman:a", Options{PodmanHost: "unix://" + sock, TempDir: "-"}),
		openErr(t, "containerd:a", Options{Containerd: sock, TempDir: "-"}),
	} {
		var access *AccessError
		if !errors.As(err, &access) || !strings.Contains(Hint(err), "sudo") {
			t.Errorf("%v, hint %q", err, Hint(err))
		}
	}
}

// A registry with a private authority that also wants to know who asks.
func TestRegistryCertificates(t *testing.T) {
	backend, host := newTestRegistry(t)
	push(t, host+"/a:1", testImageSmall(t))
	keys := t.TempDir()
	ca := newAuthority(t, keys)
	pair := ca.issue(t, keys, "server")
	ca.issue(t, keys, "client")
	pool := x509.NewCertPool()
	pool.AddCert(func() *x509.Certificate { c, _ := x509.ParseCertificate(pemBytes(t, keys+"/ca.pem")); return c }())
	srv := httptest.NewUnstartedServer(backend.Config.Handler)
	srv.Config.ErrorLog = quiet
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	registry := strings.TrimPrefix(srv.URL, "https://")
	ref := "registry:" + registry + "/a:1"

	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	openErr(t, ref, Options{Retries: -1})
	move := func(from, to string) {
		data, err := os.ReadFile(filepath.Join(keys, from))
		must(t, err)
		writeFile(t, to, string(data))
	}
	move("ca.pem", home+"/containers/certs.d/"+registry+"/ca.crt")
	if err := openErr(t, ref, Options{Retries: -1}); strings.Contains(err.Error(), "unknown authority") {
		t.Errorf("the authority is not accepted: %v", err)
	}
	move("clientcert.pem", home+"/containers/certs.d/"+registry+"/me.cert")
	if err := openErr(t, ref, Options{Retries: -1}); !strings.Contains(err.Error(), "me.key") {
		t.Errorf("a certificate without key: %v", err)
	}
	move("clientkey.pem", home+"/containers/certs.d/"+registry+"/me.key")
	contents(t, open(t, ref, Options{Retries: -1}))
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	contents(t, open(t, ref, Options{Retries: -1, CertDir: home + "/containers/certs.d"}))
	writeFile(t, home+"/containers/certs.d/"+registry+"/bad.crt", "no certificate")
	if err := openErr(t, ref, Options{CertDir: home + "/containers/certs.d"}); !strings.Contains(err.Error(), "bad.crt") {
		t.Errorf("a bad file: %v", err)
	}
}

func pemBytes(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	block, _ := pem.Decode(data)
	return block.Bytes
}

// A certificate for one registry is not shown to a host that it redirects to.
func TestRegistryCertificateStaysThere(t *testing.T) {
	keys := t.TempDir()
	ca := newAuthority(t, keys)
	pair := ca.issue(t, keys, "server")
	ca.issue(t, keys, "client")
	var shown, reached int
	var target string
	server := func(handle http.HandlerFunc) string {
		srv := httptest.NewUnstartedServer(handle)
		srv.Config.ErrorLog = quiet
		srv.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequestClientCert}
		srv.StartTLS()
		t.Cleanup(srv.Close)
		return strings.TrimPrefix(srv.URL, "https://")
	}
	target = server(func(w http.ResponseWriter, r *http.Request) {
		reached++
		shown += len(r.TLS.PeerCertificates)
	})
	registry := server(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) != 1 {
			t.Error("the registry itself does not see it")
		}
		if r.URL.Path != "/v2/" {
			http.Redirect(w, r, "https://"+target+"/x", http.StatusFound)
		}
	})
	dir := t.TempDir()
	for from, to := range map[string]string{"ca.pem": "ca.crt", "clientcert.pem": "c.cert", "clientkey.pem": "c.key"} {
		data, err := os.ReadFile(filepath.Join(keys, from))
		must(t, err)
		writeFile(t, dir+"/"+registry+"/"+to, string(data))
	}
	openErr(t, "registry:"+registry+"/a:1", Options{CertDir: dir, Retries: -1})
	if reached == 0 || shown != 0 {
		t.Errorf("%d requests to the target of a redirection, shown in %d", reached, shown)
	}
}
