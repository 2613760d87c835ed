// Package command makes findings of what rule/shell sees in command lines. How
// bad a command is depends on where it stands: a build pipes an installer into
// a shell every day, a cron job does not.
package command

import (
	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rule/shell"
)

// Place is where a command stands, which says who runs it and when.
type Place int

// The places.
const (
	// Hook runs by itself on a started system: a cron job, a profile, a unit.
	Hook Place = iota
	// Launch is what a container starts with.
	Launch
	// Build was run once, when the image was built.
	Build
	// Install runs when a package is installed.
	Install
)

// kind is what is to say about one kind of sign, and how bad it is in each
// place; finding.Unknown is nothing.
type kind struct {
	title, titleZH string
	techniques     []string
	severity       [4]finding.Severity
	kind           finding.Kind
	remedy         string
}

const (
	none     = finding.Unknown
	low      = finding.Low
	medium   = finding.Medium
	high     = finding.High
	critical = finding.Critical
)

const removeCommand = "Find out who put the command there, and build the image again without it from a trusted base."

// kinds by sign; severities in the order hook, launch, build, install. That of
// shell.RunDownload is for an unknown publisher over HTTPS; see severity.
var kinds = map[shell.Kind]kind{
	shell.RunDownload:  {"Download is run", "下载后直接执行", []string{"T1105", "T1059.004"}, [4]finding.Severity{high, high, low, high}, finding.KindMalware, "Download a fixed version, compare its digest, and run it then; or copy the program into the image when it is built."},
	shell.RunDecoded:   {"Decoded text is run", "解码后的文本被执行", []string{"T1140", "T1027"}, [4]finding.Severity{high, high, medium, high}, finding.KindMalware, removeCommand},
	shell.ReverseShell: {"Reverse shell", "反弹 Shell", []string{"T1059.004", "T1071"}, [4]finding.Severity{critical, critical, critical, critical}, finding.KindMalware, removeCommand},
	shell.Mining:       {"Cryptocurrency mining", "加密货币挖矿", []string{"T1496"}, [4]finding.Severity{critical, critical, high, critical}, finding.KindMalware, removeCommand},
	shell.RunTemporary: {"Program of a temporary directory is run", "执行临时目录中的程序", []string{"T1036.005"}, [4]finding.Severity{high, medium, none, medium}, finding.KindMalware, removeCommand},
	shell.RunHidden:    {"Program of a hidden directory is run", "执行隐藏目录中的程序", []string{"T1564.001"}, [4]finding.Severity{medium, medium, low, medium}, finding.KindMalware, removeCommand},
	shell.HideTraces:   {"Traces are hidden or security software is stopped", "隐藏痕迹或停用安全软件", []string{"T1562.001", "T1070"}, [4]finding.Severity{medium, medium, low, high}, finding.KindMalware, removeCommand},
	shell.Persist:      {"Access or program is made to stay", "建立持久化访问", []string{"T1098.004", "T1053.003"}, [4]finding.Severity{medium, low, low, high}, finding.KindMalware, removeCommand},
	shell.Escape:       {"Command reaches for the host", "命令试图接触宿主机", []string{"T1611"}, [4]finding.Severity{medium, medium, none, high}, finding.KindMalware, "Such a container needs to be privileged: run it only on purpose."},
	shell.Tunnel:       {"Tunnel is started", "启动隧道程序", []string{"T1572"}, [4]finding.Severity{medium, medium, none, high}, finding.KindMalware, "Tunnels pass firewalls by: allow them only on purpose."},
	shell.RemoteShell:  {"Remote shell service is started", "启动远程登录服务", []string{"T1021.004"}, [4]finding.Severity{none, low, none, medium}, finding.KindMisconfiguration, "Use the container engine's exec instead of a login service."},
	shell.Attack:       {"Attack tool is started", "启动攻击工具", []string{"T1595"}, [4]finding.Severity{high, medium, none, high}, finding.KindMalware, removeCommand},
	shell.Exfiltrate:   {"Identity or secrets are sent away", "外传主机信息或密钥", []string{"T1041"}, [4]finding.Severity{medium, low, low, high}, finding.KindMalware, removeCommand},
	shell.InsecureTLS:  {"Certificate is not checked", "下载时不校验证书", []string{"T1557"}, [4]finding.Severity{none, low, low, low}, finding.KindMisconfiguration, "Install the authority's certificate instead of turning the check off."},
	shell.Unsigned:     {"Package signatures are not checked", "安装软件包时不校验签名", []string{"T1195.002"}, [4]finding.Severity{none, low, low, low}, finding.KindMisconfiguration, "Import the repository's key instead of turning the check off."},
}

// Findings ranks the signs of a command. Line is that of the first line of the
// text, 0 when there are no lines to speak of.
func Findings(signs []shell.Sign, at Place, line int) []finding.Finding {
	var out []finding.Finding
	for _, s := range signs {
		k := kinds[s.Kind]
		severity := severity(s, at)
		if severity == none {
			continue
		}
		f := finding.Finding{
			Kind: k.kind, Severity: severity, Title: title(s, k.title),
			Rule:       &finding.Rule{ID: "command/" + string(s.Kind), Title: k.title, TitleZH: k.titleZH, Techniques: k.techniques},
			Confidence: finding.ConfidenceMedium, Evidence: s.Code, Remedy: k.remedy,
		}
		if line > 0 {
			f.Location.Line = line + s.Line - 1
		}
		out = append(out, f)
	}
	return out
}

func title(s shell.Sign, of string) string {
	if s.Why == "" {
		return of
	}
	return of + ": " + s.Why
}

// severity ranks a sign. Of downloads it counts where they come from.
func severity(s shell.Sign, at Place) finding.Severity {
	base := kinds[s.Kind].severity[at]
	if s.Kind != shell.RunDownload {
		return base
	}
	switch s.Trust {
	case shell.TrustKnown:
		return [4]finding.Severity{medium, medium, none, low}[at]
	case shell.TrustBad:
		return [4]finding.Severity{critical, critical, high, critical}[at]
	case shell.TrustPlain:
		return [4]finding.Severity{critical, high, unless(s.Checked, medium), critical}[at]
	case shell.TrustTLS:
		return [4]finding.Severity{high, high, unless(s.Checked, low), high}[at]
	}
	return [4]finding.Severity{medium, medium, unless(s.Checked, low), medium}[at]
}

func unless(checked bool, s finding.Severity) finding.Severity {
	if checked {
		return none
	}
	return s
}

// Version changes when the same command would give another finding.
func Version(r *shell.Reader) int {
	const rank = 1
	return r.Version() + rank
}
