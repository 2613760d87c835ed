package scan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/cache"
)

// However much an image names, what is remembered of it is bounded; what was
// read before is reported, the result is partial, and nothing is kept for
// later.
func TestScanRemembersNoMoreThanTheBudget(t *testing.T) {
	long := strings.Repeat("x", 3000)
	many := func(name func(i int) file) []file {
		files := []file{{"etc/os-release", osRelease}, {"var/lib/dpkg/status", status("bash 5.2")}}
		for i := range 2000 {
			files = append(files, name(i))
		}
		return files
	}
	for what, name := range map[string]func(i int) file{
		"symlinks": func(i int) file { return file{fmt.Sprint(i), "->" + long} },
		"packages": func(i int) file {
			return file{fmt.Sprintf("app/node_modules/p%d/package.json", i), fmt.Sprintf(`{"name":"p%d","version":"1.0.%s"}`, i, "0")}
		},
	} {
		c, err := cache.Open(t.TempDir(), 0)
		if err != nil {
			t.Fatal(err)
		}
		limits := image.DefaultLimits()
		limits.ResultBytes = 204_000
		im := newImage(what, diffID, packLayer(t, many(name)...))
		for range 2 {
			res := scanImage(t, im, Options{Limits: limits, Cache: c})
			if n := len(res.Inventory.Packages); n == 0 || n > 200 {
				t.Errorf("%s: %d packages", what, n)
			}
			if is := res.Inventory.Issues; len(is) != 1 || is[0].Kind != "limit" || !strings.Contains(is[0].Message, "--max-result") {
				t.Errorf("%s: issues %v", what, is)
			}
		}
		if im.reads[0] != 2 {
			t.Errorf("%s: the layer was read %d times; a partial result must not be kept", what, im.reads[0])
		}
	}
}

func TestScanReportsTheFirstOfManyProblems(t *testing.T) {
	var files []file
	for i := range maxIssues + 50 {
		files = append(files, file{fmt.Sprintf("app/node_modules/p%d/package.json", i), "{broken"})
	}
	res := scanImage(t, newImage("broken", diffID, packLayer(t, files...)), Options{})
	is := res.Inventory.Issues
	if len(is) != maxIssues+1 || !strings.HasPrefix(is[maxIssues].Message, "50 more") {
		t.Errorf("%d issues, the last %+v", len(is), is[len(is)-1])
	}
}

// TestScanKeepsWhatOneFileMayName has a lock file that names more packages than
// one file may: those up to the limit are kept, and the result is partial.
func TestScanKeepsWhatOneFileMayName(t *testing.T) {
	const text = "a==1\nb==1\nc==1\n"
	limits := image.DefaultLimits()
	limits.Packages = 2
	res := scanImage(t, newImage("many", diffID, packLayer(t, file{"app/requirements.txt", text})), Options{Limits: limits})
	if d := cmp.Diff([]string{"a 1 ", "b 1 "}, packages(res)); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
	if is := res.Inventory.Issues; len(is) != 1 || is[0].Kind != "limit" || is[0].File != "app/requirements.txt" {
		t.Errorf("issues: %+v", is)
	}
}
