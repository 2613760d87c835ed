package release

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// scan runs the scanner over one file.
func scan(t *testing.T, path, text string) *inventory.OS {
	t.Helper()
	e := image.Entry{Path: path, Type: image.File, Size: int64(len(text))}
	if !New().Wants(&e, []byte(text)) {
		t.Fatalf("does not want %s", path)
	}
	res, err := New().Scan(context.Background(), &scanner.File{
		Entry: e, Content: strings.NewReader(text), Data: []byte(text), Limits: image.DefaultLimits(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return res.OS
}

// The texts are what the distributions ship, without the lines that nothing
// here reads (home pages, colours).
func TestOSRelease(t *testing.T) {
	for _, tc := range []struct {
		name, text                       string
		id, version, variant, wantedName string
	}{
		{"debian 12", `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian`, "debian", "12", "", "debian:12"},
		{"debian testing", `PRETTY_NAME="Debian GNU/Linux trixie/sid"
NAME="Debian GNU/Linux"
VERSION_CODENAME=trixie
ID=debian`, "debian", "13", "trixie", "debian:13"},
		{"debian of the future", `PRETTY_NAME="Debian GNU/Linux zurg/sid"
NAME="Debian GNU/Linux"
VERSION_CODENAME=zurg
ID=debian`, "debian", "sid", "zurg", "debian:sid"},
		{"distroless", `PRETTY_NAME="Distroless"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="12"
VERSION="Debian GNU/Linux 12 (bookworm)"`, "debian", "12", "", "debian:12"},
		{"raspbian", `PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"
NAME="Raspbian GNU/Linux"
VERSION_ID="11"
ID=raspbian
ID_LIKE=debian`, "raspbian", "11", "", "raspbian:11"},
		{"kali", `PRETTY_NAME="Kali GNU/Linux Rolling"
NAME="Kali GNU/Linux"
VERSION_ID="2023.4"
VERSION_CODENAME=kali-rolling
ID=kali
ID_LIKE=debian`, "kali", "2023.4", "", "kali:2023.4"},
		{"ubuntu", `PRETTY_NAME="Ubuntu 22.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="22.04"
VERSION="22.04.3 LTS (Jammy Jellyfish)"
VERSION_CODENAME=jammy
ID=ubuntu
ID_LIKE=debian`, "ubuntu", "22.04", "", "ubuntu:22.04"},
		{"alpine", `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.19.1
PRETTY_NAME="Alpine Linux v3.19"`, "alpine", "3.19.1", "", "alpine:3.19"},
		{"alpine edge", `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.20.0_alpha20240329
PRETTY_NAME="Alpine Linux edge"`, "alpine", "3.20.0_alpha20240329", "", "alpine:edge"},
		{"wolfi", `ID=wolfi
NAME="Wolfi"
PRETTY_NAME="Wolfi"
VERSION_ID="20230201"`, "wolfi", "20230201", "", "wolfi"},
		{"chainguard", `ID=chainguard
NAME="chainguard"
PRETTY_NAME="chainguard"
VERSION_ID="20230214"`, "chainguard", "20230214", "", "chainguard"},
		{"ubi 9", `NAME="Red Hat Enterprise Linux"
VERSION="9.3 (Plow)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="9.3"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Red Hat Enterprise Linux 9.3 (Plow)"
CPE_NAME="cpe:/o:redhat:enterprise_linux:9::baseos"`, "rhel", "9.3", "", "redhat:9"},
		{"coreos", `NAME="Red Hat Enterprise Linux CoreOS"
ID="rhcos"
ID_LIKE="rhel fedora"
VERSION="414.92.202310210434-0"
VERSION_ID="4.14"
OPENSHIFT_VERSION="4.14"
RHEL_VERSION="9.2"`, "rhel", "9.2", "CoreOS 4.14", "redhat:9"},
		{"centos 7", `NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"`, "centos", "7", "", "redhat:7"},
		{"centos stream", `NAME="CentOS Stream"
VERSION="9"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="9"
PRETTY_NAME="CentOS Stream 9"`, "centos", "9", "Stream", "redhat:9"},
		{"rocky", `NAME="Rocky Linux"
VERSION="8.9 (Green Obsidian)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="8.9"`, "rocky", "8.9", "", "rocky:8"},
		{"alma", `NAME="AlmaLinux"
VERSION="9.3 (Shamrock Pampas Cat)"
ID="almalinux"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.3"`, "almalinux", "9.3", "", "almalinux:9"},
		{"oracle", `NAME="Oracle Linux Server"
VERSION="8.9"
ID="ol"
ID_LIKE="fedora"
VARIANT="Server"
VARIANT_ID="server"
VERSION_ID="8.9"`, "ol", "8.9", "", "oracle:8"},
		{"amazon 1", `NAME="Amazon Linux AMI"
VERSION="2018.03"
ID="amzn"
ID_LIKE="rhel fedora"
VERSION_ID="2018.03"`, "amzn", "2018.03", "", "amazon:1"},
		{"amazon 2", `NAME="Amazon Linux"
VERSION="2"
ID="amzn"
ID_LIKE="centos rhel fedora"
VERSION_ID="2"`, "amzn", "2", "", "amazon:2"},
		{"amazon 2023", `NAME="Amazon Linux"
VERSION="2023"
ID="amzn"
ID_LIKE="fedora"
VERSION_ID="2023"
PLATFORM_ID="platform:al2023"`, "amzn", "2023", "", "amazon:2023"},
		{"fedora", `NAME="Fedora Linux"
VERSION="39 (Container Image)"
ID=fedora
VERSION_ID=39
VARIANT_ID=container`, "fedora", "39", "", "fedora:39"},
		{"sles", `NAME="SLES"
VERSION="15-SP5"
VERSION_ID="15.5"
PRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"
ID="sles"
ID_LIKE="suse"
CPE_NAME="cpe:/o:suse:sles:15:sp5"`, "sles", "15.5", "", "sles:15.5"},
		{"leap", `NAME="openSUSE Leap"
VERSION="15.5"
ID="opensuse-leap"
ID_LIKE="suse opensuse"
VERSION_ID="15.5"`, "opensuse-leap", "15.5", "", "opensuse-leap:15.5"},
		{"leap 42", `NAME="openSUSE Leap"
VERSION="42.3"
ID=opensuse
ID_LIKE="suse"
VERSION_ID="42.3"`, "opensuse-leap", "42.3", "", "opensuse-leap:42.3"},
		{"opensuse 13", `NAME=openSUSE
VERSION="13.2 (Harlequin)"
VERSION_ID="13.2"
PRETTY_NAME="openSUSE 13.2 (Harlequin) (x86_64)"
ID=opensuse`, "opensuse", "13.2", "", "opensuse:13.2"},
		{"tumbleweed", `NAME="openSUSE Tumbleweed"
ID="opensuse-tumbleweed"
ID_LIKE="opensuse suse"
VERSION_ID="20240101"`, "opensuse-tumbleweed", "20240101", "", "opensuse-tumbleweed"},
		{"micro 5.1", `NAME="SLE Micro"
VERSION="5.1"
VERSION_ID="5.1"
PRETTY_NAME="SUSE Linux Enterprise Micro 5.1"
ID="suse-microos"
ID_LIKE="suse"`, "sle-micro", "5.1", "", "sle-micro:5.1"},
		{"micro 6", `NAME="SL-Micro"
VERSION="6.0"
VERSION_ID="6.0"
PRETTY_NAME="SUSE Linux Micro 6.0"
ID="sl-micro"
ID_LIKE="suse"`, "sl-micro", "6.0", "", "sl-micro:6.0"},
		{"photon", `NAME="VMware Photon OS"
VERSION="4.0"
ID=photon
VERSION_ID=4.0
PRETTY_NAME="VMware Photon OS/Linux"`, "photon", "4.0", "", "photon:4.0"},
		{"mariner", `NAME="Common Base Linux Mariner"
VERSION="2.0.20230407"
ID=mariner
VERSION_ID="2.0"
PRETTY_NAME="CBL-Mariner/Linux"`, "mariner", "2.0", "", "mariner:2.0"},
		{"azure linux", `NAME="Microsoft Azure Linux"
VERSION="3.0.20240727"
ID=azurelinux
VERSION_ID="3.0"
PRETTY_NAME="Microsoft Azure Linux 3.0"`, "azurelinux", "3.0", "", "azurelinux:3.0"},
		{"bottlerocket", `NAME=Bottlerocket
ID=bottlerocket
VERSION="1.19.2 (aws-k8s-1.28)"
PRETTY_NAME="Bottlerocket OS 1.19.2 (aws-k8s-1.28)"
VARIANT_ID=aws-k8s-1.28
VERSION_ID=1.19.2`, "bottlerocket", "1.19.2", "aws-k8s-1.28", "bottlerocket"},
		{"openEuler lts", `NAME="openEuler"
VERSION="22.03 LTS"
ID="openEuler"
VERSION_ID="22.03"
PRETTY_NAME="openEuler 22.03 LTS"`, "openeuler", "22.03", "LTS", "openeuler:22.03-LTS"},
		{"openEuler sp", `NAME="openEuler"
VERSION="22.03 (LTS-SP1)"
ID="openEuler"
VERSION_ID="22.03"
PRETTY_NAME="openEuler 22.03 (LTS-SP1)"`, "openeuler", "22.03", "LTS-SP1", "openeuler:22.03-LTS-SP1"},
		{"openEuler innovation", `NAME="openEuler"
VERSION="23.09"
ID="openEuler"
VERSION_ID="23.09"
PRETTY_NAME="openEuler 23.09"`, "openeuler", "23.09", "", "openeuler:23.09"},
		{"EulerOS", `NAME="EulerOS"
VERSION="2.0 (SP8)"
ID="euleros"
ID_LIKE="rhel fedora centos"
VERSION_ID="2.0"`, "euleros", "2.0", "SP8", "euleros:2.0"},
		{"anolis", `NAME="Anolis OS"
VERSION="8.8"
ID="anolis"
ID_LIKE="rhel fedora centos"
VERSION_ID="8.8"
PLATFORM_ID="platform:an8"`, "anolis", "8.8", "", "anolis:8"},
		{"alinux 3", `NAME="Alibaba Cloud Linux"
VERSION="3 (Soaring Falcon)"
ID="alinux"
ID_LIKE="rhel fedora centos anolis"
VERSION_ID="3"
UPDATE_ID="9"`, "alinux", "3", "", "alinux:3"},
		{"alinux 2", `NAME="Alibaba Cloud Linux (Aliyun Linux)"
VERSION="2.1903 LTS (Hunting Beagle)"
ID="alinux"
VERSION_ID="2.1903"`, "alinux", "2.1903", "", "alinux:2"},
		{"kylin sp2", `NAME="Kylin Linux Advanced Server"
VERSION="V10 (Sword)"
ID="kylin"
VERSION_ID="V10"
PRETTY_NAME="Kylin Linux Advanced Server V10 (Sword)"`, "kylin", "V10", "SP2", "kylin:V10"},
		{"kylin desktop", `NAME="Kylin"
VERSION="银河麒麟桌面操作系统V10 (SP1)"
ID=kylin
ID_LIKE=debian
PRETTY_NAME="Kylin V10 SP1"
VERSION_ID="v10"
PROJECT_CODENAME=V10SP1`, "kylin", "V10", "SP1", "kylin:V10"},
		{"opencloudos", `NAME="OpenCloudOS"
VERSION="8.8"
ID="opencloudos"
ID_LIKE="rhel fedora"
VERSION_ID="8.8"`, "opencloudos", "8.8", "", "opencloudos:8"},
		{"tencentos", `NAME="TencentOS Server"
VERSION="3.1 (Final)"
ID="tencentos"
ID_LIKE="rhel fedora centos"
VERSION_ID="3.1"`, "tencentos", "3.1", "", "tencentos:3"},
		{"tlinux", `NAME="Tencent tlinux"
VERSION="2.2 (Final)"
ID="tlinux"
ID_LIKE="rhel fedora"
VERSION_ID="2.2"`, "tencentos", "2.2", "", "tencentos:2"},
		{"uos", `PRETTY_NAME="UnionTech OS Server 20"
NAME="UnionTech OS Server 20"
VERSION_ID="20"
VERSION="20"
ID=uos`, "uos", "20", "", "uos:20"},
		{"deepin", `PRETTY_NAME="Deepin 20.9"
NAME="Deepin"
VERSION_ID="20.9"
VERSION="20.9"
ID=Deepin`, "deepin", "20.9", "", "deepin:20.9"},
		{"arch", `NAME="Arch Linux"
PRETTY_NAME="Arch Linux"
ID=arch
BUILD_ID=rolling
VERSION_ID=20240101.0.204074`, "arch", "20240101.0.204074", "", "arch:20240101.0.204074"},
		{"no id", `NAME="Rocky Linux"
VERSION_ID='9.1'`, "rocky", "9.1", "", "rocky:9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			os := scan(t, "etc/os-release", tc.text+"\n")
			got := []string{os.ID, os.VersionID, os.Variant, os.Namespace()}
			if d := cmp.Diff([]string{tc.id, tc.version, tc.variant, tc.wantedName}, got); d != "" {
				t.Errorf("id, version, variant, namespace (-want +got):\n%s", d)
			}
		})
	}
}

func TestOSReleaseWhole(t *testing.T) {
	const text = "# a comment\nID=\"Rocky\"\nID_LIKE=\"rhel centos Fedora\"\nVERSION_ID=8.9\n" +
		"PRETTY_NAME=\"a \\\"quoted\\\" \\$name\" # note\nCPE_NAME='cpe:/o:rocky:rocky:8:GA'\n"
	want := &inventory.OS{
		ID: "rocky", VersionID: "8.9", Pretty: `a "quoted" $name`, Like: []string{"rhel", "centos", "fedora"},
		CPE: "cpe:/o:rocky:rocky:8:GA", Path: "rootfs/usr/lib/os-release",
	}
	if d := cmp.Diff(want, scan(t, "rootfs/usr/lib/os-release", text)); d != "" {
		t.Errorf("OS (-want +got):\n%s", d)
	}
}

func TestOlderFiles(t *testing.T) {
	for _, tc := range []struct{ path, text, id, version, variant string }{
		{"etc/debian_version", "12.4\n", "debian", "12.4", ""},
		{"etc/debian_version", "trixie/sid\n", "debian", "13", "trixie"},
		{"etc/alpine-release", "3.19.1\n", "alpine", "3.19.1", ""},
		{"etc/redhat-release", "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n", "rhel", "6.10", ""},
		{"etc/redhat-release", "CentOS release 6.10 (Final)\n", "centos", "6.10", ""},
		{"etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n", "centos", "7.9.2009", ""},
		{"etc/centos-release", "CentOS Stream release 9\n", "centos", "9", "Stream"},
		{"etc/rocky-release", "Rocky Linux release 8.9 (Green Obsidian)\n", "rocky", "8.9", ""},
		{"etc/almalinux-release", "AlmaLinux release 9.3 (Shamrock Pampas Cat)\n", "almalinux", "9.3", ""},
		{"etc/oracle-release", "Oracle Linux Server release 7.9\n", "ol", "7.9", ""},
		{"etc/redhat-release", "Enterprise Linux Enterprise Linux Server release 5.11 (Carthage)\n", "ol", "5.11", ""},
		{"etc/system-release", "Amazon Linux AMI release 2018.03\n", "amzn", "2018.03", ""},
		{"etc/system-release", "Amazon Linux release 2 (Karoo)\n", "amzn", "2", ""},
		{"etc/fedora-release", "Fedora release 39 (Thirty Nine)\n", "fedora", "39", ""},
		{"etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n", "sles", "11.4", ""},
		{"etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 0\n", "sles", "12", ""},
		{"etc/SuSE-release", "openSUSE 42.1 (x86_64)\nVERSION = 42.1\nCODENAME = Malachite\n", "opensuse-leap", "42.1", ""},
		{"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\nDISTRIB_DESCRIPTION=\"Ubuntu 14.04.6 LTS\"\n", "ubuntu", "14.04", ""},
		{"etc/lsb-release", "DISTRIB_ID=\"VMware Photon\"\nDISTRIB_RELEASE=\"1.0\"\n", "photon", "1.0", ""},
		{"etc/lsb-release", "DISTRIB_ID=LinuxMint\nDISTRIB_RELEASE=21\n", "linuxmint", "21", ""},
		{"etc/photon-release", "VMware Photon OS 4.0\nPHOTON_BUILD_NUMBER=526e688\n", "photon", "4.0", ""},
		{"etc/mariner-release", "CBL-Mariner 2.0.20230407\nMARINER_BUILD_NUMBER=48baf2b\n", "mariner", "2.0.20230407", ""},
		{"etc/azurelinux-release", "Microsoft Azure Linux 3.0.20240727\nAZURELINUX_BUILD_NUMBER=ca2a34f\n", "azurelinux", "3.0.20240727", ""},
		{"etc/openEuler-release", "openEuler release 20.03 (LTS-SP3)\n", "openeuler", "20.03", "LTS-SP3"},
		{"etc/euleros-release", "EulerOS release 2.0 (SP5)\n", "euleros", "2.0", "SP5"},
		{"etc/anolis-release", "Anolis OS release 8.8\n", "anolis", "8.8", ""},
		{"etc/alinux-release", "Alibaba Cloud Linux release 3 (Soaring Falcon)\n", "alinux", "3", ""},
		{"etc/kylin-release", "Kylin Linux Advanced Server release V10 (Lance)\n", "kylin", "V10", "SP3"},
		{"etc/.productinfo", "Kylin Linux Advanced Server\nrelease V10 (SP3) /(Lance)-x86_64-Build23/20230324\n", "kylin", "V10", "SP3"},
		{"etc/tencentos-release", "TencentOS Server 3.1 (Final)\n", "tencentos", "3.1", ""},
		{"etc/opencloudos-release", "OpenCloudOS release 8.8\n", "opencloudos", "8.8", ""},
	} {
		os := scan(t, tc.path, tc.text)
		if os == nil {
			t.Errorf("%s %q: no OS", tc.path, tc.text)
			continue
		}
		got := []string{os.ID, os.VersionID, os.Variant, os.Path}
		if d := cmp.Diff([]string{tc.id, tc.version, tc.variant, tc.path}, got); d != "" {
			t.Errorf("%s %q: id, version, variant, path (-want +got):\n%s", tc.path, tc.text, d)
		}
	}
}

func TestNoOS(t *testing.T) {
	for _, path := range []string{"etc/os-release", "etc/redhat-release", "etc/debian_version", "etc/alpine-release", "etc/lsb-release"} {
		if os := scan(t, path, ""); os != nil {
			t.Errorf("%s: empty file tells %v", path, os)
		}
	}
	if os := scan(t, "etc/debian_version", "this is\nno version"); os != nil {
		t.Errorf("a text tells %v", os)
	}
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{
		"etc/os-release":               true,
		"usr/lib/os-release":           true,
		"srv/chroot/etc/os-release":    true,
		"etc/os-release.d/x":           false,
		"etc/initrd-release":           false,
		"etc/apt/sources.list":         false,
		"usr/share/os-release":         false,
		"etc/debian_version":           true,
		"opt/app/etc/.productinfo":     true,
		"proc/sys/kernel/osrelease":    false,
		"usr/share/doc/debian_version": false,
	} {
		if got := New().Wants(&image.Entry{Path: path}, nil); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestRank(t *testing.T) {
	inOrder := []string{
		"etc/os-release", "usr/lib/os-release", "etc/oracle-release", "etc/centos-release",
		"etc/redhat-release", "etc/lsb-release", "etc/debian_version", "etc/passwd",
	}
	for i := 1; i < len(inOrder); i++ {
		if Rank(inOrder[i-1]) >= Rank(inOrder[i]) {
			t.Errorf("Rank(%q) is not below Rank(%q)", inOrder[i-1], inOrder[i])
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(0, "ID=\"debian\"\nVERSION_ID=12\n")
	f.Add(4, "Oracle Linux Server release 7.9\n")
	f.Add(22, "openSUSE 42.1 (x86_64)\nVERSION = 42.1\n")
	f.Add(len(files)-1, "trixie/sid\n")
	f.Fuzz(func(t *testing.T, i int, text string) {
		if i < 0 || i >= len(files) {
			return
		}
		if os := files[i].parse(text); os != nil {
			os.Namespace()
		}
	})
}

func BenchmarkWants(b *testing.B) {
	e := &image.Entry{Path: "usr/share/doc/libfoo-release/changelog.Debian.gz"}
	s := New()
	for b.Loop() {
		s.Wants(e, nil)
	}
}

func BenchmarkScan(b *testing.B) {
	text := []byte("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n" +
		"VERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n")
	f := &scanner.File{
		Entry:   image.Entry{Path: "etc/os-release", Size: int64(len(text))},
		Content: strings.NewReader(string(text)), Data: text, Limits: image.DefaultLimits(),
	}
	for b.Loop() {
		if res, err := New().Scan(b.Context(), f); err != nil || res.OS == nil {
			b.Fatal(res, err)
		}
	}
}
