package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// browse opens a page in a real browser and returns its document once the
// scripts have run.
func browse(t *testing.T, page []byte) string {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+filepath.Join(t.TempDir(), "profile"), "--virtual-time-budget=3000", "--dump-dom", "file://"+file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// The page's script runs under its own policy, and text from feeds and images
// stays text.
func TestHTMLInBrowser(t *testing.T) {
	dom := browse(t, write(t, "html", fixture(), Options{Lang: "en", All: true}))
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

// Markup in every text that an image or a feed brings is neither parsed nor run:
// each attack would mark the document. The second page shows that the browser
// would run them if the text were not escaped and the policy not there.
func TestHTMLRunsNoHostileScript(t *testing.T) {
	const mark = `document.documentElement.setAttribute("owned","1")`
	for _, attack := range []string{
		"<script>" + mark + "</script>", "</script><script>" + mark + "</script>", "<svg onload='" + mark + "'>",
		`"><img src=x onerror='` + mark + `'>`, "</style><script>" + mark + "</script>", "--><script>" + mark + "</script>",
	} {
		r := manyFindings(2)
		r.Target.Name, r.Inventory.OS.Pretty, r.Target.Layers[0].CreatedBy = attack, attack, attack
		r.Inventory.Notes, r.Notices = []string{attack}, []Notice{{Key: "none", Text: attack}}
		f := &r.Findings[0]
		f.Title, f.FixedVersion, f.Evidence, f.Also, f.Location.Path = attack, attack, attack, []string{attack}, attack
		f.Package.Name, f.Package.Version, f.Package.PURL = attack, attack, attack
		f.Vulnerability.ID, f.Vulnerability.Description, f.Vulnerability.References = attack, attack, []string{"javascript:" + mark, "https://x/" + attack}
		page := string(write(t, "html", r, Options{Lang: "en", All: true}))
		if dom := browse(t, []byte(page)); strings.Contains(dom, "owned=") {
			t.Errorf("%q ran", attack)
		}
		if unsafe := "<!DOCTYPE html><title>x</title><style></style><script></script><!-- --><p title=\"" + attack + "\">" + attack; !strings.Contains(browse(t, []byte(unsafe)), "owned=") {
			t.Errorf("%q is no attack", attack)
		}
	}
}

// What a reader does with the page: group, search, sort, unfold, follow an
// upgrade. The driver runs where the policy has been taken out.
func TestHTMLWorks(t *testing.T) {
	const driver = `<script>
function $(s) { return document.querySelector(s); }
function seen() { return [].filter.call(document.querySelectorAll("tr.finding"), function (tr) { return !tr.hidden; }).map(function (tr) { return tr.dataset.id; }); }
var log = [];
$("#group").value = "place"; $("#group").dispatchEvent(new Event("change"));
log.push("groups " + document.querySelectorAll("tr.group").length);
$("#group").value = ""; $("#group").dispatchEvent(new Event("change"));
log.push("groups " + document.querySelectorAll("tr.group").length);
document.querySelector("th[data-sort=id]").click();
log.push("first " + seen()[0]);
$("#upgrades tr").click();
log.push("upgrade " + seen().join());
document.querySelector("tr.finding:not([hidden])").click();
log.push("open " + !document.querySelector("tr.finding:not([hidden])").nextElementSibling.hidden);
$("#search").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
document.querySelector("button[data-only=kev]").click();
log.push("exploited " + seen().join());
document.documentElement.setAttribute("log", log.join("; "));
</script>`
	page := string(write(t, "html", fixture(), Options{Lang: "en"}))
	start, end := strings.Index(page, `<meta http-equiv=`), strings.Index(page, `<meta name="viewport"`)
	page = page[:start] + page[end:] + driver
	want := `log="groups 4; groups 0; first CVE-2007-5686; upgrade CVE-2021-44228; open true; exploited CVE-2021-44228"`
	if dom := browse(t, []byte(page)); !strings.Contains(dom, want) {
		log := dom[strings.Index(dom, "<html"):]
		t.Errorf("want %s in %s", want, log[:min(len(log), 400)])
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
