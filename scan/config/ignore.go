package config

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// ignoreComment is one of
//
//	# boltseal:ignore=ID[,ID] reason        # trivy:ignore:ID[:exp:2027-01-31]
//	# checkov:skip=ID:reason                # hadolint ignore=ID[,ID]
var ignoreComment = regexp.MustCompile(`(?:#|//)\s*(?:(boltseal:ignore|checkov:skip|hadolint\s+ignore)=|((?:trivy|tfsec):ignore):)(\S+)[ \t]*([^\r\n]*)`)

// ignore is one comment.
type ignore struct {
	ids     []string // upper case, "*" for all
	reason  string
	line    int // where it stands
	from    int // the lines that it covers
	to      int
	expires time.Time
}

// peers are names under which the checks of other linters are known here.
var peers = map[string]string{
	"DL3002": "DS-0002", "DL3004": "DS-0010", "DL3006": "DS-0001", "DL3007": "DS-0001", "DL3014": "DS-0021",
	"DL3015": "DS-0029", "DL3020": "DS-0005", "DL3000": "DS-0009", "DL3003": "DS-0013", "DL3009": "DS-0017",
	"DL4000": "DS-0022", "DL4003": "DS-0016", "DL4004": "DS-0007", "DL3011": "DS-0008", "DL3019": "DS-0025",
	"CKV_DOCKER_1": "DS-0004", "CKV_DOCKER_2": "DS-0026", "CKV_DOCKER_3": "DS-0002", "CKV_DOCKER_4": "DS-0005",
	"CKV_DOCKER_5": "DS-0017", "CKV_DOCKER_6": "DS-0022", "CKV_DOCKER_7": "DS-0001", "CKV_DOCKER_8": "DS-0002",
	"CKV_K8S_10": "KSV-0015", "CKV_K8S_11": "KSV-0011", "CKV_K8S_12": "KSV-0016", "CKV_K8S_13": "KSV-0018",
	"CKV_K8S_14": "KSV-0013", "CKV_K8S_16": "KSV-0017", "CKV_K8S_17": "KSV-0010", "CKV_K8S_18": "KSV-0008",
	"CKV_K8S_19": "KSV-0009", "CKV_K8S_20": "KSV-0001", "CKV_K8S_22": "KSV-0014", "CKV_K8S_23": "KSV-0012",
	"CKV_K8S_27": "KSV-0006", "CKV_K8S_31": "KSV-0030", "CKV_K8S_37": "KSV-0003", "CKV_K8S_38": "KSV-0036", "CKV_K8S_40": "KSV-0020",
}

// ignored says whether a comment in the file withdraws the result.
func (t *tree) ignored(r rego.Result) *finding.Suppression {
	list, ok := t.ignores[r.Path]
	if !ok {
		data, _ := t.load(r.Path)
		list = ignores(data)
		t.ignores[r.Path] = list
	}
	names := append([]string{r.Check.ID}, r.Check.Aliases...)
	for _, ig := range list {
		named := slices.ContainsFunc(names, ig.names)
		if ig.covers(r.Line) && (named || slices.Contains(ig.ids, "*")) || named && ig.line > r.Line && ig.line <= r.EndLine {
			return &finding.Suppression{By: "ignore", Reason: ig.reason, Source: fmt.Sprintf("%s:%d", r.Path, ig.line), Expires: ig.expires}
		}
	}
	return nil
}

// covers says whether the comment is about a line; 0 is the file as a whole.
func (ig *ignore) covers(line int) bool {
	if line == 0 {
		return ig.to == wholeFile
	}
	return line >= ig.from && line <= ig.to
}

func (ig *ignore) names(id string) bool {
	return slices.Contains(ig.ids, strings.ToUpper(id))
}

// wholeFile is the last line of a comment that covers everything.
const wholeFile = 1 << 30

// ignores finds the comments of a file. One behind something covers that line,
// one on a line of its own the block that follows, and one above everything else
// the whole file. Those that have expired are left out.
func ignores(data []byte) []ignore {
	if !bytes.Contains(data, []byte("ignore")) && !bytes.Contains(data, []byte("checkov:skip")) {
		return nil
	}
	lines := bytes.Split(data, []byte("\n"))
	var list []ignore
	begun := false
	for i, line := range lines {
		own := comment(line)
		at := ignoreComment.FindAllSubmatchIndex(line, 8)
		begun = begun || len(at) == 0 && !own && !blank(line) && !bytes.HasPrefix(line, []byte("---")) || len(at) > 0 && !own
		for _, m := range at {
			ig := newIgnore(line, m)
			ig.line, ig.from, ig.to = i+1, i+1, i+1
			switch {
			case !begun:
				ig.from, ig.to = 1, wholeFile
			case own:
				ig.from, ig.to = block(lines, i+1)
			default:
				_, ig.to = block(lines, i)
			}
			if ig.expires.IsZero() || time.Now().Before(ig.expires) {
				list = append(list, ig)
			}
		}
	}
	return list
}

// newIgnore reads the ids and the reason.
func newIgnore(line []byte, m []int) ignore {
	group := func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return string(line[m[2*n]:m[2*n+1]])
	}
	ids, reason := group(3), strings.TrimSpace(group(4))
	ig := ignore{reason: reason}
	switch {
	case group(2) != "":
		id, rest, _ := strings.Cut(ids, ":")
		if date, ok := strings.CutPrefix(rest, "exp:"); ok {
			ig.expires, _ = time.Parse(time.DateOnly, date)
		}
		ids = id
	case group(1) == "checkov:skip":
		id, why, _ := strings.Cut(ids, ":")
		ids, ig.reason = id, strings.TrimSpace(why+" "+reason)
	}
	for id := range strings.SplitSeq(ids, ",") {
		id = strings.ToUpper(strings.TrimPrefix(strings.TrimSpace(id), "config/"))
		if id == "ALL" {
			id = "*"
		}
		ig.ids = append(ig.ids, id)
		if known, ok := peers[id]; ok {
			ig.ids = append(ig.ids, known)
		}
	}
	return ig
}

func comment(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("//"))
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// block is the lines, counted from 1, of what begins at the first line of its
// own at or behind an index: lines that continue it, and those indented deeper.
func block(lines [][]byte, start int) (from, to int) {
	for start < len(lines) && (blank(lines[start]) || comment(lines[start])) {
		start++
	}
	if start >= len(lines) {
		return len(lines), len(lines)
	}
	end, depth := start, indent(lines[start])
	for i := start; i+1 < len(lines); i++ {
		next := lines[i+1]
		if continues(lines[i]) || indent(next) > depth {
			end = i + 1
			continue
		}
		if blank(next) || comment(next) {
			continue
		}
		if closing := bytes.TrimSpace(next); indent(next) == depth && bytes.IndexByte([]byte("}])"), closing[0]) >= 0 {
			end = i + 1
		}
		break
	}
	return start + 1, end + 1
}

func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }

func continues(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasSuffix(line, []byte("\\"))
}
