package suse

import (
	"regexp"
	"strings"
)

var (
	// enterprise finds the service pack in "Linux Enterprise Module for
	// Basesystem 15 SP5" and "Linux Enterprise Server 12 SP3-LTSS".
	enterprise = regexp.MustCompile(`^(?:Linux Enterprise|Package Hub|Real Time Module).*? (1[0-9])(?: SP([0-9]))?(?:[- ]|$)`)
	micro      = regexp.MustCompile(`^Linux (?:Enterprise )?Micro ([0-9]+\.[0-9]+)`)
)

// Namespace is where the packages of a product go whose name begins with "SUSE"
// or "openSUSE"; it is "" for products that are left out. All modules,
// extensions and support variants of a service pack are together: their
// packages are builds for the one base. Manager, OpenStack Cloud and Storage
// are left out.
func Namespace(product string) string {
	if name, ok := strings.CutPrefix(product, "openSUSE "); ok {
		return openSUSE(name)
	}
	product = strings.TrimPrefix(product, "SUSE ")
	if m := micro.FindStringSubmatch(product); m != nil {
		return "sle-micro:" + m[1]
	}
	m := enterprise.FindStringSubmatch(product)
	switch {
	case m == nil:
		return ""
	case m[2] == "":
		return "sles:" + m[1]
	}
	return "sles:" + m[1] + "." + m[2]
}

func openSUSE(product string) string {
	product = strings.TrimSuffix(product, " NonFree")
	if product == "Tumbleweed" {
		return "opensuse-tumbleweed"
	}
	if v, ok := strings.CutPrefix(product, "Leap Micro "); ok {
		return "opensuse-leap-micro:" + v
	}
	if v, ok := strings.CutPrefix(product, "Leap "); ok {
		return "opensuse-leap:" + v
	}
	return ""
}
