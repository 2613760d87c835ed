package redhat

import "strings"

// extended maps the products with a longer life to the first part of their
// namespace. Their updates are for one minor release: "redhat-eus:9.2".
var extended = map[string]string{
	"rhel_eus": "redhat-eus", "rhel_aus": "redhat-aus", "rhel_tus": "redhat-tus", "rhel_e4s": "redhat-e4s",
	"rhel_els": "redhat-els", "rhel_eus_long_life": "redhat-eus",
}

// apart are the variants of Enterprise Linux that are products of their own,
// with other builds of packages that have the same names.
var apart = map[string]bool{"hypervisor": true, "hypervisor_power": true, "fastdatapath": true}

// Namespace is where a product's packages go, by its CPE, and "" for products that
// are left out:
//
//	cpe:/a:redhat:enterprise_linux:8::appstream     redhat:8
//	cpe:/a:redhat:rhel_eus:9.2::baseos              redhat-eus:9.2
//	cpe:/a:redhat:rhel_extras:6                     redhat:6
//	cpe:/a:redhat:rhel_software_collections:3::el7  redhat:7
//
// The packages of extras and software collections have names of their own.
// Source: CPE 2.2 URI binding, fields part:vendor:product:version:update:edition.
func Namespace(cpe string) string {
	f := strings.Split(cpe, ":")
	if len(f) < 5 || f[2] != "redhat" {
		return ""
	}
	product, version, variant := f[3], f[4], ""
	if len(f) > 6 {
		variant = f[6]
	}
	major, _, _ := strings.Cut(version, ".")
	if !isNumber(major) {
		return ""
	}
	switch {
	case product == "enterprise_linux" && !apart[variant], strings.HasPrefix(product, "rhel_extras"):
		return "redhat:" + major
	case extended[product] != "":
		return extended[product] + ":" + version
	case product == "rhel_software_collections" || product == "rhel_dotnet":
		if major, ok := strings.CutPrefix(variant, "el"); ok && isNumber(major) {
			return "redhat:" + major
		}
	}
	return ""
}

func isNumber(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
