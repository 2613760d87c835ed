package integrity

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// Odd says why a program at a path is suspicious whoever brought it, and how much;
// finding.Unknown if it is not: it is where everyone may write, among devices, has
// the name of a kernel thread or of something that is no program.
func Odd(p string) (finding.Severity, string) {
	base := path.Base(p)
	switch {
	case disguised(base):
		return finding.High, "has the name of a kernel thread, or one that nobody sees"
	case strings.HasPrefix(p, "dev/") || strings.HasPrefix(p, "proc/") || strings.HasPrefix(p, "sys/"):
		return finding.High, "stands among devices or the kernel's files"
	case strings.HasPrefix(p, "tmp/") || strings.HasPrefix(p, "var/tmp/") || strings.HasPrefix(p, "run/shm/"):
		return temporary(p, base), "stands where everyone may write"
	case misleading(base):
		return finding.Medium, "has the name of a document"
	}
	return finding.Unknown, ""
}

// temporary ranks a program of a temporary directory. What builds leave there are
// libraries, and trees of their own.
func temporary(p, base string) finding.Severity {
	const deep = 3
	switch {
	case strings.Contains(p, "/.") && strings.Count(p, "/") <= deep:
		return finding.High
	case isLibrary(p) || strings.HasSuffix(base, ".node") || strings.Count(p, "/") > deep:
		return finding.Low
	}
	return finding.Medium
}

// disguised says whether a name is one that process lists show for threads of
// the kernel, or that directory listings hide.
func disguised(base string) bool {
	if len(base) > 2 && base[0] == '[' && base[len(base)-1] == ']' || strings.Trim(base, ". ") == "" || strings.HasSuffix(base, " ") {
		return true
	}
	name := strings.TrimRight(base, "0123456789/:-_")
	switch name {
	case "kworker", "kthreadd", "ksoftirqd", "kswapd", "kdevtmpfs", "kdevtmpfsi", "khugepaged", "kauditd", "kblockd", "kintegrityd", "kcompactd", "khungtaskd", "kthrotld", "ksmd", "kinsing":
		return true
	}
	return false
}

// misleading says whether a name ends as those of documents and pictures do.
func misleading(base string) bool {
	i := strings.LastIndexByte(base, '.')
	if i <= 0 {
		return false
	}
	switch strings.ToLower(base[i:]) {
	case ".jpg", ".jpeg", ".png", ".gif", ".ico", ".svg", ".txt", ".log", ".pid", ".conf", ".cfg", ".ini", ".css", ".html", ".htm", ".js", ".json", ".xml", ".yml", ".yaml", ".pdf", ".md", ".php", ".jsp", ".mp3", ".mp4", ".lock":
		return true
	}
	return false
}

var oddProgram = finding.Rule{ID: "integrity/odd-program", Title: "Program in an odd place", TitleZH: "位于可疑位置或伪装名称的程序", Techniques: []string{"T1036.005"}}

// oddities reports a program in an odd place. A packed one is worse.
func oddities(p string, packed bool) []finding.Finding {
	severity, why := Odd(p)
	if severity == finding.Unknown {
		return nil
	}
	if packed && severity < finding.High {
		severity++
		why += ", and is packed"
	}
	return []finding.Finding{{
		Kind: finding.KindMalware, Severity: severity, Title: oddProgram.Title + ": " + path.Base(p), Rule: &oddProgram,
		Confidence: finding.ConfidenceMedium, Evidence: "an ELF program that " + why, Remedy: "Find out what it is and who put it there.",
	}}
}
