package scan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
)

// elf is the head of a 64-bit shared object with section headers.
var elf = "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x03\x00" + strings.Repeat("\x00", 22) + "\x40" + strings.Repeat("\x00", 30)

// drifts scans with what looks at programs and lists "severity rule path".
func drifts(t *testing.T, blobs ...[]byte) (out []string) {
	t.Helper()
	threats := Threats{Kinds: []finding.Kind{finding.KindMalware}}
	res := scanImage(t, newImage("drift", diffID, blobs...), Options{Scanners: append(Packages(), threats.integrity()...)})
	for _, f := range res.Findings {
		out = append(out, strings.TrimSpace(f.Severity.String()+" "+f.Rule.ID+" "+f.Location.Path+" "+string(f.Presence)))
	}
	return out
}

// A later layer's file is compared with the package of a lower one; what no
// package owns is told per directory, what is odd by itself.
func TestDrift(t *testing.T) {
	base := packLayer(t,
		file{"etc/os-release", osRelease},
		file{"bin", "->usr/bin"},
		file{"usr/bin/ls", "one"}, file{"usr/bin/cat", "two"},
		file{"var/lib/dpkg/status", status("coreutils 9.1-1")},
		file{"var/lib/dpkg/info/coreutils.list", "/bin/ls\n/bin/cat\n"},
		file{"var/lib/dpkg/info/coreutils.md5sums", "f97c5d29941bfb1b2fdab0874906ab82  bin/ls\nb8a9f715dbb64fd5c56e7783c6820a61  bin/cat\n"},
		file{"tmp/left", elf},
	)
	if got := drifts(t, base); len(got) != 1 {
		t.Errorf("as the package has it: %v", got)
	}
	later := packLayer(t,
		file{"usr/bin/ls", "changed"}, file{"tmp/.wh.left", ""},
		file{"opt/app/a", elf}, file{"opt/app/b/c", elf}, file{"usr/bin/tool", elf},
		file{"usr/lib/security/pam_x.so", elf}, file{"usr/share/.z/x", elf}, file{"app/node_modules/a/a.node", elf},
	)
	want := []string{
		"high integrity/changed-file usr/bin/ls",
		"medium integrity/odd-program tmp/left deleted",
		"medium integrity/unowned-library usr/lib/security/pam_x.so",
		"medium integrity/hidden-program usr/share/.z/x",
		"low integrity/unowned-program usr/bin",
		"negligible integrity/unowned-program opt/app",
	}
	if d := cmp.Diff(want, drifts(t, base, later)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An image without packages has no programs that packages do not own.
func TestDriftWithoutPackages(t *testing.T) {
	if got := drifts(t, packLayer(t, file{"app", elf})); got != nil {
		t.Errorf("findings %v", got)
	}
}
