package scanner_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// mapped is a content that can be mapped, or cannot.
type mapped struct {
	io.ReaderAt
	data []byte
	err  error
	open int
}

func (m *mapped) Map(n int64) ([]byte, func(), error) {
	if m.err != nil {
		return nil, nil, m.err
	}
	m.open++
	return m.data[:n], func() { m.open-- }, nil
}

func TestWhole(t *testing.T) {
	text := []byte("hello")
	entry := image.Entry{Size: 5}
	m := &mapped{ReaderAt: bytes.NewReader(text), data: text}
	for name, f := range map[string]*scanner.File{
		"in memory":        {Entry: entry, Content: bytes.NewReader(text), Data: text},
		"spilled":          {Entry: entry, Content: bytes.NewReader(text)},
		"mapped":           {Entry: entry, Content: m},
		"cannot be mapped": {Entry: entry, Content: &mapped{ReaderAt: bytes.NewReader(text), err: errors.New("no")}},
	} {
		for max, want := range map[int64]string{5: "hello", 100: "hello", 2: "he"} {
			data, done, err := f.Whole(max)
			if err != nil || string(data) != want {
				t.Errorf("%s, %d bytes: got %q, %v", name, max, data, err)
			}
			done()
		}
	}
	if m.open != 0 {
		t.Errorf("%d mappings left", m.open)
	}
	short := &scanner.File{Entry: image.Entry{Size: 9}, Content: bytes.NewReader(text)}
	if _, _, err := short.Whole(9); err == nil {
		t.Error("shorter than its size: got no error")
	}
}
