package npm

import (
	"encoding/json"
	"errors"
)

// manifest is the part of a package.json that counts.
type manifest struct {
	name, version, license string
}

var errManifest = errors.New("not a JSON object")

// parseManifest picks the fields of the outermost object and passes over all
// else without decoding it. An image has thousands of these files, some with
// long lists. It stops when it has all, so it does not see what is broken
// behind.
func parseManifest(data []byte) (manifest, error) {
	var m manifest
	s := skimmer{data: data}
	if s.token() != '{' {
		return m, errManifest
	}
	s.at++
	for {
		switch s.token() {
		case '"':
		case '}':
			return m, nil
		default:
			return m, errManifest
		}
		key := s.value()
		if s.token() != ':' {
			return m, errManifest
		}
		s.at++
		value := s.value()
		if value == nil {
			return m, errManifest
		}
		m.set(key, value)
		if m.name != "" && m.version != "" && m.license != "" {
			return m, nil
		}
		if s.token() == ',' {
			s.at++
		}
	}
}

// set keeps a field. Licences were objects and lists of objects once.
func (m *manifest) set(key, value []byte) {
	switch string(key) {
	case `"name"`:
		json.Unmarshal(value, &m.name)
	case `"version"`:
		json.Unmarshal(value, &m.version)
	case `"license"`, `"licenses"`:
		m.license = license(value)
	}
}

func license(value []byte) string {
	var text string
	var object struct{ Type string }
	var list []struct{ Type string }
	switch {
	case json.Unmarshal(value, &text) == nil:
		return text
	case json.Unmarshal(value, &object) == nil:
		return object.Type
	case json.Unmarshal(value, &list) == nil && len(list) > 0:
		return list[0].Type
	}
	return ""
}

// skimmer goes over JSON text without decoding it.
type skimmer struct {
	data []byte
	at   int
}

// token skips white space and a byte order mark, and returns the next byte
// without taking it, 0 at the end.
func (s *skimmer) token() byte {
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; c {
		case ' ', '\t', '\n', '\r', 0xef, 0xbb, 0xbf:
		default:
			return c
		}
	}
	return 0
}

// value takes one value and returns its text, nil if the text ends before.
func (s *skimmer) value() []byte {
	first := s.token()
	start, depth := s.at, 0
	for s.at < len(s.data) {
		c := s.data[s.at]
		switch c {
		case '"':
			s.string()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			if depth == 0 {
				return s.data[start:s.at] // a number or word before it
			}
			depth--
			s.at++
		case ',', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return s.data[start:s.at]
			}
			s.at++
		default:
			s.at++
			continue
		}
		if depth == 0 && (first == '"' || first == '{' || first == '[') {
			return s.data[start:s.at]
		}
	}
	return nil
}

// string takes a string.
func (s *skimmer) string() {
	for s.at++; s.at < len(s.data); s.at++ {
		switch s.data[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
	s.at = min(s.at, len(s.data))
}
