package secret

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

func newScanner(t *testing.T, o Options) *Scanner {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scanText(t *testing.T, s *Scanner, path, text string) []finding.Finding {
	t.Helper()
	f := &scanner.File{Entry: image.Entry{Path: path, Size: int64(len(text))}, Content: strings.NewReader(text), Data: []byte(text)}
	if !s.Wants(&f.Entry, f.Data[:min(len(text), 512)]) {
		return nil
	}
	res, err := s.Scan(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return res.Findings
}

// token has the form of a Grafana token with a checksum that is wrong.
const token = "glpat-" + "q8Mj6WAbx9wbEzEdsYUW"

func TestFinding(t *testing.T) {
	key := filepath.Join(t.TempDir(), "cache", "secret.key")
	s := newScanner(t, Options{KeyFile: key})
	again := newScanner(t, Options{KeyFile: key})
	other := newScanner(t, Options{KeyFile: key + "2"})
	a := scanText(t, s, "srv/a.env", "x\nTOKEN="+token+"\n")
	if len(a) != 1 || a[0].Rule.ID != "secret/gitlab-pat" || a[0].Location.Line != 2 || a[0].Severity != finding.Critical {
		t.Fatalf("%+v", a)
	}
	if strings.Contains(a[0].Evidence, token[8:]) || !strings.HasPrefix(a[0].Evidence, token[:6]+"****") {
		t.Errorf("evidence %q", a[0].Evidence)
	}
	if b := scanText(t, again, "srv/b.env", "TOKEN="+token); b[0].Evidence != a[0].Evidence || b[0].ID != a[0].ID {
		t.Errorf("the same secret: %q and %q", a[0].Evidence, b[0].Evidence)
	}
	if b := scanText(t, other, "srv/b.env", "TOKEN="+token); b[0].Evidence == a[0].Evidence || b[0].ID != a[0].ID {
		t.Errorf("another key: %q and %q", a[0].Evidence, b[0].Evidence)
	}
	if s.Version() == other.Version() {
		t.Error("the key is no part of the version")
	}
}

func TestImage(t *testing.T) {
	s := newScanner(t, Options{})
	im := &scanner.Image{Config: &image.Config{
		Env:     []string{"PATH=/usr/bin", "DB_PASSWORD=Zk4qP8w2LmT9", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D"},
		Labels:  map[string]string{"ci": "token " + token},
		History: []image.History{{CreatedBy: "|1 NPM_AUTH=x /bin/sh -c curl -u robot:Hq9sLx2wPz https://x.io/"}, {CreatedBy: "ENV DB_PASSWORD=Zk4qP8w2LmT9"}},
	}}
	found, err := s.ScanImage(context.Background(), im)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.Rule.ID+" | "+f.Title)
	}
	want := "secret/generic-password | Password in a configuration or program in the image's environment\n" +
		"secret/gitlab-pat | GitLab personal access token in a label of the image\n" +
		"secret/curl-basic-auth | Password in a curl command in the image's build history"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestRedact(t *testing.T) {
	s := newScanner(t, Options{})
	for text, want := range map[string]string{
		"PASSWORD=abc def":                       "PASSWORD=**** def",
		"LANG=C.UTF-8":                           "LANG=C.UTF-8",
		"ENV ROOT_PASSWORD=hunter2;x":            "ENV ROOT_PASSWORD=h2****",
		"--token " + token:                       "--token glpat-****",
		"GPG_KEY=A035C8C19219BA821ECEA86B64E628": "GPG_KEY=A035C8C19219BA821ECEA86B64E628",
		"API_TOKEN=$TOKEN":                       "API_TOKEN=$TOKEN",
	} {
		got := s.Redact(text)
		if strings.Contains(want, "h2****") {
			if strings.Contains(got, "hunter2") {
				t.Errorf("%q: %q", text, got)
			}
		} else if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestShadow(t *testing.T) {
	// Made by openssl passwd -6 -salt saltsalt with password and a random text.
	text := "root::19000:0:99999:7:::\ndaemon:*:19000::::::\nbin:!:19000::::::\n"
	s := newScanner(t, Options{})
	got := scanText(t, s, "etc/shadow", text)
	if len(got) != 1 || got[0].Rule.ID != "secret/shadow-empty-password" || got[0].Location.Line != 1 {
		t.Errorf("%+v", got)
	}
}

func TestKeystore(t *testing.T) {
	s := newScanner(t, Options{})
	key := "\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x01key"
	trusted := "\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02ca"
	if got := scanText(t, s, "srv/app.jks", key); len(got) != 1 {
		t.Errorf("a private key: %v", got)
	}
	if got := scanText(t, s, "srv/cacerts.jks", trusted); len(got) != 0 {
		t.Errorf("certificates: %v", got)
	}
}

// TestPieces finds secrets of a large file once each, with their lines, also
// where the pieces meet.
func TestPieces(t *testing.T) {
	s := newScanner(t, Options{})
	text := []byte(strings.Repeat("nothing to see on this line of text\n", 400_000))
	for i, at := range []int{1000, pieceBytes + overlapBytes/2, pieceBytes + overlapBytes - 10, len(text) - 100} {
		copy(text[at:], " "+token[:len(token)-1]+string(rune('a'+i))+" ")
	}
	f := &scanner.File{Entry: image.Entry{Path: "srv/big.log", Size: int64(len(text))}, Content: strings.NewReader(string(text))}
	res, err := s.Scan(context.Background(), f)
	if err != nil || len(res.Findings) != 4 {
		t.Fatalf("%d findings, %v", len(res.Findings), err)
	}
	if n := res.Findings[0].Location.Line; n != 1000/36+1 {
		t.Errorf("line %d", n)
	}
}

func TestVerify(t *testing.T) {
	var asked int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path != "/api/v4/personal_access_tokens/self" || r.Header.Get("PRIVATE-TOKEN") != token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{"active": true}`))
	}))
	defer server.Close()
	v, err := NewVerifier([]string{"gitlab"})
	if err != nil {
		t.Fatal(err)
	}
	v.base = map[string]string{"gitlab": server.URL}
	s := newScanner(t, Options{Verifier: v})
	got := scanText(t, s, "a.env", "A="+token+"\nB="+token+"\nC=glpat-"+"Qw8Mj6WAbx9wbEzEdsYU\nD=npm_q8Mj6WAbx9wbEzEdsYUWkTfNewyVU9Jprabc\n")
	if len(got) != 4 || asked != 2 {
		t.Fatalf("%d findings, %d requests", len(got), asked)
	}
	if !strings.HasSuffix(got[0].Evidence, "gitlab says that it is live") || got[0].Severity != finding.Critical {
		t.Errorf("live: %v %q", got[0].Severity, got[0].Evidence)
	}
	if !strings.HasSuffix(got[2].Evidence, "no longer valid") || got[2].Severity != finding.Low {
		t.Errorf("dead: %v %q", got[2].Severity, got[2].Evidence)
	}
	server.Close()
	v.known = map[[32]byte]string{}
	if got := scanText(t, s, "a.env", "A="+token); !strings.HasSuffix(got[0].Evidence, "not verified: gitlab did not answer") || strings.Contains(got[0].Evidence, token[10:]) {
		t.Errorf("no answer: %q", got[0].Evidence)
	}
}
