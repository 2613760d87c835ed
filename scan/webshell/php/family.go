package php

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// marks are texts that known WebShells show or need. One alone proves little:
// scanners and lists have them too.
var marks = []struct{ family, text string }{
	{"Behinder", "e45e329feb5d925b"}, {"Behinder", "rebeyond"},
	{"Godzilla", "3c6e0b8a9c15224a"}, {"Godzilla", "payloadName"}, {"Godzilla", "getBasicsInfo"},
	{"AntSword", "antSword"}, {"AntSword", "ant_"}, {"China Chopper", "@eval($_POST["},
	{"b374k", "b374k"}, {"c99", "c99shell"}, {"c99", "c99sh_"}, {"c99", "$c99sh"}, {"r57", "r57shell"}, {"r57", "RST/GHC"}, {"r57", "r57_"},
	{"WSO", "FilesMan"}, {"WSO", "wsoEx"}, {"WSO", "WSO_VERSION"}, {"WSO", "Web Shell by oRb"},
	{"p0wny", "p0wny@shell"}, {"p0wny", "featureShell"}, {"phpspy", "phpspy"}, {"phpspy", "angel@4ngel.net"},
	{"weevely", "gzcompress(@x("}, {"Locus7s", "locus7s"}, {"Ani-Shell", "Ani-Shell"}, {"NST", "nsTView"}, {"Safe0ver", "Safe0ver"},
	{"Antichat", "antichat"}, {"Mini Shell", "IndoXploit"}, {"Alfa", "ALFA TEaM"}, {"Alfa", "alfa_data"}, {"Gecko", "Gecko Shell"}, {"Marijuana", "MARIJUANA"},
	{"WSO", "wsoSecParam"}, {"simple-backdoor", "simple-backdoor"}, {"KAdot", "KAdot"}, {"Sadrazam", "SADRAZAM"}, {"Crystal", "CrystalShell"}, {"dQ99", "dQ99shell"},
	{"reGeorg", "X-CMD"}, {"reGeorg", "Georg says"}, {"Neo-reGeorg", "Neoreg"}, {"devilzShell", "devilzShell"}, {"devilzShell", "devilzc0de"}, {"lostDC", "LOSTDC"},
	{"web shell", "web shell"}, {"web shell", "webshell"}, {"web shell", "backdoor"}, {"web shell", "h4cker"}, {"web shell", "Hacked By"}, {"web shell", "safe_mode"}, {"web shell", "disable_functions"},
	{"web shell", "uname -a"}, {"web shell", "/etc/passwd"}, {"web shell", "bind shell"}, {"web shell", "back-connect"}, {"web shell", "back connect"}, {"web shell", "Bypass"}, {"web shell", "Symlink"}, {"web shell", "mass deface"},
	{"web shell", "Uploader"}, {"web shell", "FUD"}, {"web shell", "cgi shell"}, {"web shell", "Execute Command"}, {"web shell", "posix_getpwuid"},
}

// Weak signs together make a WebShell from this sum on: a family's own mark
// counts 2, a general one 1, a low verdict of the flow 3.
const (
	familySum  = 6
	marksSum   = 2
	lowVerdict = 3
)

// family names the family of what was found, and reports marks that come
// together with a weak flow.
func (m *machine) family(l *lexer) {
	var best string
	sum, low, own := 0, false, 0
	src := l.src
	fold := strings.ToLower(src)
	for _, k := range marks {
		if !strings.Contains(fold, strings.ToLower(k.text)) {
			continue
		}
		if k.family == "web shell" {
			sum++
			continue
		}
		own++
		sum += marksSum
		if best == "" && strings.Contains(src, k.text) {
			best = k.family
		}
	}
	strong := false
	for i := range m.verdicts {
		v := &m.verdicts[i]
		low = true
		if v.Confidence != finding.ConfidenceLow {
			strong = true
			v.Family = best
		}
	}
	if strong || !m.traits.alone {
		return
	}
	if low {
		sum += lowVerdict
	}
	c := finding.ConfidenceLow
	if sum >= familySum && own > 0 && l.seen&sink != 0 {
		c = finding.ConfidenceMedium
	}
	if own > 0 && sum >= familySum-2 {
		sev := finding.High
		m.verdicts = append(m.verdicts, verdict.Verdict{Rule: ruleFamily, Severity: sev, Confidence: c, Family: best, Evidence: "marks of it are in the file"})
	}
}
