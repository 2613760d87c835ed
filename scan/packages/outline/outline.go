// Package outline reads the block style of YAML line by line: indentation,
// key, value. That is enough for lock files, which programs write: nothing is
// built up in memory, and there are no anchors, tags or flow collections to
// expand.
//
// It is no YAML parser: flow collections and block scalars are returned as they
// are written. Source: https://yaml.org/spec/1.2.2/.
package outline

import (
	"bytes"
	"iter"
	"strconv"
	"strings"
)

// Line is one line that is not empty and no comment.
type Line struct {
	// Indent counts the spaces before the key, those of "- " included.
	Indent int
	// Item is set when the line begins an element of a list.
	Item bool
	// Key is "" when the line has none; Value is "" when it follows on other
	// lines. Both are unquoted.
	Key, Value string
}

// lineBytes is how much of a line is read. Keys of more than 1,024 bytes
// are rare but real.
const lineBytes = 64 << 10

// All yields the lines of text.
func All(text []byte) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for raw := range bytes.Lines(text) {
			raw = bytes.TrimRight(raw[:min(len(raw), lineBytes)], " \t\r\n")
			rest := bytes.TrimLeft(raw, " ")
			if len(rest) == 0 || rest[0] == '#' {
				continue
			}
			l := Line{Indent: len(raw) - len(rest)}
			for len(rest) > 1 && rest[0] == '-' && rest[1] == ' ' {
				l.Item = true
				trimmed := bytes.TrimLeft(rest[1:], " ")
				l.Indent += len(rest) - len(trimmed)
				rest = trimmed
			}
			// "? key" stands for a long key; its ":" follows on another line.
			if key, ok := bytes.CutPrefix(rest, []byte("? ")); ok {
				l.Key, _ = scalar(bytes.TrimSpace(key))
			} else if string(rest) == ":" {
				continue
			} else {
				l.Key, l.Value = pair(rest)
			}
			if !yield(l) {
				return
			}
		}
	}
}

// pair splits "key: value", "key:" and "value".
func pair(s []byte) (key, rhs string) {
	key, rest := scalar(s)
	if after, ok := bytes.CutPrefix(rest, []byte(":")); ok && (len(after) == 0 || after[0] == ' ') {
		return key, value(bytes.TrimSpace(after))
	}
	return "", key
}

// value is what stands behind a key.
func value(s []byte) string {
	if len(s) > 0 && (s[0] == '\'' || s[0] == '"') {
		text, _ := scalar(s)
		return text
	}
	if i := bytes.Index(s, []byte(" #")); i >= 0 {
		s = bytes.TrimRight(s[:i], " ")
	}
	return string(s)
}

// scalar reads a quoted string, or a plain one up to ": ", a final ":" or a
// comment; rest is what follows it.
func scalar(s []byte) (text string, rest []byte) {
	if len(s) == 0 {
		return "", nil
	}
	switch s[0] {
	case '\'':
		return singleQuoted(s)
	case '"':
		return doubleQuoted(s)
	}
	end := len(s)
	if i := bytes.Index(s, []byte(": ")); i >= 0 {
		end = i
	} else if s[end-1] == ':' {
		end--
	}
	if i := bytes.Index(s[:end], []byte(" #")); i >= 0 {
		return string(bytes.TrimRight(s[:i], " ")), nil
	}
	return string(s[:end]), s[end:]
}

func singleQuoted(s []byte) (string, []byte) {
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			i++
			continue
		}
		return strings.ReplaceAll(string(s[1:i]), "''", "'"), s[i+1:]
	}
	return string(s), nil
}

func doubleQuoted(s []byte) (string, []byte) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if text, err := strconv.Unquote(string(s[:i+1])); err == nil {
				return text, s[i+1:]
			}
			return string(s[1:i]), s[i+1:]
		}
	}
	return string(s), nil
}
