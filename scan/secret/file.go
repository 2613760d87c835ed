package secret

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	rule "github.com/boltseal/boltseal/rule/secret"
	"github.com/boltseal/boltseal/scan/scanner"
)

const (
	// pieceBytes is how much of a large text is searched at a time, with
	// overlapBytes of the piece before.
	pieceBytes   = 4 << 20
	overlapBytes = 64 << 10
)

// file searches the text of a file.
func (s *Scanner) file(ctx context.Context, f *scanner.File) ([]finding.Finding, error) {
	if f.Size > textBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are searched", image.ErrLimit, f.Size, textBytes)
	}
	if f.Data != nil && len(f.Data) <= pieceBytes {
		return s.text(ctx, f.Path, f.Data)
	}
	return s.pieces(ctx, f)
}

// text searches one text that is in memory.
func (s *Scanner) text(ctx context.Context, path string, data []byte) ([]finding.Finding, error) {
	data = decode(data)
	isBinary := bytes.IndexByte(data[:min(len(data), 1024)], 0) >= 0
	found, err := s.set.Scan(path, data, isBinary)
	var out []finding.Finding
	var seen counter
	for i := range found {
		out = append(out, s.finding(ctx, &found[i], data, &seen))
	}
	return out, limit(err)
}

// pieces searches a large file piece by piece.
func (s *Scanner) pieces(ctx context.Context, f *scanner.File) ([]finding.Finding, error) {
	var out []finding.Finding
	var seen counter
	buf := make([]byte, 0, pieceBytes+overlapBytes)
	lines, done := 0, 0 // lines in front of buf; bytes of buf that were searched
	for r := f.Reader(); ; {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return out, fmt.Errorf("read file: %w", err)
		}
		isBinary := bytes.IndexByte(buf[:min(len(buf), 1024)], 0) >= 0
		found, err := s.set.Scan(f.Path, buf, isBinary)
		for i := range found {
			m := &found[i]
			if m.End <= done || !last && m.Start >= len(buf)-overlapBytes/2 {
				continue // told before, or told better with the next piece
			}
			m.Line += lines
			out = append(out, s.finding(ctx, m, buf, &seen))
		}
		if err != nil || len(out) > rule.MaxMatches {
			return out, limit(fmt.Errorf("%w: %w", rule.ErrLimit, errors.Join(err, errors.New("too many secrets"))))
		}
		if last || ctx.Err() != nil {
			return out, ctx.Err()
		}
		cut := len(buf) - overlapBytes
		lines += bytes.Count(buf[:cut], []byte("\n"))
		done = overlapBytes / 2
		buf = buf[:copy(buf, buf[cut:])]
	}
}

// limit makes the engine's limit the scan's.
func limit(err error) error {
	if errors.Is(err, rule.ErrLimit) {
		return fmt.Errorf("%w: %w", image.ErrLimit, err)
	}
	return err
}

// decode turns UTF-16 with a byte order mark, which Windows tools write, into
// UTF-8.
func decode(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return data
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}
