package fix

import (
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/config/dockerfile"
)

// option is what a command of a Dockerfile lacks.
type option struct {
	command *regexp.Regexp // ends where the option goes
	has     *regexp.Regexp // says that it is there already
	text    string
}

var (
	aptInstall = regexp.MustCompile(`\bapt-get(?:[ \t]+-[^\s;&|]+)*[ \t]+install\b`)
	apkAdd     = regexp.MustCompile(`\bapk(?:[ \t]+-[^\s;&|]+)*[ \t]+add\b`)
	segmentEnd = regexp.MustCompile(`&&|\|\||;|\|`)
	maintainer = regexp.MustCompile(`(?i)^\s*MAINTAINER\s+"?([^"\n]*?)"?\s*$`)
)

// options are the commands' options by check.
var options = map[string]option{
	"DS-0021": {aptInstall, regexp.MustCompile(`\s(?:-[a-zA-Z]*y|--yes|--assume-yes|-qq)`), " -y"},
	"DS-0029": {aptInstall, regexp.MustCompile(`--no-install-recommends|-o[ =]?APT::Install-Recommends`), " --no-install-recommends"},
	"DS-0025": {apkAdd, regexp.MustCompile(`--no-cache`), " --no-cache"},
}

func instructions(text []byte, found []finding.Finding) ([]edit, int) {
	starts := lineStarts(text)
	var edits []edit
	n := 0
	for i := range found {
		f := &found[i]
		from, to := f.Location.Line, f.Location.EndLine
		if from < 1 || to < from || to >= len(starts) {
			continue
		}
		begin, block := starts[from-1], string(text[starts[from-1]:starts[to]])
		var got []edit
		if o, ok := options[checkID(f)]; ok {
			got = o.edits(block, begin)
		}
		if m := maintainer.FindStringSubmatch(strings.TrimSuffix(block, "\n")); checkID(f) == "DS-0022" && m != nil && !strings.ContainsAny(m[1], `\$`) {
			got = []edit{{begin, begin + len(strings.TrimSuffix(block, "\n")), `LABEL maintainer="` + m[1] + `"`}}
		}
		if len(got) > 0 {
			edits, n = append(edits, got...), n+1
		}
	}
	return edits, n
}

// edits adds the option to all commands in the block without it.
func (o option) edits(block string, begin int) []edit {
	var out []edit
	for _, at := range o.command.FindAllStringIndex(block, -1) {
		rest := block[at[1]:]
		if end := segmentEnd.FindStringIndex(rest); end != nil {
			rest = rest[:end[0]]
		}
		if !o.has.MatchString(block[at[0]:at[1]] + rest) {
			out = append(out, edit{begin + at[1], begin + at[1], o.text})
		}
	}
	return out
}

// sameInstructions says whether both texts have the same instructions, as words
// of the same number of lines.
func sameInstructions(before, after []byte) bool {
	a, errA := dockerfile.Parse(before)
	b, errB := dockerfile.Parse(after)
	if errA != nil || errB != nil || len(a.Stages) != len(b.Stages) {
		return false
	}
	for i := range a.Stages {
		if len(a.Stages[i].Commands) != len(b.Stages[i].Commands) {
			return false
		}
		for j, c := range a.Stages[i].Commands {
			d := b.Stages[i].Commands[j]
			if c.StartLine != d.StartLine || c.EndLine != d.EndLine || c.Cmd != d.Cmd && c.Cmd != "maintainer" {
				return false
			}
		}
	}
	return true
}
