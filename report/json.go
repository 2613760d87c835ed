package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// homepage is where the program is explained.
const homepage = "https://github.com/boltseal/boltseal"

// JSON writes the report as indented JSON; see docs/format/report.md.
func JSON(w io.Writer, r *Report, _ Options) error { return writeJSON(w, r) }

// writeJSON writes any document as indented JSON in which every control
// character is escaped, for JSON is printed to terminals too.
func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(controlEscaper{w})
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// controlEscaper escapes the control characters that package json lets stand:
// U+007F to U+009F. They occur inside of strings only. Each Write must hold
// whole characters, as those of json.Encoder do.
type controlEscaper struct{ w io.Writer }

// Write implements io.Writer.
func (e controlEscaper) Write(p []byte) (int, error) {
	start := 0
	for i := 0; i < len(p); i++ {
		size, code := 0, byte(0)
		switch {
		case p[i] == 0x7f:
			size, code = 1, 0x7f
		case p[i] == 0xc2 && i+1 < len(p) && p[i+1] < 0xa0:
			size, code = 2, p[i+1]
		default:
			continue
		}
		if _, err := e.w.Write(p[start:i]); err != nil {
			return start, err
		}
		if _, err := fmt.Fprintf(e.w, `\u%04x`, code); err != nil {
			return i, err
		}
		start = i + size
		i = start - 1
	}
	_, err := e.w.Write(p[start:])
	return len(p), err
}
