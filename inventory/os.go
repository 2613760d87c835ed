package inventory

import "strings"

// OS is an operating system as os-release(5) or an older release file tells it.
type OS struct {
	// ID is os-release's ID in lower case: debian, ubuntu, alpine, rhel,
	// openEuler is "openeuler".
	ID string `json:"id"`
	// VersionID is os-release's VERSION_ID: "12", "22.04", "3.19.1", "9.4".
	VersionID string `json:"versionId,omitempty"`
	// Variant distinguishes service packs that VERSION_ID leaves out, for
	// example "LTS-SP1" of openEuler 22.03 or the codename of Debian testing.
	Variant string `json:"variant,omitempty"`
	// Pretty is os-release's PRETTY_NAME.
	Pretty string `json:"pretty,omitempty"`
	// Like is os-release's ID_LIKE.
	Like []string `json:"like,omitempty"`
	// CPE is os-release's CPE_NAME.
	CPE string `json:"cpe,omitempty"`
	// Path is the file that told it.
	Path string `json:"path,omitempty"`
}

// IDs of distributions under which os-release knows them. Unknown IDs stay as
// they are written.
const (
	Debian      = "debian"
	Ubuntu      = "ubuntu"
	Alpine      = "alpine"
	Wolfi       = "wolfi"
	Chainguard  = "chainguard"
	RHEL        = "rhel"
	CentOS      = "centos"
	Rocky       = "rocky"
	Alma        = "almalinux"
	Oracle      = "ol"
	Amazon      = "amzn"
	Fedora      = "fedora"
	SLES        = "sles"
	Leap        = "opensuse-leap"
	Tumbleweed  = "opensuse-tumbleweed"
	Photon      = "photon"
	AzureLinux  = "azurelinux"
	Mariner     = "mariner"
	Bottlerock  = "bottlerocket"
	OpenEuler   = "openeuler"
	Anolis      = "anolis"
	Alinux      = "alinux"
	Kylin       = "kylin"
	OpenCloudOS = "opencloudos"
	TencentOS   = "tencentos"
)

// Namespace is the key under which the vulnerability database keeps advisories
// for this operating system: "debian:12", "ubuntu:22.04", "alpine:3.19",
// "redhat:9" (also for CentOS, whose packages are rebuilt from it), "rocky:9",
// "openeuler:22.03-LTS-SP1". It is never empty for a known ID; whether any
// advisory is loaded under it is for the database to say.
func (o *OS) Namespace() string {
	v := o.VersionID
	switch o.ID {
	case RHEL, CentOS:
		return "redhat:" + major(v)
	case Rocky, Debian, Fedora, Anolis, Alinux, OpenCloudOS, TencentOS, "raspbian":
		return o.ID + ":" + major(v)
	case Alma:
		return "almalinux:" + major(v)
	case Oracle:
		return "oracle:" + major(v)
	case Amazon:
		if strings.HasPrefix(v, "201") { // "2018.03" is of Amazon Linux 1
			return "amazon:1"
		}
		return "amazon:" + major(v)
	case Alpine:
		if strings.Contains(v, "_alpha") { // "3.20.0_alpha20240329" is of edge
			return "alpine:edge"
		}
		return "alpine:" + majorMinor(v)
	case SLES, "sles_sap", "sled":
		return "sles:" + v
	case Tumbleweed, Wolfi, Chainguard, Bottlerock:
		return o.ID
	case AzureLinux, Mariner:
		return o.ID + ":" + majorMinor(v)
	case OpenEuler:
		if o.Variant != "" {
			return o.ID + ":" + v + "-" + o.Variant
		}
	}
	if v == "" {
		return o.ID
	}
	return o.ID + ":" + v
}

func major(v string) string {
	m, _, _ := strings.Cut(v, ".")
	return m
}

func majorMinor(v string) string {
	parts := strings.SplitN(v, ".", 3)
	if len(parts) < 2 {
		return v
	}
	return parts[0] + "." + parts[1]
}
