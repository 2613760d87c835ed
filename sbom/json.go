package sbom

import (
	"encoding/json"
	"fmt"
	"io"
)

// stream reads JSON value by value, so that lists stop at their limits and what
// is of no interest takes no memory.
type stream struct{ *json.Decoder }

// json reads a document whose first member tells its format, or whose members
// do by their names.
func (d *draft) json(r io.Reader) error {
	s := stream{json.NewDecoder(r)}
	err := s.object(func(key string) error {
		if done, err := d.cyclonedxMember(s, key); done || err != nil {
			return err
		}
		return d.spdxMember(s, key)
	})
	if err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	return nil
}

// object calls member for each member of an object, which must read its value.
// Anything but an object is passed over.
func (s stream) object(member func(key string) error) error {
	open, err := s.Token()
	if err != nil {
		return eof(err)
	}
	if open != json.Delim('{') {
		return s.rest(open)
	}
	for s.More() {
		key, err := s.Token()
		if err != nil {
			return eof(err)
		}
		if err := member(key.(string)); err != nil {
			return err
		}
	}
	_, err = s.Token()
	return eof(err)
}

// array calls element for each element of an array. Anything but an array is
// passed over.
func (s stream) array(limit int, element func() error) error {
	open, err := s.Token()
	if err != nil {
		return eof(err)
	}
	if open != json.Delim('[') {
		return s.rest(open)
	}
	for n := 0; s.More(); n++ {
		if n == limit {
			return fmt.Errorf("list of more than %d: %w", limit, ErrLimit)
		}
		if err := element(); err != nil {
			return err
		}
	}
	_, err = s.Token()
	return eof(err)
}

// text reads a string; any other value is "".
func (s stream) text() (string, error) {
	t, err := s.Token()
	if err != nil {
		return "", eof(err)
	}
	if v, ok := t.(string); ok {
		return v, nil
	}
	return "", s.rest(t)
}

// skip passes over one value.
func (s stream) skip() error {
	t, err := s.Token()
	if err != nil {
		return eof(err)
	}
	return s.rest(t)
}

// rest passes over what follows the first token of a value.
func (s stream) rest(first json.Token) error {
	depth := 0
	for t := first; ; {
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = s.Token(); err != nil {
			return eof(err)
		}
	}
}

// texts reads an object of strings, passing over other members.
func (s stream) texts() (map[string]string, error) {
	m := map[string]string{}
	err := s.object(func(key string) error {
		v, err := s.text()
		if v != "" && len(m) < maxItems {
			m[key] = v
		}
		return err
	})
	return m, err
}

// into reads a string into a variable.
func (s stream) into(p *string) (err error) {
	*p, err = s.text()
	return err
}

// eof makes the end inside of a value an error that says so.
func eof(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
