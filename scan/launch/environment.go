package launch

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rule/shell"
	"github.com/boltseal/boltseal/scan/command"
	"github.com/boltseal/boltseal/scan/persistence"
	"github.com/boltseal/boltseal/scan/scanner"
)

// environment judges the variables that every process of a container has.
func (s *Scanner) environment(im *scanner.Image) (all []finding.Finding) {
	for _, e := range im.Config.Env {
		name, value, _ := strings.Cut(e, "=")
		all = append(all, s.variable(name, value)...)
		for _, sign := range s.shell.Args([]string{"worker", value}) {
			if sign.Kind == shell.Mining {
				sign.Code = shell.Clean(e)
				all = append(all, named("env "+name, command.Findings([]shell.Sign{sign}, command.Launch, 0))...)
			}
		}
	}
	return all
}

// variable looks at the variables that change what programs do.
func (s *Scanner) variable(name, value string) []finding.Finding {
	switch name {
	case "LD_PRELOAD", "LD_AUDIT":
		for _, lib := range strings.FieldsFunc(value, func(r rune) bool { return r == ':' || r == ' ' }) {
			switch {
			case persistence.Odd(lib):
				return []finding.Finding{variableFinding(preload, finding.High, name, value)}
			case !persistence.KnownPreload(lib) && !strings.HasPrefix(lib, "$"):
				return []finding.Finding{variableFinding(preload, finding.Medium, name, value)}
			}
		}
	case "PROMPT_COMMAND":
		return named("env "+name, command.Findings(s.shell.Judge(value), command.Hook, 0))
	case "BASH_ENV", "ENV", "PYTHONSTARTUP", "LD_LIBRARY_PATH", "PYTHONPATH", "PERL5LIB", "NODE_PATH":
		for _, p := range strings.Split(value, ":") {
			if temporary(p) {
				return []finding.Finding{variableFinding(search, finding.Medium, name, value)}
			}
		}
	case "PATH":
		if first, _, _ := strings.Cut(value, ":"); temporary(first) {
			return []finding.Finding{variableFinding(search, finding.Medium, name, value)}
		}
	case "NODE_TLS_REJECT_UNAUTHORIZED", "GIT_SSL_NO_VERIFY", "PYTHONHTTPSVERIFY":
		return named("env "+name, command.Findings(s.shell.Judge(name+"='"+value+"' worker"), command.Launch, 0))
	}
	return nil
}

func temporary(dir string) bool {
	for _, d := range []string{"/tmp", "/var/tmp", "/dev/shm"} {
		if dir == d || strings.HasPrefix(dir, d+"/") {
			return true
		}
	}
	return false
}

var (
	preload = finding.Rule{ID: "launch/ld-preload", Title: "Library is preloaded into every program", TitleZH: "环境变量使所有程序预加载动态库", Techniques: []string{"T1574.006"}}
	search  = finding.Rule{ID: "launch/search-path", Title: "Programs are looked for in a directory that everyone may write to", TitleZH: "在任何人可写的目录中查找程序", Techniques: []string{"T1574.007"}}
)

func variableFinding(r finding.Rule, severity finding.Severity, name, value string) finding.Finding {
	return finding.Finding{
		ID: "env " + name, Kind: finding.KindMalware, Severity: severity, Title: r.Title + ": " + name, Rule: &r,
		Confidence: finding.ConfidenceMedium, Evidence: shell.Clean(name + "=" + value),
		Remedy: "Remove the variable from the image, or set it for the one program that needs it.",
	}
}
