// Package config judges files that tell web servers how to run others:
// .htaccess, .user.ini and web.config. A WebShell often comes as an image
// and a line that has the server run it.
package config

import (
	"bytes"
	"context"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct{ rules *evidence.Rules }

// New returns the analyzer.
func New() *Analyzer { return &Analyzer{rules: evidence.NewRules("config")} }

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "config" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// Wants implements verdict.Analyzer.
func (*Analyzer) Wants(path string, _ []byte) bool { return kind(path) != nil }

// kind is how the lines of a file are judged, nil if they are not.
func kind(path string) func(line string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case base == ".htaccess" || base == ".htaccess.txt":
		return apache()
	case base == ".user.ini":
		return php
	case len(base) == len("web.config") && strings.EqualFold(base, "web.config"):
		return iis
	}
	return nil
}

// maxLines bounds how many lines are judged.
const maxLines = 20_000

// Analyze implements verdict.Analyzer.
func (a *Analyzer) Analyze(_ context.Context, path string, src []byte) ([]verdict.Verdict, error) {
	judge := kind(path)
	if judge == nil {
		return nil, nil
	}
	f := evidence.New(a.rules, src)
	for i, line := range bytes.SplitN(src, []byte("\n"), maxLines) {
		text := script.Lower(strings.TrimSpace(string(line[:min(len(line), 4096)])))
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		if what := judge(text); what != "" {
			f.Sign(evidence.Helper, finding.ConfidenceHigh, i+1, what)
		}
	}
	return f.Verdicts, nil
}

// still are files that nobody means to run.
var still = []string{".jpg", ".jpeg", ".png", ".gif", ".bmp", ".ico", ".svg", ".webp", ".txt", ".css", ".pdf", ".xml", ".log", ".zip", ".htaccess"}

func names(line string) string {
	for _, ext := range still {
		i := strings.Index(line, ext)
		if i >= 0 && (i+len(ext) == len(line) || strings.IndexByte(" \t\"'>)$|", line[i+len(ext)]) >= 0) {
			return ext
		}
	}
	return ""
}

// apache judges the directives of .htaccess, of which some are about the files
// that an element around them names.
func apache() func(line string) string {
	around := ""
	return func(line string) string {
		if strings.HasPrefix(line, "<files") {
			around = strings.Trim(line, "<>")
		} else if strings.HasPrefix(line, "</files") {
			around = ""
		}
		return directive(line, around)
	}
}

func directive(line, around string) string {
	fields := strings.Fields(line)
	if fields[0] == "sethandler" || fields[0] == "forcetype" {
		line += " " + around
	}
	switch fields[0] {
	case "forcetype", "addhandler", "addtype", "sethandler":
		if ext := names(line); ext != "" && (strings.Contains(line, "php") || strings.Contains(line, "cgi-script")) {
			return "files called *" + ext + " are run as scripts"
		}
	case "php_value", "php_admin_value":
		return prepended(strings.Join(fields[1:], " "))
	}
	return ""
}

// php judges a line of .user.ini.
func php(line string) string {
	return prepended(strings.NewReplacer("=", " ", "\"", " ", "'", " ").Replace(line))
}

// prepended judges the file that PHP runs before or behind every other.
func prepended(setting string) string {
	fields := strings.Fields(strings.NewReplacer("\"", "", "'", "").Replace(setting))
	if len(fields) < 2 || fields[0] != "auto_prepend_file" && fields[0] != "auto_append_file" {
		return ""
	}
	value := strings.Join(fields[1:], " ")
	switch {
	case strings.Contains(value, "://") || strings.HasPrefix(value, "data:"):
		return fields[0] + " runs what is behind " + evidence.Quote(value)
	case names(value) != "" || strings.HasPrefix(value, "/tmp/") || strings.HasPrefix(value, "/dev/shm/"):
		return fields[0] + " runs " + evidence.Quote(value) + ", which is no script"
	}
	return ""
}

// iis judges a line of web.config, which can have itself run as a page.
func iis(line string) string {
	if strings.Contains(line, "<add") && strings.Contains(line, "path=\"*.config\"") && (strings.Contains(line, "asp.dll") || strings.Contains(line, "scriptprocessor") || strings.Contains(line, "pagehandlerfactory")) {
		return "configuration files are run as pages"
	}
	if strings.Contains(line, "extension=\".config\"") && strings.Contains(line, "buildprovider") {
		return "configuration files are compiled as pages"
	}
	if ext := names(line); ext != "" && strings.Contains(line, "<add") && strings.Contains(line, "path=\"*"+ext+"\"") && (strings.Contains(line, "asp.dll") || strings.Contains(line, "pagehandlerfactory") || strings.Contains(line, "php-cgi")) {
		return "files called *" + ext + " are run as pages"
	}
	return ""
}

var _ verdict.Analyzer = (*Analyzer)(nil)
