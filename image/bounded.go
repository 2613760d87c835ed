package image

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// bounded is a JSON array that is refused beyond maxItems elements before it
// takes memory: a few bytes of text make hundreds of bytes of structures.
type bounded[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (b *bounded[T]) UnmarshalJSON(data []byte) error {
	dec, err := inside(data, '[')
	if dec == nil || err != nil {
		return err
	}
	out := bounded[T]{}
	for dec.More() {
		if len(out) == maxItems {
			return fmt.Errorf("%w: list of more than %d elements", ErrLimit, maxItems)
		}
		var v T
		if err := dec.Decode(&v); err != nil {
			return err
		}
		out = append(out, v)
	}
	*b = out
	return nil
}

// boundedMap is a JSON object with the same bound.
type boundedMap[T any] map[string]T

// UnmarshalJSON implements json.Unmarshaler.
func (b *boundedMap[T]) UnmarshalJSON(data []byte) error {
	dec, err := inside(data, '{')
	if dec == nil || err != nil {
		return err
	}
	out := boundedMap[T]{}
	for n := 0; dec.More(); n++ {
		if n == maxItems {
			return fmt.Errorf("%w: object of more than %d members", ErrLimit, maxItems)
		}
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var v T
		if err := dec.Decode(&v); err != nil {
			return err
		}
		out[key.(string)] = v // all tokens here are keys
	}
	*b = out
	return nil
}

// inside returns a decoder behind the opening bracket, nil where the value is
// null.
func inside(data []byte, open json.Delim) (*json.Decoder, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	tok, err := dec.Token()
	if err != nil || tok == nil {
		return nil, err
	}
	if tok != open {
		return nil, fmt.Errorf("%v where %v must be", tok, open)
	}
	return dec, nil
}
