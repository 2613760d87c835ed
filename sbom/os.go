package sbom

import (
	"cmp"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// os finds the operating system: a component that is one, or else what the
// package URLs of its packages say.
func (d *draft) os() *inventory.OS {
	for i := range d.entries {
		if e := &d.entries[i]; e.kind == "operating-system" && e.name != "" {
			return e.system()
		}
	}
	if d.root.kind == "operating-system" {
		return d.root.system()
	}
	for i := range d.entries {
		u, err := parsePURL(d.entries[i].purl)
		if err != nil || !system(u.typ) {
			continue
		}
		if os := fromDistro(u.qualifiers["distro"], u.namespace); os != nil {
			return os
		}
	}
	return nil
}

// system makes an operating system of a component.
func (e *entry) system() *inventory.OS {
	os := &inventory.OS{
		ID:        osID(cmp.Or(e.said("boltseal:os:id", "syft:distro:id"), e.name)),
		VersionID: cmp.Or(e.said("boltseal:os:versionId", "syft:distro:versionID"), e.version),
		Variant:   e.said("boltseal:os:variant", "syft:distro:variantID"),
		Pretty:    cmp.Or(e.said("boltseal:os:pretty", "syft:distro:prettyName"), e.about),
	}
	if like := e.said("boltseal:os:like", "syft:distro:idLike:0"); like != "" {
		os.Like = strings.Fields(like)
	}
	return os
}

// fromDistro reads the qualifier "distro", "debian-12" or "opensuse-leap-15.5",
// whose name ends before the first digit. Debian's codenames tell the ID only.
func fromDistro(distro, namespace string) *inventory.OS {
	name, version := distro, ""
	for i := 1; i+1 < len(distro); i++ {
		if distro[i] == '-' && distro[i+1] >= '0' && distro[i+1] <= '9' {
			name, version = distro[:i], distro[i+1:]
			break
		}
	}
	if version == "" && namespace != "" {
		name = namespace
	}
	if name == "" {
		return nil
	}
	return &inventory.OS{ID: osID(name), VersionID: version}
}

// families are the names that other tools use where os-release has another ID.
var families = map[string]string{
	"redhat": inventory.RHEL, "red hat enterprise linux": inventory.RHEL, "alma": inventory.Alma, "oracle": inventory.Oracle,
	"oraclelinux": inventory.Oracle, "amazon": inventory.Amazon, "amazonlinux": inventory.Amazon, "cbl-mariner": inventory.Mariner,
	"opensuse.leap": inventory.Leap, "opensuse.tumbleweed": inventory.Tumbleweed, "suse linux enterprise server": inventory.SLES,
	"rockylinux": inventory.Rocky, "azure linux": inventory.AzureLinux,
}

// osID is os-release's ID for what a document calls the system.
func osID(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	return cmp.Or(families[name], name)
}
