package apk

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Sums reads the digests that apk's database has of files: "Z:Q1" and the SHA-1
// in base64, behind the file's name.
type Sums struct {
	lists   func(path string) bool
	version int
}

// SumsName is the scanner's name in results.
const SumsName = "apk-sums"

// NewSums returns the scanner; lists says of which paths the digests are kept,
// and version changes when it does.
func NewSums(lists func(path string) bool, version int) *Sums { return &Sums{lists, version} }

// Name implements scanner.Scanner.
func (*Sums) Name() string { return SumsName }

// Version implements scanner.Scanner.
func (s *Sums) Version() int { return 1 + s.version }

// Wants implements scanner.Scanner.
func (*Sums) Wants(e *image.Entry, head []byte) bool { return Scanner{}.Wants(e, head) }

// Scan implements scanner.Scanner.
func (s *Sums) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	sums := map[string]string{}
	l := lines.NewReader(f.Reader(), f.Limits.LineBytes)
	owned := scanner.PathsBytes
	p := paths{longest: f.Limits.PathBytes, most: f.Limits.Entries, left: f.Size*pathFactor + 4096, room: &owned}
	file := ""
	for {
		line, ok := l.Next()
		if !ok {
			break
		}
		if len(line) < 2 || line[1] != ':' {
			file = ""
			continue
		}
		switch value := line[2:]; line[0] {
		case 'F':
			p.dir = append(p.dir[:0], bytes.Trim(value, "/")...)
			file = ""
		case 'R':
			file = p.join(value)
		case 'Z':
			if digest, ok := sha1Of(value); ok && file != "" && s.lists(file) {
				sums[file] = digest
			}
		}
	}
	if n := l.Cut() + p.dropped; n > 0 {
		return scanner.Result{Sums: sums}, fmt.Errorf("read digests: %d lines or paths are too long: %w", n, image.ErrLimit)
	}
	return scanner.Result{Sums: sums}, l.Err()
}

// sha1Of reads "Q1" and base64. Symbolic links have the digest of their target,
// which is compared with nothing.
func sha1Of(value []byte) (string, bool) {
	value, ok := bytes.CutPrefix(value, []byte("Q1"))
	if !ok {
		return "", false
	}
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(value)))
	n, err := base64.StdEncoding.Decode(raw, value)
	if err != nil || n != 20 {
		return "", false
	}
	return hex.EncodeToString(raw[:n]), true
}
