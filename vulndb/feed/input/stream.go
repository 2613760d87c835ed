package input

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// Stream walks a JSON document of any size and holds one element at a time.
// Inside Object's and Array's callback exactly one of Object, Array, Decode and
// Skip must consume the element.
type Stream struct {
	name string
	dec  *json.Decoder
	in   *budget
}

// NewStream starts at the document's first value.
func NewStream(doc feed.Document) *Stream {
	in := &budget{r: doc.Body, left: MaxRecord}
	return &Stream{name: doc.Name, dec: json.NewDecoder(in), in: in}
}

// Object calls each for every member; a null is an object without members.
func (s *Stream) Object(each func(key string) error) error {
	return s.walk('{', func() error {
		t, err := s.dec.Token()
		if err != nil {
			return s.wrap(err)
		}
		key, ok := t.(string)
		if !ok {
			return s.wrap(fmt.Errorf("member name is %v", t))
		}
		return each(key)
	})
}

// Array calls each for every element; a null is an array without elements.
func (s *Stream) Array(each func() error) error {
	return s.walk('[', each)
}

func (s *Stream) walk(open json.Delim, each func() error) error {
	t, err := s.dec.Token()
	switch {
	case err != nil:
		return s.wrap(err)
	case t == nil:
		return nil
	case t != open:
		return s.wrap(fmt.Errorf("expected %v, found %v", open, t))
	}
	for s.dec.More() {
		s.in.left = MaxRecord
		if err := each(); err != nil {
			return err
		}
	}
	_, err = s.dec.Token()
	return s.wrap(err)
}

// Decode reads the element into v.
func (s *Stream) Decode(v any) error {
	s.in.left = MaxRecord
	return s.wrap(s.dec.Decode(v))
}

// Skip passes over the element, which must fit into MaxRecord.
func (s *Stream) Skip() error {
	var skipped json.RawMessage
	return s.Decode(&skipped)
}

// End fails unless the document ends here.
func (s *Stream) End() error {
	s.in.left = MaxRecord
	switch t, err := s.dec.Token(); {
	case err == io.EOF:
		return nil
	case err != nil:
		return s.wrap(err)
	default:
		return s.wrap(fmt.Errorf("%v after the end of the value", t))
	}
}

func (s *Stream) wrap(err error) error {
	if err == nil {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("parse %s: byte %d: %w", s.name, s.dec.InputOffset(), err)
}

// budget fails when more than left bytes are read before someone refills it.
type budget struct {
	r    io.Reader
	left int64
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}
