package release

import (
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// names are how distributions begin their name in release files, longer ones
// before those that they begin with.
var names = []struct{ prefix, id string }{
	{"Red Hat Enterprise Linux", inventory.RHEL},
	{"CentOS", inventory.CentOS},
	{"Rocky Linux", inventory.Rocky},
	{"AlmaLinux", inventory.Alma},
	{"Oracle Linux", inventory.Oracle},
	{"Enterprise Linux Enterprise Linux", inventory.Oracle},
	{"Amazon Linux", inventory.Amazon},
	{"Fedora", inventory.Fedora},
	{"SUSE Linux Enterprise", inventory.SLES},
	{"openSUSE", "opensuse"},
	{"VMware Photon", inventory.Photon},
	{"CBL-Mariner", inventory.Mariner},
	{"Common Base Linux Mariner", inventory.Mariner},
	{"Microsoft Azure Linux", inventory.AzureLinux},
	{"Azure Linux", inventory.AzureLinux},
	{"openEuler", inventory.OpenEuler},
	{"Huawei Cloud EulerOS", "hce"},
	{"EulerOS", "euleros"},
	{"Anolis OS", inventory.Anolis},
	{"Alibaba", inventory.Alinux},
	{"Aliyun", inventory.Alinux},
	{"NeoKylin", "neokylin"},
	{"Kylin", inventory.Kylin},
	{"Tencent", inventory.TencentOS},
	{"OpenCloudOS", inventory.OpenCloudOS},
	{"UnionTech OS", "uos"},
	{"Deepin", "deepin"},
	{"Scientific Linux", "scientific"},
	{"Ubuntu", inventory.Ubuntu},
	{"Debian", inventory.Debian},
	{"Raspbian", "raspbian"},
	{"Arch", "arch"},
}

// idOf gives the ID of a distribution by the beginning of its name, "" when
// the name is not known.
func idOf(name string) string {
	for _, n := range names {
		if len(name) >= len(n.prefix) && strings.EqualFold(name[:len(n.prefix)], n.prefix) {
			return n.id
		}
	}
	return ""
}

// versionPattern finds the version in "CentOS Linux release 7.9.2009 (Core)",
// "TencentOS Server 3.1 (Final)", "Kylin ... release V10 (Sword)".
var versionPattern = regexp.MustCompile(`(?:^|\s)(V?[0-9][0-9.]*)(\s*\([^()]*\))?`)

// parseLine reads a release file that is a sentence: name, version, and
// something in parentheses.
func parseLine(text string) *inventory.OS {
	pretty := strings.Join(strings.Fields(firstLines(text)), " ")
	os := &inventory.OS{ID: idOf(pretty), Pretty: pretty}
	m := versionPattern.FindStringSubmatch(pretty)
	if m != nil {
		os.VersionID = strings.TrimSuffix(m[1], ".")
		normalize(os, fields{"NAME": pretty, "VERSION": m[1] + m[2]})
	}
	return os
}

// firstLines is the first line, and the second where the version is in that
// (Kylin's .productinfo).
func firstLines(text string) string {
	text = strings.TrimSpace(text)
	line, rest, _ := strings.Cut(text, "\n")
	if strings.ContainsAny(line, "0123456789") {
		return line
	}
	second, _, _ := strings.Cut(rest, "\n")
	return line + " " + second
}

// parseSUSE reads SuSE-release, whose service pack is on a line of its own.
func parseSUSE(text string) *inventory.OS {
	os := parseLine(text)
	f := parseFields(text)
	if v := f["VERSION"]; v != "" {
		os.VersionID = v
	}
	if p := f["PATCHLEVEL"]; p != "" && p != "0" && !strings.Contains(os.VersionID, ".") {
		os.VersionID += "." + p
	}
	return os
}

// parseLSB reads lsb-release.
func parseLSB(text string) *inventory.OS {
	f := parseFields(text)
	name, pretty := f["DISTRIB_ID"], f["DISTRIB_DESCRIPTION"]
	os := &inventory.OS{ID: idOf(name), VersionID: f["DISTRIB_RELEASE"], Pretty: pretty}
	if os.ID == "" {
		os.ID = strings.ToLower(name)
	}
	normalize(os, fields{"NAME": name + " " + pretty, "VERSION_CODENAME": f["DISTRIB_CODENAME"]})
	return os
}

// parseAlpine reads alpine-release, which is the version alone: "3.19.1", or
// "3.20.0_alpha20240329" of the edge branch.
func parseAlpine(text string) *inventory.OS {
	version := strings.TrimSpace(text)
	if version == "" {
		return nil
	}
	return &inventory.OS{ID: inventory.Alpine, VersionID: version, Pretty: "Alpine Linux " + version}
}

// parseDebian reads debian_version: "12.4", or "trixie/sid" before a release.
// Derivatives keep the file, so that it ranks last.
func parseDebian(text string) *inventory.OS {
	version := strings.TrimSpace(text)
	if version == "" || strings.ContainsAny(version, " \n") {
		return nil
	}
	os := &inventory.OS{ID: inventory.Debian, VersionID: version, Pretty: "Debian GNU/Linux " + version}
	if version[0] < '0' || version[0] > '9' {
		debianByCodename(os, version)
	}
	return os
}
