package update

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
	"github.com/boltseal/boltseal/vulndb/feed/osv"
)

func TestUpdateFromDirectory(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	writeMirror(t, mirror, "Debian", []string{
		osvRecord("CVE-2024-1", "Debian:12", "openssl", "3.0.1", day1),
		osvRecord("CVE-2024-1", "Debian:12", "openssl", "3.0.2", day2), // the newer version counts
		osvRecord("CVE-2024-2", "Debian:12", "openssl", "3.0.1", day1),
	})
	r := mustUpdate(t, options(path, mirror))
	if res := result(t, r, "Debian"); res.State != Updated || res.Records != 3 || !r.Replaced {
		t.Errorf("result %+v, replaced %v", res, r.Replaced)
	}
	if diff := cmp.Diff([]string{"CVE-2024-1 3.0.2", "CVE-2024-2 3.0.1"}, fixedIn(t, path, "debian:12", "openssl")); diff != "" {
		t.Error(diff)
	}
	db := openDB(t, path)
	if v, err := db.Vulnerability("CVE-2024-2"); err != nil || v == nil || v.Title != "hole CVE-2024-2" {
		t.Errorf("vulnerability: %+v, %v", v, err)
	}
	if m := db.Meta(); m.Vulnerabilities != 2 || m.Advisories != 2 || len(m.Sources) != 1 {
		t.Errorf("meta: %+v", m)
	}
	if r := mustUpdate(t, options(path, mirror)); r.Replaced || result(t, r, "Debian").State != Unchanged {
		t.Errorf("second update: replaced %v, %+v", r.Replaced, result(t, r, "Debian"))
	}
}

// TestUpdateFromServer compares the upstream form, a zip by HTTP, with the
// mirror's JSON lines, on real data.
func TestUpdateFromServer(t *testing.T) {
	root := feedtest.Mirror(t)
	s := newServer(t)
	for _, eco := range []string{"crates.io", "RubyGems"} {
		records := readLines(t, filepath.Join(root, "osv-2025-02", eco+".jsonl.zst"))
		s.put(osvHost+eco+"/all.zip", zipOf(t, records))
	}
	fromServer, fromDir := filepath.Join(t.TempDir(), "v.db"), filepath.Join(t.TempDir(), "v.db")
	o := options(fromServer, s.URL)
	mustUpdate(t, o)
	od := options(fromDir, root)
	od.Only = []string{"osv/crates.io", "osv/RubyGems"}
	mustUpdate(t, od)
	if diff := cmp.Diff(statements(t, fromDir), statements(t, fromServer)); diff != "" {
		t.Errorf("directory and server differ:\n%s", diff)
	}
	s.seen()
	r := mustUpdate(t, o)
	if got := result(t, r, "RubyGems"); got.State != Unchanged || got.Downloaded != 0 {
		t.Errorf("second update downloaded again: %+v", got)
	}
	if diff := cmp.Diff(statements(t, fromDir), statements(t, fromServer)); diff != "" {
		t.Errorf("carried over and read anew differ:\n%s", diff)
	}
}

func statements(t testing.TB, path string) []vulndb.Statement {
	t.Helper()
	var out []vulndb.Statement
	if err := openDB(t, path).Statements(func(s *vulndb.Statement) error {
		out = append(out, *s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// cut answers a request without a range with the first half and then closes
// the connection.
func cut(w http.ResponseWriter, r *http.Request, content []byte) bool {
	if r.Header.Get("Range") != "" || !strings.HasSuffix(r.URL.Path, ".zip") {
		return false
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content[:len(content)/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestDownloadIsContinued(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	content := zipOf(t, manyRecords("Debian:12", 300))
	s.put(osvHost+"Debian/all.zip", content)
	s.hook = cut
	r := mustUpdate(t, options(path, s.URL))
	if res := result(t, r, "Debian"); res.State != Updated || res.Downloaded != int64(len(content)) {
		t.Errorf("%+v, want %d bytes downloaded", res, len(content))
	}
	want := fmt.Sprintf("%sDebian/all.zip bytes=%d-", osvHost, len(content)/2)
	if got := s.seen(); !slices.Contains(got, want) {
		t.Errorf("no request %q", want)
	}
	if entries, err := os.ReadDir(path + ".d"); err != nil || len(entries) != 0 {
		t.Errorf("files left: %v, %v", entries, err)
	}
}

// TestMain lets the test binary be an update that a test kills.
func TestMain(m *testing.M) {
	if path := os.Getenv("BOLTSEAL_TEST_UPDATE"); path != "" {
		_, err := Update(context.Background(), options(path, os.Getenv("BOLTSEAL_TEST_MIRROR")))
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func TestKilledUpdateIsContinued(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 300)))
	mustUpdate(t, options(path, s.URL))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content := zipOf(t, manyRecords("Debian:12", 400))
	s.put(osvHost+"Debian/all.zip", content)
	half := make(chan bool)
	s.hook = func(w http.ResponseWriter, r *http.Request, content []byte) bool {
		if !strings.HasSuffix(r.URL.Path, ".zip") {
			return false
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write(content[:len(content)/2])
		w.(http.Flusher).Flush()
		half <- true
		<-r.Context().Done()
		return true
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BOLTSEAL_TEST_UPDATE="+path, "BOLTSEAL_TEST_MIRROR="+s.URL)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-half
	waitForPart(t, path)
	cmd.Process.Kill()
	cmd.Wait()
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Fatalf("the killed update changed the database: %v", err)
	}
	s.hook = nil
	s.seen()
	leftover := path + ".123.tmp" // as a kill while the file is written leaves it
	if err := os.WriteFile(leftover, before[:len(before)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if res := result(t, mustUpdate(t, options(path, s.URL)), "Debian"); res.State != Updated || res.Records != 400 {
		t.Errorf("%+v", res)
	}
	if _, err := os.Stat(leftover); !os.IsNotExist(err) {
		t.Errorf("a half-written database stays: %v", err)
	}
	if got := s.seen(); !slices.ContainsFunc(got, func(r string) bool { return strings.Contains(r, "bytes=") }) {
		t.Errorf("not continued: %v", got)
	}
}

// waitForPart waits until the killed process has written what it was sent.
func waitForPart(t *testing.T, path string) {
	t.Helper()
	for range 1000 {
		parts, err := filepath.Glob(path + ".d/*.part")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			if info, err := os.Stat(p); err == nil && info.Size() > 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing was downloaded")
}

// TestBrokenArchive: an archive that ends early or isn't one is reported, and
// what there was stays.
func TestBrokenArchive(t *testing.T) {
	good := zipOf(t, manyRecords("Debian:12", 100))
	for name, bad := range map[string][]byte{
		"truncated": good[:len(good)/2], "empty": {}, "html": []byte("<html>busy</html>"),
	} {
		t.Run(name, func(t *testing.T) {
			s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
			s.put(osvHost+"Debian/all.zip", good)
			s.put(osvHost+"npm/all.zip", zipOf(t, manyRecords("npm", 5)))
			mustUpdate(t, options(path, s.URL))
			want := statements(t, path)
			fetched := openDB(t, path).Meta().Sources[0].Fetched
			s.put(osvHost+"Debian/all.zip", bad)
			o := options(path, s.URL)
			o.Now = func() time.Time { return time.Now().Add(time.Hour) }
			r := mustUpdate(t, o)
			if res := result(t, r, "Debian"); res.State != Failed || res.Err == nil || len(r.Failed()) != 1 {
				t.Errorf("%+v", res)
			}
			if diff := cmp.Diff(want, statements(t, path)); diff != "" {
				t.Error(diff)
			}
			source := openDB(t, path).Meta().Sources[0]
			if source.Error == "" || !source.Fetched.Equal(fetched) {
				t.Errorf("meta hides the failure: %+v", source)
			}
			s.put(osvHost+"Debian/all.zip", good)
			if res := result(t, mustUpdate(t, options(path, s.URL)), "Debian"); res.State != Updated {
				t.Errorf("did not recover: %+v", res)
			}
		})
	}
}

func TestServerErrorKeepsOldData(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 30)))
	mustUpdate(t, options(path, s.URL))
	s.hook = func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return true
	}
	s.seen()
	r := mustUpdate(t, options(path, s.URL))
	if res := result(t, r, "Debian"); res.State != Failed {
		t.Errorf("%+v", res)
	}
	tries := 0
	for _, got := range s.seen() {
		if strings.HasSuffix(got, "Debian/all.zip") {
			tries++
		}
	}
	if tries != maxAttempts || len(statements(t, path)) != 30 {
		t.Errorf("%d attempts, %d statements", tries, len(statements(t, path)))
	}
}

func TestShrunkFeedKeepsOldData(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	writeMirror(t, mirror, "Debian", manyRecords("Debian:12", 100))
	mustUpdate(t, options(path, mirror))
	fewer := manyRecords("Debian:12", 89)
	fewer[0] = osvRecord("CVE-2024-1000", "Debian:12", "p0", "1.1", day2)
	writeMirror(t, mirror, "Debian", fewer)
	r := mustUpdate(t, options(path, mirror))
	if res := result(t, r, "Debian"); res.State != Shrunk || res.Err == nil {
		t.Errorf("%+v", res)
	}
	if n := len(statements(t, path)); n != 100 {
		t.Errorf("%d statements, want the old 100", n)
	}
	if diff := cmp.Diff([]string{"CVE-2024-1000 1.1"}, fixedIn(t, path, "debian:12", "p0")); diff != "" {
		t.Errorf("new data of the shrunken feed: %s", diff)
	}
	if v, err := openDB(t, path).Vulnerability("CVE-2024-1099"); err != nil || v == nil || v.Title == "" {
		t.Errorf("description was not carried over: %+v, %v", v, err)
	}
	// The next whole one takes its place, and nine in a hundred may go.
	writeMirror(t, mirror, "Debian", manyRecords("Debian:12", 91))
	if res := result(t, mustUpdate(t, options(path, mirror)), "Debian"); res.State != Updated {
		t.Errorf("%+v", res)
	}
	if n := len(statements(t, path)); n != 91 {
		t.Errorf("%d statements, want 91", n)
	}
}

// TestNamespaceThatVanishes: a release at its end of life leaves the feed, but
// its advisories stay, update after update.
func TestNamespaceThatVanishes(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	old := []string{osvRecord("CVE-2020-1", "Debian:10", "bash", "5.0-5", day1)}
	all := manyRecords("Debian:12", 60)
	writeMirror(t, mirror, "Debian", append(slices.Clone(all), old...))
	mustUpdate(t, options(path, mirror))
	for round := range 2 {
		all = append(all, osvRecord(fmt.Sprintf("CVE-2023-%d", round), "Debian:12", "new", "1", day2))
		writeMirror(t, mirror, "Debian", all)
		r := mustUpdate(t, options(path, mirror))
		if res := result(t, r, "Debian"); res.State != Updated {
			t.Errorf("round %d: %+v", round, res)
		}
		if diff := cmp.Diff([]string{"CVE-2020-1 5.0-5"}, fixedIn(t, path, "debian:10", "bash")); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
		if kept := r.Meta.Kept; len(kept) != 1 || kept[0].Namespace != "debian:10" || kept[0].Source != "osv/debian" {
			t.Errorf("round %d: kept %+v", round, kept)
		}
	}
}

func TestDelta(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 50)))
	mustUpdate(t, options(path, s.URL))
	now := time.Now().UTC()
	s.put(osvHost+"Debian/modified_id.csv", fmt.Appendf(nil, "%s,CVE-2024-1007\n%s,CVE-2024-9\n%s,CVE-2024-1008\n%s,CVE-2024-8\n",
		now.Format(time.RFC3339), now.Format(time.RFC3339), day1, now.Format(time.RFC3339)))
	s.put(osvHost+"Debian/CVE-2024-1007.json", []byte(osvRecord("CVE-2024-1007", "Debian:12", "other", "9", day2)))
	s.put(osvHost+"Debian/CVE-2024-9.json", []byte(osvRecord("CVE-2024-9", "Debian:12", "p9", "9", day2)))
	s.seen()
	r := mustUpdate(t, options(path, s.URL))
	if res := result(t, r, "Debian"); res.State != Changed {
		t.Errorf("%+v", res)
	}
	for _, got := range s.seen() {
		if strings.HasSuffix(got, "Debian/all.zip") {
			t.Error("the archive was downloaded")
		}
	}
	for _, c := range []struct {
		pkg  string
		want []string
	}{
		{"p7", nil}, {"other", []string{"CVE-2024-1007 9"}}, {"p8", []string{"CVE-2024-1008 1.0"}},
		{"p9", []string{"CVE-2024-9 9", "CVE-2024-1009 1.0"}},
	} {
		got := fixedIn(t, path, "debian:12", c.pkg)
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.pkg, diff)
		}
	}
}

func TestTwoUpdatesAtOnce(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 50)))
	inside, goOn := make(chan bool, 1), make(chan bool)
	s.hook = func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if strings.HasSuffix(r.URL.Path, ".zip") && r.Header.Get("If-None-Match") == "" {
			inside <- true
			<-goOn
		}
		return false
	}
	first := make(chan error)
	go func() {
		_, err := Update(context.Background(), options(path, s.URL))
		first <- err
	}()
	<-inside
	waiting := make(chan bool, 1)
	second := make(chan error)
	go func() {
		o := options(path, s.URL)
		o.Progress = func(p Progress) {
			if p.Step == StepWait {
				waiting <- true
			}
		}
		_, err := Update(context.Background(), o)
		second <- err
	}()
	<-waiting
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := Update(ctx, options(path, s.URL)); err == nil || !strings.Contains(err.Error(), "another update") {
		t.Errorf("third update: %v", err)
	}
	close(goOn)
	for _, c := range []chan error{first, second} {
		if err := <-c; err != nil {
			t.Error(err)
		}
	}
	if n := len(statements(t, path)); n != 50 {
		t.Errorf("%d statements", n)
	}
}

// TestDamagedDatabase: nothing is carried over from a database with a flipped
// bit, and a full update takes its place.
func TestDamagedDatabase(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	writeMirror(t, mirror, "Debian", manyRecords("Debian:12", 50))
	mustUpdate(t, options(path, mirror))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	o := options(path, mirror)
	if _, err := Update(context.Background(), o); !errors.Is(err, vulndb.ErrFormat) {
		t.Errorf("error %v", err)
	}
	o.Full = true
	if r := mustUpdate(t, o); !r.Replaced || len(statements(t, path)) != 50 {
		t.Errorf("%+v", r)
	}
}

func TestNothingToRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.db")
	if _, err := Update(context.Background(), options(path, t.TempDir())); err == nil || !strings.Contains(err.Error(), "no feed") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a database was written")
	}
	if _, err := Update(context.Background(), options(path, filepath.Join(t.TempDir(), "absent"))); err == nil || !strings.Contains(err.Error(), "absent") {
		t.Errorf("a mirror that is not there: %v", err)
	}
	o := options(path, filepath.Join(t.TempDir(), "absent"))
	o.Only = []string{"osv/npm"} // what was not asked for doesn't make up for it
	if _, err := Update(context.Background(), o); !errors.Is(err, ErrNothing) {
		t.Errorf("one source that fails: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("an empty database was written")
	}
}

// TestBadDocument: one unreadable record does not lose the others, nor what it
// said before.
func TestBadDocument(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	records := manyRecords("Debian:12", 50) // one in 51 is too many
	writeMirror(t, mirror, "Debian", records)
	mustUpdate(t, options(path, mirror))
	bad := append(slices.Clone(records), osvRecord("CVE-2023-1", "Debian:12", "new", "2", day1))
	bad[3] = `{"id":"CVE-2024-1003","affected":`
	writeMirror(t, mirror, "Debian", bad)
	res := result(t, mustUpdate(t, options(path, mirror)), "Debian")
	if res.State != Failed || !strings.Contains(fmt.Sprint(res.Err), "1 of 51 documents") {
		t.Errorf("%+v", res)
	}
	if n := len(statements(t, path)); n != 51 {
		t.Errorf("%d statements, want 51", n)
	}
}

// TestFewBadDocuments: an archive of which a few documents can't be read is an
// update all the same. What was known of exactly these stays, what else
// vanished goes.
func TestFewBadDocuments(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 400)))
	mustUpdate(t, options(path, s.URL))
	next := manyRecords("Debian:12", 400)[10:] // CVE-2024-1000 to 1009 are withdrawn without a trace
	next[0] = osvRecord("CVE-2024-1010", "Debian:12", "p10", "2.0", day2)
	content := zipOf(t, next)
	s.put(osvHost+"Debian/all.zip", breakEntries(t, content, "CVE-2024-1012.json", "CVE-2024-1013.json"))
	r := mustUpdate(t, options(path, s.URL))
	res := result(t, r, "Debian")
	if res.State != Updated || res.Err == nil || len(r.Failed()) != 0 || !strings.Contains(res.Err.Error(), "CVE-2024-1012") {
		t.Errorf("%+v", res)
	}
	for pkg, want := range map[string][]string{
		"p9": nil, "p10": {"CVE-2024-1010 2.0"}, "p12": {"CVE-2024-1012 1.0"}, "p13": {"CVE-2024-1013 1.0"},
	} {
		if diff := cmp.Diff(want, fixedIn(t, path, "debian:12", pkg)); diff != "" {
			t.Errorf("%s: %s", pkg, diff)
		}
	}
	if v, err := openDB(t, path).Vulnerability("CVE-2024-1013"); err != nil || v == nil || v.Title == "" {
		t.Errorf("description was not kept: %+v, %v", v, err)
	}
	source := openDB(t, path).Meta().Sources[0]
	if source.Error != "" || !strings.Contains(source.Unread, "2 of ") {
		t.Errorf("source: %+v", source)
	}
	s.put(osvHost+"Debian/all.zip", zipOf(t, next[4:]))
	if res := result(t, mustUpdate(t, options(path, s.URL)), "Debian"); res.State != Updated || res.Err != nil {
		t.Errorf("%+v", res)
	}
	if got := fixedIn(t, path, "debian:12", "p12"); got != nil || openDB(t, path).Meta().Sources[0].Unread != "" {
		t.Errorf("kept for ever: %v", got)
	}
}

// TestBadChange: of documents that are downloaded one by one, one that can't be
// read leaves its old version.
func TestBadChange(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 200)))
	mustUpdate(t, options(path, s.URL))
	now := time.Now().UTC().Format(time.RFC3339)
	s.put(osvHost+"Debian/modified_id.csv", fmt.Appendf(nil, "%s,CVE-2024-1007\n%s,CVE-2024-1008\n", now, now))
	s.put(osvHost+"Debian/CVE-2024-1007.json", []byte(osvRecord("CVE-2024-1007", "Debian:12", "other", "9", day2)))
	s.put(osvHost+"Debian/CVE-2024-1008.json", []byte(`{"id":"CVE-2024-1008","affected":`))
	r := mustUpdate(t, options(path, s.URL))
	if res := result(t, r, "Debian"); res.State != Changed || res.Err == nil {
		t.Errorf("%+v", res)
	}
	for pkg, want := range map[string][]string{"p7": nil, "other": {"CVE-2024-1007 9"}, "p8": {"CVE-2024-1008 1.0"}} {
		if diff := cmp.Diff(want, fixedIn(t, path, "debian:12", pkg)); diff != "" {
			t.Errorf("%s: %s", pkg, diff)
		}
	}
}

func TestDocumentID(t *testing.T) {
	line := func(s string) feed.Document { return feedtest.Document("a", "a.jsonl:7", s) }
	for _, c := range []struct {
		doc  feed.Document
		want string
	}{
		{feed.Document{Name: "2024/cve-2024-1.json"}, "cve-2024-1"},
		{line(`{"modified":"x","id":"GHSA-aaaa-bbbb-cccc","affected":[`), "GHSA-aaaa-bbbb-cccc"},
		{line(`{"bugzilla":{"id":"123"},"name":"CVE-2024-2","x":`), "CVE-2024-2"},
		{line(`{"candidate": "CVE-2024-3"`), "CVE-2024-3"},
		{line(`{"affected":[{"package":{"name":"bash"`), ""},
		{feed.Document{Name: "list", Body: strings.NewReader(`"id":"CVE-2024-4"`)}, ""},
	} {
		if got := documentID(c.doc); got != c.want {
			t.Errorf("%s: %q, want %q", c.doc.Name, got, c.want)
		}
	}
}

// TestSameRecordInTwoArchives: a record of several distributions is in the
// archive of each, and counts once.
func TestSameRecordInTwoArchives(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	both := osvRecord("CVE-2024-1", "Alpine:v3.19", "bash", "5.2-r1", day1)
	writeMirror(t, mirror, "Debian", append(manyRecords("Debian:12", 3), both))
	writeMirror(t, mirror, "Alpine", []string{both})
	mustUpdate(t, options(path, mirror))
	if diff := cmp.Diff([]string{"CVE-2024-1 5.2-r1"}, fixedIn(t, path, "alpine:3.19", "bash")); diff != "" {
		t.Error(diff)
	}
}

// TestHowNewDataIs: a mirror may be copied today and still hold old records.
func TestHowNewDataIs(t *testing.T) {
	mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
	records := append(manyRecords("Debian:12", 30), osvRecord("CVE-2024-7", "Debian:12", "p", "1", "2924-01-01T00:00:00Z"))
	undated := osvRecord("CVE-2021-1", "Alpine:v3.19", "p", "1", day1)
	writeMirror(t, mirror, "Debian", append(records, osvRecord("CVE-2024-8", "Alpine:v3.19", "x", "1", day2)))
	var old []string
	for i := range 20 {
		old = append(old, strings.ReplaceAll(strings.ReplaceAll(undated, day1, ""), "CVE-2021-1", fmt.Sprintf("CVE-2021-%d", i)))
	}
	writeMirror(t, mirror, "Alpine", old)
	mustUpdate(t, options(path, mirror))
	db := openDB(t, path)
	for _, s := range db.Meta().Sources {
		want, estimated := day2, false
		if s.Artifact == "Alpine" {
			want, estimated = "2021-12-31T00:00:00Z", true
		}
		if got := s.Newest.Format(time.RFC3339); got != want || s.Estimated != estimated {
			t.Errorf("%s: newest %s, estimated %v", s.Name(), got, s.Estimated)
		}
	}
	for namespace, want := range map[string]string{"debian:12": day2, "alpine:3.19": "2021-12-31T00:00:00Z"} {
		n, ok := db.Namespace(namespace)
		if got := n.Newest.Format(time.RFC3339); !ok || got != want || len(n.Sources) != 1 {
			t.Errorf("%s: newest %s of %v, want %s", namespace, got, n.Sources, want)
		}
	}
}

// TestSameInputSameBytes: the file does not depend on the order of documents.
func TestSameInputSameBytes(t *testing.T) {
	records := manyRecords("Debian:12", 200)
	for i := range 50 {
		records = append(records,
			fmt.Sprintf(`{"id":"GHSA-%d","modified":%q,"aliases":["CVE-2024-%d","GO-%d"],"summary":"b","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[{"package":{"ecosystem":"npm","name":"x%d"},"versions":["1","2"]}]}`, i, day1, 1000+i, i/2, i))
	}
	var first []byte
	for round := range 3 {
		mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
		slices.Reverse(records)
		writeMirror(t, mirror, "Debian", records)
		mustUpdate(t, options(path, mirror))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			first = b
		} else if string(first) != string(b) {
			t.Fatalf("round %d gave other bytes", round)
		}
	}
}

// TestFeeds checks what plan and carry rely on.
func TestFeeds(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range Feeds() {
		for _, a := range f.Artifacts() {
			name := f.Name() + "/" + a.Name
			if seen[name] || f.Name() == "" || a.Name == "" {
				t.Errorf("artifact %q is not unique", name)
			}
			seen[name] = true
			if a.URL == "" && a.Index == "" && len(a.Mirror) == 0 {
				t.Errorf("artifact %s has no place to come from", name)
			}
		}
	}
	var _ feed.Feed = osv.New()
}
