package cli

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// registries are faces of one real registry that has the demo image as shop:1,
// by the variable that scripts know their address by; CERT is the
// certificate of SELFSIGNED.
func registries(t *testing.T, image string) map[string]string {
	store := registryHandler()
	faces := map[string]http.Handler{"REGISTRY": store, "SLOW": slow(store), "PRIVATE": private(store), "FLAKY": flaky(store)}
	addresses := map[string]string{}
	for name, face := range faces {
		s := httptest.NewServer(face)
		t.Cleanup(s.Close)
		addresses[name] = strings.TrimPrefix(s.URL, "http://")
	}
	tls := httptest.NewUnstartedServer(store)
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	addresses["CERT"] = filepath.Join(t.TempDir(), "ca.crt")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tls.Certificate().Raw})
	if err := os.WriteFile(addresses["CERT"], cert, 0o644); err != nil {
		t.Fatal(err)
	}
	addresses["SELFSIGNED"] = strings.TrimPrefix(tls.URL, "https://")
	push(t, image, addresses["REGISTRY"]+"/shop:1")
	return addresses
}

// registryHandler is an empty registry.
func registryHandler() http.Handler {
	return registry.New(registry.Logger(log.New(io.Discard, "", 0)))
}

func push(t *testing.T, image, to string) {
	t.Helper()
	index, err := layout.ImageIndexFromPath(image)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := name.ParseReference(to)
	if err == nil {
		err = remote.WriteIndex(ref, index)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// slow takes two seconds for each blob.
func slow(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/blobs/") {
			select {
			case <-time.After(2 * time.Second):
			case <-r.Context().Done():
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

// private wants the name "ci" and the password "secret".
func private(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "ci" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// flaky answers each address the first time that it is overloaded.
func flaky(h http.Handler) http.Handler {
	var seen sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, again := seen.LoadOrStore(r.URL.Path, true); !again && strings.Contains(r.URL.Path, "/blobs/") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	})
}
