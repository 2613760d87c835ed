package scan

import "testing"

// A package's changelog and its licence file are two details of it: neither
// takes away what the other says.
func TestScanJoinsAllDetailsOfAPackage(t *testing.T) {
	layer := packLayer(t,
		file{"etc/os-release", osRelease},
		file{"var/lib/dpkg/status", status("curl 1.2-1+deb12u1")},
		file{"usr/share/doc/curl/changelog.Debian", "curl (1.2-1+deb12u1) bookworm; urgency=medium\n\n  * Fix CVE-2024-12345.\n\n -- A <a@example.org>  Thu, 06 Mar 2025 23:46:53 +0100\n"},
		file{"usr/share/doc/curl/copyright", "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: A\nLicense: MIT\n"},
	)
	res := scanImage(t, newImage("details", diffID, layer), Options{})
	if len(res.Inventory.Packages) != 1 {
		t.Fatalf("packages %v", packages(res))
	}
	p := res.Inventory.Packages[0]
	if p.FixedCVEs["CVE-2024-12345"] != "1.2-1+deb12u1" || len(p.Licenses) != 1 {
		t.Errorf("changelog %v, licences %v", p.FixedCVEs, p.Licenses)
	}
}
