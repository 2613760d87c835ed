package update

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/osv"
)

// osvRecord is a record in OSV form about one package of a distribution.
func osvRecord(id, ecosystem, pkg, fixed, modified string) string {
	return fmt.Sprintf(`{"id":%q,"modified":%q,"summary":%q,"affected":[{"package":{"ecosystem":%q,"name":%q},`+
		`"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":%q}]}]}]}`,
		id, modified, "hole "+id, ecosystem, pkg, fixed)
}

const day1, day2 = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"

// manyRecords are n records CVE-2024-1000... about packages p0, p1 ...
func manyRecords(ecosystem string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, osvRecord(fmt.Sprintf("CVE-2024-%d", 1000+i), ecosystem, fmt.Sprintf("p%d", i), "1.0", day1))
	}
	return out
}

// zipOf packs records as OSV serves them: one <ID>.json each.
func zipOf(t testing.TB, records []string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, r := range records {
		var head struct{ ID string }
		if err := json.Unmarshal([]byte(r), &head); err != nil {
			t.Fatal(err)
		}
		f, err := w.Create(head.ID + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// breakEntries damages the compressed bytes of entries of a zip.
func breakEntries(t testing.TB, content []byte, names ...string) []byte {
	t.Helper()
	content = bytes.Clone(content)
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == name })
		offset, err := z.File[i].DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		for n := range z.File[i].CompressedSize64 {
			content[offset+int64(n)] = 0xff
		}
	}
	return content
}

// server serves files by path as a mirror, with ETag and ranges, and notes the
// requests. What hook handles, it handles itself.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	files    map[string][]byte
	requests []string
	hook     func(w http.ResponseWriter, r *http.Request, content []byte) bool
}

func newServer(t testing.TB) *server {
	s := &server{files: make(map[string][]byte)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

const osvHost = "/osv-vulnerabilities.storage.googleapis.com/"

func (s *server) put(path string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = content
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, ok := s.files[r.URL.Path]
	s.requests = append(s.requests, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
	hook := s.hook
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x-%d"`, len(content), bytes.Count(content, []byte{1})))
	if hook != nil && hook(w, r, content) {
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// seen returns the requests since the last call.
func (s *server) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

// writeMirror writes records as the jsonl file of an ecosystem into a mirror.
func writeMirror(t testing.TB, dir, ecosystem string, records []string) {
	t.Helper()
	name := filepath.Join(dir, "osv-test", ecosystem+".jsonl")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Join(records, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	// each write is a second later, as the tag is made of size and time
	at := time.Date(2024, 3, 1, 0, 0, len(records), 0, time.UTC)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func options(path, mirror string) Options {
	return Options{Path: path, Mirror: mirror, Feeds: []feed.Feed{osv.New()}, Backoff: time.Millisecond}
}

func mustUpdate(t testing.TB, o Options) Report {
	t.Helper()
	r, err := Update(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func result(t testing.TB, r Report, artifact string) Result {
	t.Helper()
	for _, res := range r.Results {
		if res.Artifact == artifact {
			return res
		}
	}
	t.Fatalf("no result for %s", artifact)
	return Result{}
}

func openDB(t testing.TB, path string) *vulndb.DB {
	t.Helper()
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// fixedIn returns the fixed versions of all advisories of a package.
func fixedIn(t testing.TB, path, namespace, pkg string) []string {
	t.Helper()
	advisories, err := openDB(t, path).Advisories(namespace, pkg, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range advisories {
		for _, r := range a.Ranges {
			out = append(out, a.Vulnerability+" "+r.Fixed)
		}
	}
	return out
}

// readLines reads a real feed of JSON lines.
func readLines(t testing.TB, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := newDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := z.Reset(f); err != nil {
		t.Fatal(err)
	}
	var out []string
	s := bufio.NewScanner(z)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		out = append(out, s.Text())
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return out
}
