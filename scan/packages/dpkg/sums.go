package dpkg

import (
	"bytes"
	"context"
	"encoding/hex"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Sums reads what dpkg knows of the content of files: info/PACKAGE.md5sums,
// which distroless images have in status.d, and the diversions. Configuration
// files are not in those lists.
type Sums struct {
	// lists says of which paths the digests are kept.
	lists func(path string) bool
	// version is that of lists.
	version int
}

// SumsName is the scanner's name in results.
const SumsName = "dpkg-sums"

// NewSums returns the scanner; lists says of which paths the digests are kept,
// and version changes when it does.
func NewSums(lists func(path string) bool, version int) *Sums { return &Sums{lists, version} }

// Name implements scanner.Scanner.
func (*Sums) Name() string { return SumsName }

// Version implements scanner.Scanner.
func (s *Sums) Version() int { return 1 + s.version }

// Wants implements scanner.Scanner.
func (*Sums) Wants(e *image.Entry, _ []byte) bool {
	dir, base := scanner.Split(e.Path)
	if strings.HasSuffix(base, ".md5sums") {
		return strings.HasSuffix(dir, "lib/dpkg/info") || strings.HasSuffix(dir, "lib/dpkg/status.d")
	}
	return base == "diversions" && strings.HasSuffix(dir, "lib/dpkg")
}

// Scan implements scanner.Scanner.
func (s *Sums) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	if _, base := scanner.Split(f.Path); base == "diversions" {
		return readDiversions(f)
	}
	const digest = 32 // hexadecimal digits of MD5
	sums := map[string]string{}
	err := eachLine(f, func(line []byte) {
		if len(line) < digest+2 || line[digest] != ' ' {
			return
		}
		path := bytes.TrimLeft(line[digest:], " *")
		path = bytes.TrimPrefix(bytes.TrimPrefix(path, []byte("./")), []byte("/"))
		raw, err := hex.DecodeString(string(line[:digest]))
		if p := string(path); err == nil && s.lists(p) {
			sums[p] = hex.EncodeToString(raw)
		}
	})
	return scanner.Result{Sums: sums}, err
}

// readDiversions reads three lines each: from, to, and the package whose file
// stays, ":" for none.
func readDiversions(f *scanner.File) (scanner.Result, error) {
	const most = 10_000
	var all []scanner.Diversion
	var part [2]string
	n := 0
	err := eachLine(f, func(line []byte) {
		if len(all) >= most {
			return
		}
		if n%3 < 2 {
			part[n%3] = strings.TrimPrefix(string(line), "/")
		} else {
			all = append(all, scanner.Diversion{From: part[0], To: part[1], Package: strings.TrimPrefix(string(line), ":")})
		}
		n++
	})
	return scanner.Result{Diversions: all}, err
}
