package report

import (
	"slices"
	"strings"
	"unicode"

	"github.com/boltseal/boltseal/finding"
)

// style is an ANSI SGR sequence (ECMA-48).
type style string

const (
	bold    style = "1"
	dim     style = "2"
	red     style = "31"
	green   style = "32"
	yellow  style = "33"
	magenta style = "35"
	redBold style = "1;31"
)

var severityStyle = map[finding.Severity]style{
	finding.Critical: redBold, finding.High: red, finding.Medium: yellow, finding.Unknown: magenta, finding.Low: dim, finding.Negligible: dim,
}

// style colours text where the output is a terminal.
func (t *table) style(s style, text string) string {
	if !t.o.Color || s == "" || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// cell is one field of a grid.
type cell struct {
	text  string
	style style
}

// column is one column of a grid.
type column struct {
	head  string
	right bool // aligned to the right
	// shrink says which columns give up width first when the line is too long:
	// the highest; 0 never. They keep min.
	shrink, min int
	// drop says which columns are left out first when shrinking is not enough:
	// the highest; 0 never.
	drop int
	last bool // needs no padding
}

// grid lays out rows in columns within a width; 0 is without limit.
type grid struct {
	width   int
	columns []column
	rows    [][]cell
}

const gap = 2

// write measures and prints.
func (g *grid) write(t *table) {
	widths := g.fit()
	head := make([]cell, len(g.columns))
	for i, c := range g.columns {
		head[i] = cell{text: c.head, style: dim}
	}
	for _, row := range append([][]cell{head}, g.rows...) {
		var b strings.Builder
		for i, c := range row {
			if widths[i] == 0 {
				continue
			}
			text := truncate(c.text, widths[i])
			pad := strings.Repeat(" ", widths[i]-displayWidth(text))
			b.WriteString(strings.Repeat(" ", gap))
			switch {
			case g.columns[i].right:
				b.WriteString(pad + t.style(c.style, text))
			case g.columns[i].last:
				b.WriteString(t.style(c.style, text))
			default:
				b.WriteString(t.style(c.style, text) + pad)
			}
		}
		t.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// fit gives each column its width: what its widest cell needs, less what the
// line has too much. A column without width is not shown.
func (g *grid) fit() []int {
	widths := g.measure()
	for drop := g.highestDrop(); ; drop-- {
		fitted, ok := g.shrink(widths)
		if ok || drop == 0 {
			return fitted
		}
		for i, c := range g.columns {
			if c.drop == drop {
				widths[i] = 0
			}
		}
	}
}

// measure is what each column needs, 0 where all its cells are empty.
func (g *grid) measure() []int {
	widths := make([]int, len(g.columns))
	for i, c := range g.columns {
		for _, row := range g.rows {
			widths[i] = max(widths[i], displayWidth(row[i].text))
		}
		if widths[i] > 0 {
			widths[i] = max(widths[i], displayWidth(c.head))
		}
	}
	return widths
}

func (g *grid) highestDrop() int {
	n := 0
	for _, c := range g.columns {
		n = max(n, c.drop)
	}
	return n
}

// shrink narrows columns until the line fits, and says whether it does.
func (g *grid) shrink(natural []int) ([]int, bool) {
	widths := slices.Clone(natural)
	total := 0
	for _, w := range widths {
		if w > 0 {
			total += w + gap
		}
	}
	for shrink := 4; shrink > 0 && g.width > 0; shrink-- {
		for i, c := range g.columns {
			if c.shrink == shrink && total > g.width && widths[i] > 0 {
				less := min(total-g.width, max(widths[i]-max(c.min, 10), 0))
				widths[i] -= less
				total -= less
			}
		}
	}
	return widths, g.width == 0 || total <= g.width
}

// displayWidth is the number of terminal columns of a string.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is 2 for the characters that East Asian typography sets wide, 0 for
// combining marks.
// Source: Unicode Standard Annex #11, the blocks that are W or F throughout.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff,
		r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// truncate shortens s to width columns, the last of them an ellipsis.
func truncate(s string, width int) string {
	if displayWidth(s) <= width {
		return s
	}
	n := 0
	for i, r := range s {
		if n+runeWidth(r) > width-1 {
			return s[:i] + "…"
		}
		n += runeWidth(r)
	}
	return s
}

// clean takes out of text from an image or feed what a terminal would act on.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, s)
}
