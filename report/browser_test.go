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
	if !strings.Contains(dom, `aria-live="polite">10 / 12<`) {
		t.Error("the script did not filter the 12 findings to the 10 that count")
	}
	if strings.Contains(dom, "<img") || strings.Contains(dom, "javascript:") {
		t.Error("text became markup")
	}
	if strings.Count(dom, "<script>") != 1 || strings.Count(dom, "<script") != 2 || strings.Count(dom, "<style") != 1 {
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
		page := write(t, "html", r, Options{Lang: "en", All: true})
		if dom := browse(t, page); strings.Contains(dom, "owned=") {
			t.Errorf("%q ran", attack)
		}
		unfolded := browse(t, []byte(driven(page, `document.querySelectorAll("tr.finding").forEach(function (tr) { tr.click(); });`)))
		if strings.Contains(unfolded, "owned=") || strings.Count(unfolded, `<tr class="detail">`) != len(r.Findings) {
			t.Errorf("%q ran without the policy, or nothing unfolded", attack)
		}
		if unsafe := "<!DOCTYPE html><title>x</title><style></style><script></script><!-- --><p title=\"" + attack + "\">" + attack; !strings.Contains(browse(t, []byte(unsafe)), "owned=") {
			t.Errorf("%q is no attack", attack)
		}
	}
}

// driven takes the policy out of a page and adds a script to it.
func driven(page []byte, script string) string {
	before, rest, _ := strings.Cut(string(page), `<meta http-equiv=`)
	_, after, _ := strings.Cut(rest, ">")
	return before + after + "<script>" + script + "</script>"
}

// What a reader does with the page: group, search, sort, unfold, follow an
// upgrade. The driver runs where the policy has been taken out.
func TestHTMLWorks(t *testing.T) {
	const driver = `
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
log.push("open " + document.querySelector("tr.detail dd").textContent.slice(0, 13));
$("#search").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
document.querySelector("button[data-only=kev]").click();
log.push("exploited " + seen().join());
document.documentElement.setAttribute("log", log.join("; "));`
	page := driven(write(t, "html", fixture(), Options{Lang: "en"}), driver)
	want := `log="groups 7; groups 0; first config/root-user; upgrade CVE-2021-44228; open JNDI features; exploited CVE-2021-44228"`
	if dom := browse(t, []byte(page)); !strings.Contains(dom, want) {
		log := dom[strings.Index(dom, "<html"):]
		t.Errorf("want %s in %s", want, log[:min(len(log), 400)])
	}
}

// A page of many findings makes rows as they are wanted: the first ones, more,
// and all of them for paper.
func TestHTMLShowsManyFindings(t *testing.T) {
	const driver = `
function rows() { return document.querySelectorAll("tr.finding").length; }
var log = [rows()], more = document.querySelector("#more");
more.click(); log.push(rows(), more.hidden);
more.click(); log.push(rows(), more.hidden);
document.querySelector("th[data-sort=name]").click(); log.push(rows());
dispatchEvent(new Event("beforeprint")); log.push(rows());
dispatchEvent(new Event("afterprint")); log.push(rows());
document.documentElement.setAttribute("log", log.join());`
	dom := browse(t, []byte(driven(write(t, "html", manyFindings(450), Options{Lang: "en"}), driver)))
	if want := `log="200,400,false,450,true,200,450,200"`; !strings.Contains(dom, want) {
		log := dom[strings.Index(dom, "<html"):]
		t.Errorf("want %s in %s", want, log[:min(len(log), 400)])
	}
}

// The data of a large page are packed, which a browser unpacks under the policy.
func TestHTMLUnpacksLargePages(t *testing.T) {
	r := large(5000)
	page := write(t, "html", r, Options{Lang: "en"})
	if !strings.Contains(string(page), `id="data">"H4sI`) {
		t.Fatal("the data are not packed")
	}
	if dom := browse(t, page); !strings.Contains(dom, `aria-live="polite">5000 / 5000<`) || strings.Count(dom, `<tr class="finding"`) != 200 {
		t.Error("the browser did not show the first 200 of 5,000 findings")
	}
}

// What findings have in common is in the page once.
func TestHTMLSharesText(t *testing.T) {
	r := manyFindings(450)
	shared := "the same description of every finding"
	for i := range r.Findings {
		v := *r.Findings[0].Vulnerability
		v.Description = shared
		r.Findings[i].Vulnerability, r.Findings[i].Title = &v, r.Findings[0].Title
	}
	page := string(write(t, "html", r, Options{Lang: "en"}))
	if n := strings.Count(page, shared); n != 1 {
		t.Errorf("the description is there %d times", n)
	}
	if n := strings.Count(page, `<tr class="finding"`); n != rowsWithoutScript {
		t.Errorf("%d rows without the script, want %d", n, rowsWithoutScript)
	}
}

// Nothing in the page is loaded from elsewhere: only links lead away.
func TestHTMLIsSelfContained(t *testing.T) {
	page := string(write(t, "html", fixture(), Options{Lang: "en", All: true}))
	for _, tag := range []string{" src=", "<link", "<iframe", "<object", "<form", "@import", "url("} {
		// Hostile text is escaped: its own "src=" follows "&lt;img", or "\u003cimg" in the data.
		if n := strings.Count(strings.NewReplacer("&lt;img src=", "", `\u003cimg src=`, "").Replace(page), tag); n > 0 {
			t.Errorf("the page has %d of %q", n, tag)
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Error("the page has no policy")
	}
}
