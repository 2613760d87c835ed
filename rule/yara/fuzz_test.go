package yara

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
)

// FuzzRules compiles any text and scans it with what it became.
func FuzzRules(f *testing.F) {
	f.Add([]byte(`import "elf" rule a : t { meta: m = 1 strings: $a = "x" wide xor $b = { 00 [1-] ?? ( 01 | 02 ) } $c = /a+(b|c)?/i condition: any of them and #a > 1 or elf.type == 2 }`))
	f.Add([]byte("rule a { condition: for any i in (1..3) : ( uint8(i) == 0x20 ) and not defined filesize }"))
	f.Add([]byte("rule a { strings: $ = /[^\\x00-\\x1f]{2,3}$/ condition: for all of them : ( @ < 10 ) }"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 {
			return
		}
		r, _ := Compile([]Source{{Name: "f", Text: text}}, Options{Limits: Limits{Steps: 100_000, Matches: 1000}})
		scanAny(t, r, text)
	})
}

// FuzzScan scans any text with generated rules.
func FuzzScan(f *testing.F) {
	f.Add(uint64(1), []byte("abAB _1\x00\nabab"))
	f.Add(uint64(2), []byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, seed uint64, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		text := `import "elf" rule e { condition: elf.entry_point > 0 or for any s in elf.symtab : ( s.name == "x" ) or elf.sections[1].name == "y" }` + "\n" +
			g.rule(1) + g.rule(2)
		r, _ := Compile([]Source{{Name: "f", Text: []byte(text)}}, Options{Limits: Limits{Steps: 1_000_000, Matches: 1000}})
		scanAny(t, r, data)
	})
}

// scanAny checks what must be true of every result.
func scanAny(t *testing.T, r *Rules, data []byte) {
	ms, err := r.Scan(context.Background(), data, nil)
	var limit *LimitError
	if err != nil && !errors.As(err, &limit) {
		t.Fatal(err)
	}
	for _, m := range ms {
		for _, s := range m.Strings {
			if s.Offset < 0 || s.Length < 1 || s.Offset+s.Length > len(data) {
				t.Fatalf("rule %s: %s at %d+%d of %d bytes", m.Rule, s.ID, s.Offset, s.Length, len(data))
			}
		}
	}
}
