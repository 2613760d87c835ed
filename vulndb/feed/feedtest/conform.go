package feedtest

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/vulndb/feed"
)

var feedName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Conform checks what the contract feed.Feed asks of every feed: a lower-case
// name, artifacts with unique names, https addresses and valid patterns, and
// errors that name the document.
func Conform(t *testing.T, f feed.Feed) {
	t.Helper()
	if !feedName.MatchString(f.Name()) {
		t.Errorf("name %q", f.Name())
	}
	names := map[string]bool{}
	for _, a := range f.Artifacts() {
		if a.Name == "" || names[a.Name] {
			t.Errorf("artifact name %q is empty or not unique", a.Name)
		}
		names[a.Name] = true
		if a.URL == "" && a.Index == "" && a.Repository == "" && len(a.Mirror) == 0 {
			t.Errorf("artifact %s is nowhere", a.Name)
		}
		for _, address := range []string{a.URL, a.Index, a.Delta, a.Repository} {
			if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
				t.Errorf("artifact %s: address %q (%v)", a.Name, address, err)
			}
		}
		for _, m := range a.Mirror {
			if _, err := path.Match(m, "x"); err != nil {
				t.Errorf("artifact %s: pattern %q: %v", a.Name, m, err)
			}
		}
		for _, broken := range []string{"{", "<oval_definitions><definitions>", "\x00\x00\n\x00"} {
			err := f.Parse(context.Background(), Document(a.Name, "the/name", broken), new(Record))
			if err == nil || !strings.Contains(err.Error(), "the/name") {
				t.Errorf("artifact %s: broken document %q: error %v does not name it", a.Name, broken, err)
			}
		}
	}
	if len(names) == 0 {
		t.Error("no artifacts")
	}
}

// Document makes a document of a text.
func Document(artifact, name, body string) feed.Document {
	return feed.Document{Artifact: artifact, Name: name, Size: int64(len(body)), Body: bytes.NewReader([]byte(body))}
}

// Parse parses one text and fails the test on an error.
func Parse(t testing.TB, f feed.Feed, artifact, body string) *Record {
	t.Helper()
	r := new(Record)
	if err := f.Parse(context.Background(), Document(artifact, "test", body), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// Fuzz looks for bytes that make Parse panic or emit a record without a key.
// An error that Parse returns of itself is a good answer.
func Fuzz(f *testing.F, parser feed.Feed, artifact string, seeds ...string) {
	f.Helper()
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := parser.Parse(context.Background(), Document(artifact, "fuzz", string(body)), new(Record))
		if errors.Is(err, ErrIncomplete) {
			t.Error(err)
		}
	})
}

// Bench parses a mirror's files and reports bytes per second, documents,
// advisories and vulnerabilities. Unpacking is part of the time.
func Bench(b *testing.B, f feed.Feed, artifact, pattern string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		var c count
		var bytes counter
		documents := 0
		Real(b, pattern, func(d feed.Document) error {
			d.Artifact, documents = artifact, documents+1
			bytes.Reader = d.Body
			d.Body = &bytes
			return f.Parse(context.Background(), d, &c)
		})
		b.SetBytes(bytes.n)
		b.ReportMetric(float64(documents), "documents")
		b.ReportMetric(float64(c.advisories), "advisories")
		b.ReportMetric(float64(c.vulnerabilities), "vulnerabilities")
	}
}
