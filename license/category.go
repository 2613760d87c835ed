package license

import (
	"slices"
	"strings"
)

// Category is what a licence's family asks of those who ship or run it.
type Category string

// The categories, from the least asked to the most.
const (
	PublicDomain    Category = "public-domain"
	Permissive      Category = "permissive"
	WeakCopyleft    Category = "weak-copyleft"    // changes to the files or library must be given
	Copyleft        Category = "copyleft"         // the whole work must be given
	NetworkCopyleft Category = "network-copyleft" // also to those who only use it over a network
	Restricted      Category = "restricted"       // not for every use: non-commercial, no service, no changes
	Unknown         Category = "unknown"          // not on the list, or not put into a category here
)

// Categories lists all.
func Categories() []Category {
	return []Category{PublicDomain, Permissive, WeakCopyleft, Copyleft, NetworkCopyleft, Restricted, Unknown}
}

// families put identifiers into categories by what they begin with; the longest
// that fits counts.
// Source: the licences themselves; the families follow the Free Software
// Foundation's and the SPDX group's descriptions.
var families = []struct {
	category Category
	prefixes string
}{
	{PublicDomain, "CC0- public-domain Unlicense 0BSD PDDL- blessing CC-PDM- SAX-PD NIST-PD"},
	{NetworkCopyleft, "AGPL- SSPL- OSL- RPL- RPSL- CPAL- EUPL-1.1 EUPL-1.2 CAL- Parity- NPOSL-"},
	{Copyleft, "GPL- CC-BY-SA- CECILL-1 CECILL-2 EUPL-1.0 QPL- Sleepycat GFDL- copyleft-next- CDLA-Sharing- ODbL- HPL- Nokia SISSL"},
	{WeakCopyleft, "LGPL- LGPLLR MPL- NPL- EPL- CDDL- CPL- IPL- MS-RL CECILL-C APSL- SPL- OFL- Watcom- OCLC- ErlPL- CUA-OPL- Motosoto NOSL gSOAP- LPPL- Interbase-"},
	{Restricted, "CC-BY-NC CC-BY-ND BUSL- Elastic- PolyForm- Hippocratic- FSL- Aladdin JSON UNLICENSED Commons-Clause CC-BY-3.0-IGO-NC MS-LPL FreeImage-NC"},
	{Permissive, "MIT BSD Apache- ISC Zlib zlib- X11 BSL- PSF- Python- CNRI- PHP- Ruby Artistic- OpenSSL curl libpng NCSA UPL- Unicode- ICU AFL- W3C ZPL- TCL FTL Libpng HPND " +
		"OLDAP- PostgreSQL NTP Vim WTFPL MirOS Beerware Bitstream- bzip2- SMLNJ AML- Intel ECL- EFL- MulanPSL- MulanPubL- CC-BY-1 CC-BY-2 CC-BY-3 CC-BY-4 CECILL-B MS-PL " +
		"BlueOak- IJG Info-ZIP Spencer- SSH- Sendmail TCP-wrappers Linux-man-pages- GPL-CC- IBM-pibs Fair FSFAP FSFUL Latex2e Naumen NLPL Xnet XFree86- dtoa TTWL CDLA-Permissive- " +
		"BitTorrent- libtiff libselinux- mpich2 MTLL Multics OML Plexus RSA-MD SWL TOSL VSL- Wsuipa Xerox SGI-B- Brian-Gladman- Boehm-GC SunPro GD gnuplot"},
}

// weaker are exceptions that let other works be joined without taking them over.
var weaker = []string{
	"Classpath-exception-2.0", "GCC-exception-2.0", "GCC-exception-3.1", "Linux-syscall-note", "Autoconf-exception-2.0", "Autoconf-exception-3.0", "Autoconf-exception-generic",
	"Bison-exception-2.2", "Bison-exception-1.24", "Font-exception-2.0", "Libtool-exception", "OpenJDK-assembly-exception-1.0", "Universal-FOSS-exception-1.0", "FLTK-exception",
	"u-boot-exception-2.0", "WxWindows-exception-3.1", "LLVM-exception", "GNU-compiler-exception", "OCaml-LGPL-linking-exception", "Qt-GPL-exception-1.0",
}

// Category puts a leaf into its category. Of joined licences it is the one that
// asks most, where all bind, and the one that asks least, where one is chosen;
// licences that are not known count as asking most.
func (e Expression) Category() Category {
	if e.Operator == Leaf {
		return e.leafCategory()
	}
	order := Categories()
	at := slices.Index(order, e.Parts[0].Category())
	for _, p := range e.Parts[1:] {
		if n := slices.Index(order, p.Category()); e.Operator == And {
			at = max(at, n)
		} else {
			at = min(at, n)
		}
	}
	return order[at]
}

func (e Expression) leafCategory() Category {
	best, length := Unknown, 0
	for _, f := range families {
		for p := range strings.FieldsSeq(f.prefixes) {
			if len(p) > length && strings.HasPrefix(e.ID, p) {
				best, length = f.category, len(p)
			}
		}
	}
	if best == Copyleft && slices.Contains(weaker, e.Exception) {
		return WeakCopyleft
	}
	return best
}
