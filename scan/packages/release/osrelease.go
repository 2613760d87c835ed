package release

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// parseOSRelease reads os-release(5).
func parseOSRelease(text string) *inventory.OS {
	f := parseFields(text)
	os := &inventory.OS{
		ID:        strings.ToLower(f["ID"]),
		VersionID: f["VERSION_ID"],
		Pretty:    f["PRETTY_NAME"],
		Like:      strings.Fields(strings.ToLower(f["ID_LIKE"])),
		CPE:       f["CPE_NAME"],
	}
	if os.ID == "" {
		os.ID = idOf(cmp.Or(f["NAME"], f["PRETTY_NAME"]))
	}
	normalize(os, f)
	return os
}

// synonyms are IDs that a distribution used before or beside the one in package
// inventory.
var synonyms = map[string]string{
	"aliyun":            inventory.Alinux,
	"tlinux":            inventory.TencentOS,
	"tencent":           inventory.TencentOS,
	"redhat":            inventory.RHEL,
	"rhas":              inventory.RHEL,
	"alma":              inventory.Alma,
	"cbl-mariner":       inventory.Mariner,
	"suse-microos":      "sle-micro",
	"sle-micro-rancher": "sle-micro",
}

// normalize makes ID, VersionID and Variant what package inventory promises,
// where a distribution has its own way of saying it.
func normalize(os *inventory.OS, f fields) {
	if id, ok := synonyms[os.ID]; ok {
		os.ID = id
	}
	switch os.ID {
	case inventory.Debian:
		if os.VersionID == "" {
			debianByCodename(os, f["VERSION_CODENAME"])
		}
	case inventory.CentOS:
		if strings.Contains(f["NAME"]+os.Pretty, "Stream") {
			os.Variant = "Stream"
		}
	case inventory.OpenEuler, "euleros", "hce":
		os.Variant = servicePack(cmp.Or(f["VERSION"], os.Pretty))
	case inventory.Kylin:
		os.VersionID = strings.ToUpper(os.VersionID)
		os.Variant = kylinVariant(f["VERSION"] + " " + os.Pretty)
	case inventory.Bottlerock:
		os.Variant = f["VARIANT_ID"]
	case "opensuse":
		os.ID = openSUSE(f["NAME"]+" "+os.Pretty, os.VersionID)
	case "rhcos":
		if v := f["RHEL_VERSION"]; v != "" {
			os.ID, os.Variant, os.VersionID = inventory.RHEL, "CoreOS "+os.VersionID, v
		}
	}
}

// servicePackPattern finds "(LTS-SP1)", "LTS SP1" and "(SP8)".
var servicePackPattern = regexp.MustCompile(`\b(LTS(?:[ -]SP[0-9]+)?|SP[0-9]+)`)

// servicePack finds openEuler's and EulerOS's "LTS-SP1" or "SP8" at the end of
// a version text: "22.03 (LTS-SP1)". Innovation releases have none.
func servicePack(version string) string {
	return strings.ReplaceAll(servicePackPattern.FindString(version), " ", "-")
}

// kylinCodenames are the service packs of Kylin Linux Advanced Server V10,
// whose version is the same for all.
var kylinCodenames = map[string]string{
	"Tercel":  "SP1",
	"Sword":   "SP2",
	"Lance":   "SP3",
	"Halberd": "SP3-2403",
}

var (
	parenthesised = regexp.MustCompile(`\(([^()]+)\)`)
	plainSP       = regexp.MustCompile(`\bSP[0-9]+\b`)
)

// kylinVariant finds Kylin's service pack: written as such, or by codename.
func kylinVariant(version string) string {
	if sp := plainSP.FindString(version); sp != "" {
		return sp
	}
	if m := parenthesised.FindStringSubmatch(version); m != nil {
		return cmp.Or(kylinCodenames[m[1]], m[1])
	}
	return ""
}

// openSUSE tells Leap, Tumbleweed and the releases before both apart, which all
// had the ID "opensuse" at a time.
func openSUSE(name, version string) string {
	switch {
	case strings.Contains(name, "Tumbleweed"):
		return inventory.Tumbleweed
	case strings.Contains(name, "Leap"):
		return inventory.Leap
	case len(version) == 4 && version >= "42.1" && version < "44":
		return inventory.Leap
	}
	return "opensuse"
}

// debianReleases are the numbers of Debian's codenames, for images of testing,
// which carry none.
// Source: https://wiki.debian.org/DebianReleases.
var debianReleases = map[string]string{
	"wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11",
	"bookworm": "12", "trixie": "13", "forky": "14", "duke": "15",
}

// debianByCodename sets the version of Debian testing or unstable. Both say the
// codename of the next release.
func debianByCodename(os *inventory.OS, codename string) {
	codename, _, _ = strings.Cut(codename, "/")
	os.Variant = codename
	os.VersionID = cmp.Or(debianReleases[codename], "sid")
}
