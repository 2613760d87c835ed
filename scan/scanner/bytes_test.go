package scanner_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

func TestBytes(t *testing.T) {
	text := []byte("hello")
	f := &scanner.File{Entry: image.Entry{Size: 5}, Content: bytes.NewReader(text)}
	if got, err := f.Bytes(5); err != nil || string(got) != "hello" {
		t.Errorf("spilled: got %q, %v", got, err)
	}
	f.Data = text
	if got, err := f.Bytes(5); err != nil || &got[0] != &text[0] {
		t.Errorf("in memory: got %q, %v; want the same bytes", got, err)
	}
	if _, err := f.Bytes(4); !errors.Is(err, image.ErrLimit) {
		t.Errorf("too large: got %v, want ErrLimit", err)
	}
	f.Data, f.Size = nil, 6
	if _, err := f.Bytes(10); err == nil {
		t.Error("shorter than its size: got no error")
	}
}

func TestText(t *testing.T) {
	for separator, want := range map[string]error{"\n": image.ErrLimit, ",": image.ErrLimit, "<": image.ErrLimit, "a": nil} {
		text := bytes.Repeat([]byte(separator), scanner.TextItems+1)
		f := &scanner.File{Entry: image.Entry{Size: int64(len(text))}, Content: bytes.NewReader(text)}
		if _, err := f.Text(); !errors.Is(err, want) {
			t.Errorf("%d times %q: got %v, want %v", len(text), separator, err, want)
		}
	}
}
