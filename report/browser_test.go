package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The page in a real browser: its script runs under its own policy, and text
// from feeds and images stays text.
func TestHTMLInBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, write(t, "html", fixture(), Options{Lang: "en", All: true}), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--user-data-dir="+filepath.Join(t.TempDir(), "profile"), "--virtual-time-budget=2000", "--dump-dom", "file://"+file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dom := string(out)
	if !strings.Contains(dom, `aria-live="polite">7 / 9<`) {
		t.Error("the script did not filter the 9 findings to the 7 that count")
	}
	if strings.Contains(dom, "<img") || strings.Contains(dom, "javascript:") {
		t.Error("text became markup")
	}
	if strings.Count(dom, "<script") != 1 || strings.Count(dom, "<style") != 1 {
		t.Error("the page has other scripts or styles than its own")
	}
}

// Nothing in the page is loaded from elsewhere: only links lead away.
func TestHTMLIsSelfContained(t *testing.T) {
	page := string(write(t, "html", fixture(), Options{Lang: "en", All: true}))
	for _, tag := range []string{" src=", "<link", "<iframe", "<object", "<form", "@import", "url("} {
		// Hostile text is escaped: its own "src=" follows "&lt;img".
		if n := strings.Count(strings.ReplaceAll(page, "&lt;img src=", ""), tag); n > 0 {
			t.Errorf("the page has %d of %q", n, tag)
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Error("the page has no policy")
	}
}
