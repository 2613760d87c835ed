package image

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

var quiet = log.New(io.Discard, "", 0)

// front puts middleware before a registry and returns its host:port.
func front(t *testing.T, backend *httptest.Server, handle func(w http.ResponseWriter, r *http.Request, next http.Handler)) string {
	t.Helper()
	target, _ := url.Parse(backend.URL)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = quiet
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(w, r, proxy) }))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func digestOfImage(t *testing.T, img interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	h, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func TestRegistry(t *testing.T) {
	_, host := newTestRegistry(t)
	img := testImage(t, "amd64")
	push(t, host+"/a/b:1", img)
	im := open(t, host+"/a/b:1", Options{})
	if im.Kind != "registry" || im.Digest != digestOfImage(t, img) || im.Platform != "linux/amd64" {
		t.Errorf("kind %s digest %s platform %s", im.Kind, im.Digest, im.Platform)
	}
	wantConfig, _ := img.ConfigName()
	if im.ConfigDigest != wantConfig.String() {
		t.Errorf("configuration %s, want %s", im.ConfigDigest, wantConfig)
	}
	if diff := cmp.Diff([][]string{{"etc/os-release", "base"}, {"app-amd64"}}, contents(t, im)); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, l := range im.Layers {
		got = append(got, l.Descriptor().CreatedBy)
	}
	if diff := cmp.Diff([]string{"ADD file:abc in /", "RUN make install"}, got); diff != "" {
		t.Error(diff)
	}
	wantDiff, _ := img.ConfigFile()
	if id := im.Layers[1].Descriptor().DiffID; id != wantDiff.RootFS.DiffIDs[1].String() {
		t.Errorf("diff ID %s", id)
	}
	if len(im.Config.History) != 3 || im.Config.User != "app" || im.Config.Ports[0] != "80/tcp" || im.Config.Labels["k"] != "v" {
		t.Errorf("configuration: %+v", im.Config)
	}

	byDigest := open(t, "registry:"+host+"/a/b@"+im.Digest, Options{})
	if byDigest.Digest != im.Digest || byDigest.Name != host+"/a/b@"+im.Digest {
		t.Errorf("by digest: %s %s", byDigest.Name, byDigest.Digest)
	}
}

// Opening reads the manifest and the configuration and no layer.
func TestRegistryIsLazy(t *testing.T) {
	srv, host := newTestRegistry(t)
	img := testImage(t, "amd64")
	push(t, host+"/a:1", img)
	var paths []string
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		paths = append(paths, r.URL.Path)
		next.ServeHTTP(w, r)
	})
	im := open(t, host+"/a:1", Options{})
	want := []string{"/v2/", "/v2/a/manifests/1", "/v2/a/blobs/" + im.ConfigDigest}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}

func TestRegistryIndex(t *testing.T) {
	_, host := newTestRegistry(t)
	amd, arm6, arm7 := testImage(t, "amd64"), testImage(t, "arm"), testImage(t, "arm")
	index := mutate.AppendManifests(mutate.IndexMediaType(empty.Index, typeOCIIndex),
		mutate.IndexAddendum{Add: arm6, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm", Variant: "v6"}}},
		mutate.IndexAddendum{Add: amd, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: arm7, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm", Variant: "v7"}}},
		mutate.IndexAddendum{Add: testImage(t, "none"), Descriptor: v1.Descriptor{
			Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"},
		}},
	)
	push(t, host+"/multi:1", index)
	for want, img := range map[string]v1.Image{"linux/amd64": amd, "linux/arm/v6": arm6, "linux/arm/v7": arm7, "linux/arm/v8": arm7, "x86_64": amd} {
		im := open(t, host+"/multi:1", Options{Platform: want})
		if got := digestOfImage(t, img); im.Digest != got {
			t.Errorf("%s: took %s, want %s", want, im.Digest, got)
		}
		if im.Warnings != nil {
			t.Errorf("%s: warnings %q", want, im.Warnings)
		}
	}

	err := openErr(t, host+"/multi:1", Options{Platform: "linux/s390x"})
	var platform *PlatformError
	if !errors.As(err, &platform) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff([]string{"linux/arm/v6", "linux/amd64", "linux/arm/v7"}, platform.Have); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(Hint(err), "--platform") {
		t.Errorf("hint %q", Hint(err))
	}
	openErr(t, host+"/multi:1", Options{Platform: "a/b/c/d"})

	only := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: arm7, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "plan9", Architecture: "mips"}}})
	push(t, host+"/only:1", only)
	im := open(t, host+"/only:1", Options{})
	if len(im.Warnings) != 1 || !strings.Contains(im.Warnings[0], "took plan9/mips") {
		t.Errorf("warnings %q", im.Warnings)
	}
}

func TestRegistryNotAnImage(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/chart:1", artifact(t))
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/old/manifests/1") {
			w.Header().Set("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
			io.WriteString(w, `{"schemaVersion":1,"fsLayers":[]}`)
			return
		}
		next.ServeHTTP(w, r)
	})
	for ref, want := range map[string]string{"/chart:1": "helm", "/old:1": "schema 1"} {
		err := openErr(t, host+ref, Options{})
		var unsupported *UnsupportedError
		if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", ref, err)
		}
	}
	err := openErr(t, host+"/chart:2", Options{})
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("missing tag: %v", err)
	}
}

// Bytes that do not have their digest are refused wherever they appear.
func TestRegistryVerifies(t *testing.T) {
	srv, host := newTestRegistry(t)
	img := testImage(t, "amd64")
	push(t, host+"/a:1", img)
	config, _ := img.ConfigName()
	layers, _ := img.Layers()
	layer, _ := layers[1].Digest()
	bad := ""
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if bad == "" || !strings.HasSuffix(r.URL.Path, bad) {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		body := rec.Body.Bytes()
		body[len(body)/2] ^= 1
		w.Write(body)
	})
	for _, at := range []string{"/manifests/1", config.String()} {
		bad = at
		if err := openErr(t, host+"/a:1", Options{}); !errors.Is(err, ErrDigest) && !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", at, err)
		}
	}
	bad = digestOfImage(t, img)
	if err := openErr(t, host+"/a@"+bad, Options{}); !errors.Is(err, ErrDigest) {
		t.Errorf("by digest: %v", err)
	}
	bad = layer.String()
	im := open(t, host+"/a:1", Options{})
	if _, _, err := walkLayer(t.Context(), im.Layers[1]); err == nil {
		t.Error("read a layer that was changed")
	}
}

// cutter sends at most n bytes of each layer response and breaks off.
func cutter(n int64, cuts *atomic.Int64, withRange bool) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !withRange {
			r.Header.Del("Range")
		}
		if !strings.Contains(r.URL.Path, "/blobs/") {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		limit := n
		if !withRange { // gets a little further each time, or it would never end
			limit *= cuts.Load() + 1
		}
		if io.CopyN(w, rec.Body, limit); rec.Body.Len() > 0 {
			cuts.Add(1)
			panic(http.ErrAbortHandler)
		}
	}
}

func TestRegistryResumes(t *testing.T) {
	for _, withRange := range []bool{true, false} {
		t.Run(fmt.Sprintf("range=%v", withRange), func(t *testing.T) {
			srv, host := newTestRegistry(t)
			push(t, host+"/a:1", testImage(t, "amd64"))
			var cuts atomic.Int64
			host = front(t, srv, cutter(700_000, &cuts, withRange))
			var retries, last atomic.Int64
			im := open(t, host+"/a:1", Options{Retries: 6, Progress: func(e Event) {
				switch e.Stage {
				case "retry":
					retries.Add(1)
				case "download":
					last.Store(e.Bytes)
				}
			}})
			paths, walked, err := walkLayer(t.Context(), im.Layers[0])
			if err != nil || len(paths) != 2 {
				t.Fatalf("%q %v", paths, err)
			}
			if d := im.Layers[0].Descriptor(); walked.Digest != d.Digest || last.Load() != d.Size {
				t.Errorf("read %s with %d bytes, want %s with %d", walked.Digest, last.Load(), d.Digest, d.Size)
			}
			if cuts.Load() < 3 || retries.Load() < cuts.Load() {
				t.Errorf("%d cuts, %d retries", cuts.Load(), retries.Load())
			}
		})
	}
}

// A server that never gets further ends the attempts.
func TestRegistryGivesUp(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/a:1", testImage(t, "amd64"))
	var requests atomic.Int64
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("Range") != "" {
			requests.Add(1)
			w.Header().Set("Content-Range", "bytes "+strings.TrimPrefix(r.Header.Get("Range"), "bytes=")+"9/10")
			w.WriteHeader(http.StatusPartialContent)
			panic(http.ErrAbortHandler)
		}
		cutter(50_000, new(atomic.Int64), true)(w, r, next)
	})
	im := open(t, host+"/a:1", Options{Retries: 2})
	_, _, err := walkLayer(t.Context(), im.Layers[0])
	var layerErr *Error
	if !errors.As(err, &layerErr) || !strings.Contains(err.Error(), "50000 of") {
		t.Errorf("error %v", err)
	}
	if got := requests.Load(); got == 0 || got > 20 {
		t.Errorf("%d attempts", got)
	}
}

func TestRegistryRetriesStatus(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/a:1", testImage(t, "amd64"))
	var n atomic.Int64
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if status := []int{0, 429, 503, 0, 0, 500}[n.Add(1)%6]; status != 0 {
			w.WriteHeader(status)
			return
		}
		next.ServeHTTP(w, r)
	})
	open(t, host+"/a:1", Options{})
	limited := front(t, srv, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		n.Add(1)
		w.WriteHeader(http.StatusTooManyRequests)
		io.WriteString(w, `{"errors":[{"code":"TOOMANYREQUESTS","message":"pull rate limit"}]}`)
	})
	n.Store(0)
	err := openErr(t, "registry:"+limited+"/a:1", Options{Retries: 2})
	if !strings.Contains(err.Error(), "pull rate limit") || n.Load() < 3 {
		t.Errorf("after %d requests: %v", n.Load(), err)
	}
}

func TestRegistryMirrors(t *testing.T) {
	srv, origin := newTestRegistry(t)
	mirrorSrv, mirror := newTestRegistry(t)
	img := testImage(t, "amd64")
	push(t, origin+"/a:1", img)
	push(t, origin+"/b:1", img)
	push(t, mirror+"/cache/b:1", img)
	var atOrigin, atMirror atomic.Int64
	count := func(n *atomic.Int64) func(http.ResponseWriter, *http.Request, http.Handler) {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			n.Add(1)
			next.ServeHTTP(w, r)
		}
	}
	origin, mirror = front(t, srv, count(&atOrigin)), front(t, mirrorSrv, count(&atMirror))
	opts := Options{Mirrors: map[string][]string{origin: {"127.0.0.1:1", "http://" + mirror + "/cache/"}}}
	contents(t, open(t, origin+"/b:1", opts))
	if atOrigin.Load() != 0 || atMirror.Load() == 0 {
		t.Errorf("b: %d requests to the origin, %d to the mirror", atOrigin.Load(), atMirror.Load())
	}
	contents(t, open(t, origin+"/a:1", opts))
	if atOrigin.Load() == 0 {
		t.Error("a: the origin was not asked")
	}
}

// A mirror that never gets further leaves the rest to the origin.
func TestRegistryMirrorBreaksOff(t *testing.T) {
	srv, origin := newTestRegistry(t)
	push(t, origin+"/a:1", testImage(t, "amd64"))
	var fromMirror, fromOrigin atomic.Int64
	mirror := front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("Range") != "" {
			fromMirror.Add(1)
			panic(http.ErrAbortHandler)
		}
		cutter(200_000, new(atomic.Int64), true)(w, r, next)
	})
	origin = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		fromOrigin.Add(1)
		next.ServeHTTP(w, r)
	})
	contents(t, open(t, origin+"/a:1", Options{Mirrors: map[string][]string{origin: {mirror}}}))
	if fromOrigin.Load() != 2 { // a login and the rest of one layer
		t.Errorf("%d requests to the origin, %d attempts to resume at the mirror", fromOrigin.Load(), fromMirror.Load())
	}
}

func TestRegistryAuth(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/team/a:1", testImage(t, "amd64"))
	basic := front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if user, pass, _ := r.BasicAuth(); user != "me" || pass != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
	bearer := front(t, srv, bearerAuth(t))
	path := os.Getenv("PATH")
	for _, host := range []string{basic, bearer} {
		dir := t.TempDir()
		t.Setenv("PATH", path)
		t.Setenv("HOME", dir)
		t.Setenv("XDG_CONFIG_HOME", dir)
		t.Setenv("XDG_RUNTIME_DIR", dir)
		t.Setenv("DOCKER_CONFIG", dir)
		t.Setenv("REGISTRY_AUTH_FILE", "")
		ref := "registry:" + host + "/team/a:1"

		var auth *AuthError
		if err := openErr(t, ref, Options{}); !errors.As(err, &auth) || !strings.Contains(Hint(err), "docker login "+host) {
			t.Errorf("anonymous: %v", err)
		}
		if err := openErr(t, ref, Options{Username: "me", Password: "wrong"}); !errors.As(err, &auth) {
			t.Errorf("wrong password: %v", err)
		}
		contents(t, open(t, ref, Options{Username: "me", Password: "secret"}))

		// A Docker configuration without logins does not hide Podman's.
		writeFile(t, dir+"/config.json", `{"auths":{}}`)
		writeFile(t, dir+"/containers/auth.json", `{"auths":{"`+host+`/team":{"auth":"bWU6c2VjcmV0"}}}`)
		contents(t, open(t, ref, Options{}))
		os.Remove(dir + "/containers/auth.json")

		writeFile(t, dir+"/other.json", `{"auths":{"`+host+`":{"auth":"bWU6c2VjcmV0"}}}`)
		t.Setenv("REGISTRY_AUTH_FILE", dir+"/other.json")
		contents(t, open(t, ref, Options{}))
		t.Setenv("REGISTRY_AUTH_FILE", "")
		contents(t, open(t, ref, Options{AuthFile: dir + "/other.json"}))

		writeFile(t, dir+"/config.json", `{"credHelpers":{"`+host+`":"boltsealtest"}}`)
		if err := openErr(t, ref, Options{}); !strings.Contains(err.Error(), "docker-credential-boltsealtest") {
			t.Errorf("missing helper: %v", err)
		}
		t.Setenv("PATH", dir+":"+path)
		writeFile(t, dir+"/docker-credential-boltsealtest", "#!/bin/sh\necho '{\"Username\":\"me\",\"Secret\":\"secret\"}'\n")
		contents(t, open(t, ref, Options{}))
	}
	contents(t, open(t, "registry:"+bearer+"/team/a:1", Options{Token: "granted"}))
}

// bearerAuth demands a token that it gives to me:secret for the right scope.
func bearerAuth(t *testing.T) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/token" {
			user, pass, _ := r.BasicAuth()
			if user != "me" || pass != "secret" || !slices.Contains(r.URL.Query()["scope"], "repository:team/a:pull") {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			io.WriteString(w, `{"token":"granted"}`)
			return
		}
		if r.Header.Get("Authorization") != "Bearer granted" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	}
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestRegistryTLS(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/a:1", testImage(t, "amd64"))
	secure := httptest.NewUnstartedServer(srv.Config.Handler)
	secure.Config.ErrorLog = quiet
	secure.StartTLS()
	t.Cleanup(secure.Close)
	ref := "registry:" + strings.TrimPrefix(secure.URL, "https://") + "/a:1"
	if err := openErr(t, ref, Options{Retries: 1}); !strings.Contains(err.Error(), "certificate") {
		t.Errorf("unknown certificate: %v", err)
	}
	contents(t, open(t, ref, Options{Insecure: true}))
}

// Plain HTTP beyond this machine needs consent, also when it comes from a
// redirection.
func TestRegistryPlainHTTP(t *testing.T) {
	srv, host := newTestRegistry(t)
	push(t, host+"/a:1", testImage(t, "amd64"))
	host = front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.Contains(r.URL.Path, "/blobs/") {
			http.Redirect(w, r, "http://192.0.2.1/blob", http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
	err := openErr(t, "registry:"+host+"/a:1", Options{})
	if !strings.Contains(err.Error(), "plain HTTP") || !strings.Contains(Hint(err), "--insecure") {
		t.Errorf("%v, hint %q", err, Hint(err))
	}
}

// A foreign layer is left to its own URLs, and those to the user's consent.
func TestRegistryForeignLayer(t *testing.T) {
	blob := tarOf(t, "windows", "nt")
	t.Setenv("NO_PROXY", "*")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(blob) }))
	t.Cleanup(web.Close)
	config := `{"os":"windows","architecture":"amd64","rootfs":{"diff_ids":["` + digestOf(blob) + `"]}}`
	manifest := `{"schemaVersion":2,"mediaType":"` + typeDockerManifest + `","config":{"mediaType":"` + typeDockerConfig + `","digest":"` + digestOf([]byte(config)) + `","size":` + strconv.Itoa(len(config)) + `},
		"layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"` + digestOf(blob) + `","size":` + strconv.Itoa(len(blob)) + `,"urls":["file:///etc/passwd","` + web.URL + `"]}]}`
	dir := t.TempDir()
	writeBlob(t, dir, []byte(config))
	writeIndex(t, dir, descriptor{MediaType: typeDockerManifest, Digest: writeBlob(t, dir, []byte(manifest))})

	im := open(t, dir, Options{})
	if len(im.Warnings) != 1 {
		t.Errorf("warnings %q", im.Warnings)
	}
	if _, _, err := walkLayer(t.Context(), im.Layers[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("without consent: %v", err)
	}
	// Its author may not send us to this machine's own services.
	_, _, err := walkLayer(t.Context(), open(t, dir, Options{ForeignLayers: true}).Layers[0])
	var private *privateAddressError
	if !errors.As(err, &private) || !strings.Contains(Hint(err), "--insecure") {
		t.Errorf("private address: %v", err)
	}
	im = open(t, dir, Options{ForeignLayers: true, Insecure: true})
	if diff := cmp.Diff([][]string{{"windows"}}, contents(t, im)); diff != "" {
		t.Error(diff)
	}
}

// flood writes until nobody reads any more, and counts.
func flood(w http.ResponseWriter, sent *atomic.Int64) {
	chunk := []byte(strings.Repeat(" ", 1<<20))
	for range 256 {
		n, err := w.Write(chunk)
		if sent.Add(int64(n)); err != nil {
			return
		}
	}
}

// No answer that is held in memory is read without end: not a refusal, a token,
// a manifest or a list of errors.
func TestRegistryFloods(t *testing.T) {
	for name, handle := range map[string]func(w http.ResponseWriter, r *http.Request, sent *atomic.Int64){
		"refusal of the first request": func(w http.ResponseWriter, r *http.Request, sent *atomic.Int64) {
			w.WriteHeader(http.StatusForbidden)
			flood(w, sent)
		},
		"token": func(w http.ResponseWriter, r *http.Request, sent *atomic.Int64) {
			if r.URL.Path == "/token" {
				io.WriteString(w, `{"token":"`)
				flood(w, sent)
				return
			}
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="test"`)
			w.WriteHeader(http.StatusUnauthorized)
		},
		"manifest": func(w http.ResponseWriter, r *http.Request, sent *atomic.Int64) {
			if r.URL.Path != "/v2/" {
				flood(w, sent)
			}
		},
		"refusal of a manifest": func(w http.ResponseWriter, r *http.Request, sent *atomic.Int64) {
			if r.URL.Path != "/v2/" {
				w.WriteHeader(http.StatusNotFound)
				flood(w, sent)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(w, r, &sent) }))
			t.Cleanup(srv.Close)
			openErr(t, "registry:"+strings.TrimPrefix(srv.URL, "http://")+"/a:1", Options{Retries: -1})
			srv.CloseClientConnections()
			srv.Close()
			if n := sent.Load(); n == 0 || n > 64<<20 {
				t.Errorf("took %d bytes", n)
			}
		})
	}
}

// A mirror does not see the password for the registry, nor does a host that the
// registry redirects to.
func TestRegistryKeepsPasswords(t *testing.T) {
	srv, backend := newTestRegistry(t)
	push(t, backend+"/a:1", testImage(t, "amd64"))
	var leaked atomic.Int64
	watch := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			leaked.Add(1)
		}
	}
	mirror := front(t, srv, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		watch(w, r)
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	var fetched atomic.Int64
	storage := front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		watch(w, r)
		fetched.Add(1)
		next.ServeHTTP(w, r)
	})
	origin := front(t, srv, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if user, _, _ := r.BasicAuth(); user != "me" {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.Contains(r.URL.Path, "/blobs/") {
			http.Redirect(w, r, "http://"+storage+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
	contents(t, open(t, "registry:"+origin+"/a:1", Options{Username: "me", Password: "secret", Mirrors: map[string][]string{origin: {mirror}}}))
	if leaked.Load() != 0 || fetched.Load() == 0 {
		t.Errorf("%d requests with the password elsewhere, of %d at the storage", leaked.Load(), fetched.Load())
	}
}
