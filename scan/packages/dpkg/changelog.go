package dpkg

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inflate"
	"github.com/boltseal/boltseal/scan/scanner"
)

// How much of a changelog is read. Only the newest entries can say something
// that the feeds do not know yet, and they stand first.
const (
	// headingBytes of a compressed file tell a Debian changelog from upstream's.
	headingBytes = 512
	// topBytes is what is read of a compressed or plain file.
	topBytes = 12 << 10
	// textBytes is what is taken of the text, some four times as much.
	textBytes = 48 << 10
)

// isChangelog says whether a file of a documentation directory is or may be a
// Debian changelog: "changelog.gz" is that of a native package, and upstream's
// in others; "changelog.Debian.amd64.gz" belongs to a rebuild.
func isChangelog(base string) bool {
	return base == "changelog.gz" || base == "changelog.Debian" ||
		strings.HasPrefix(base, "changelog.Debian.") && strings.HasSuffix(base, ".gz")
}

// readChangelog finds the vulnerabilities that the newest entries of a
// changelog name as fixed.
func (s Scanner) readChangelog(f *scanner.File) (scanner.Result, error) {
	t := s.tops.Get().(*top)
	defer s.tops.Put(t)
	text, err := t.read(f)
	fixed := fixedCVEs(text)
	if err != nil {
		err = fmt.Errorf("read changelog: %w: %w", image.ErrCorrupt, err)
	}
	if len(fixed) == 0 {
		return scanner.Result{}, err
	}
	d := scanner.Detail{Type: "deb", Package: packageOf(f.Path), FixedCVEs: fixed}
	return scanner.Result{Details: []scanner.Detail{d}}, err
}

// top reads the beginnings of changelogs, one after the other.
type top struct {
	gzip inflate.GzipReader
	text [textBytes]byte
}

// read returns the beginning of the changelog, valid until the next read;
// nothing if it is not a Debian changelog.
func (t *top) read(f *scanner.File) ([]byte, error) {
	if _, base := scanner.Split(f.Path); base == "changelog.gz" {
		text, err := t.fill(f, headingBytes)
		if err != nil || !isDebian(text) {
			return nil, err
		}
	}
	text, err := t.fill(f, topBytes)
	if !isDebian(text) {
		return nil, err
	}
	return text, err
}

// isDebian says whether a text begins as Debian changelogs do.
func isDebian(text []byte) bool { return entryVersion(text[:endOfLine(text)]) != "" }

// fill reads the first n bytes of the file and unpacks them. That they end
// before the compressed stream does is no error.
func (t *top) fill(f *scanner.File, n int64) ([]byte, error) {
	var r io.Reader = io.NewSectionReader(f.Content, 0, min(n, f.Size))
	if strings.HasSuffix(f.Path, ".gz") {
		t.gzip.Reset(r)
		r = &t.gzip
	}
	text := t.text[:0]
	for len(text) < cap(text) {
		m, err := r.Read(text[len(text):cap(text)])
		text = text[:len(text)+m]
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) && f.Size > n {
			break
		}
		if err != nil {
			return text, err
		}
	}
	return text, nil
}

// fixedCVEs maps each vulnerability that an entry names to the version of the
// entry. The newest mention counts; where it says that a fix was taken back or
// is missing, the vulnerability is left out.
func fixedCVEs(text []byte) map[string]string {
	if !bytes.Contains(text, cvePrefix) {
		return nil
	}
	found := make(map[string]string)
	version, item := "", 0 // the item goes from its bullet to the next
	for at := 0; at < len(text); {
		line := text[at : at+endOfLine(text[at:])]
		heading := entryVersion(line)
		if heading != "" || isBullet(line) {
			addItem(found, text[item:at], version)
			item = at
		}
		version = cmp.Or(heading, version)
		at += len(line) + 1
	}
	addItem(found, text[item:], version)
	maps.DeleteFunc(found, func(_, v string) bool { return v == "" })
	return found
}

func isBullet(line []byte) bool {
	trimmed := bytes.TrimLeft(line, " \t")
	return len(trimmed) > 0 && (trimmed[0] == '*' || trimmed[0] == '-' || trimmed[0] == '+')
}

// addItem notes the vulnerabilities of one item that no newer item named;
// without a version those that it only talks about.
func addItem(found map[string]string, item []byte, version string) {
	if !bytes.Contains(item, cvePrefix) {
		return
	}
	if isDoubtful(item) {
		version = ""
	}
	eachCVE(item, func(id string) {
		if _, ok := found[id]; !ok && len(found) < maxCVEs {
			found[id] = version
		}
	})
}

// maxCVEs bounds the vulnerabilities of one changelog; the kernel's name
// hundreds in an entry.
const maxCVEs = 10_000

var cvePrefix = []byte("CVE-")

// isDoubtful says whether an item may name a vulnerability without fixing it.
func isDoubtful(item []byte) bool {
	return slices.ContainsFunc(doubts, func(words []byte) bool { return bytes.Contains(item, words) })
}

// doubts are words of such items, without a first letter that may be a capital.
var doubts = [][]byte{
	[]byte("evert"), []byte("nfixed"), []byte("not fix"), []byte("not yet"), []byte("not been fix"),
	[]byte("still affected"), []byte("still vulnerable"), []byte("ack out"), []byte("TODO"),
}

// eachCVE calls do with every "CVE-2024-12345" of the line.
func eachCVE(line []byte, do func(id string)) {
	for {
		i := bytes.Index(line, cvePrefix)
		if i < 0 {
			return
		}
		line = line[i:]
		end := len(cvePrefix)
		end += digits(line[end:])
		if end == len("CVE-2024") && end < len(line) && line[end] == '-' {
			if n := digits(line[end+1:]); n >= 4 && n <= 8 {
				end += 1 + n
				do(string(line[:end]))
			}
		}
		line = line[end:]
	}
}

// digits counts the digits at the beginning of b.
func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// entryVersion returns the version of an entry's first line, "package (version)
// distributions; metadata", and "" for other lines.
// Source: deb-changelog(5).
func entryVersion(line []byte) string {
	if len(line) == 0 || line[0] == ' ' || line[0] == '\t' {
		return ""
	}
	name, rest, ok := bytes.Cut(line, []byte(" ("))
	if !ok || bytes.IndexByte(name, ' ') >= 0 {
		return ""
	}
	version, rest, ok := bytes.Cut(rest, []byte(")"))
	if !ok || bytes.IndexByte(version, ' ') >= 0 || bytes.IndexByte(rest, ';') < 0 {
		return ""
	}
	return string(version)
}
