// Package tables reads the part of TOML that lock files are made of: arrays of
// tables, "[[package]]", whose keys have string values. Values of other types
// are kept as they are written; what belongs to sub-tables such as
// "[package.dependencies]" is passed over.
//
// It is no TOML parser: it wants one key per line, as poetry, uv, pdm, cargo and
// Julia's Pkg write them. Source: https://toml.io/en/v1.0.0.
package tables

import (
	"bytes"
	"iter"
	"strconv"
	"strings"
)

// Table is one table: its keys with their values. Strings are unquoted.
type Table map[string]string

// valueBytes is how much of a value is kept.
const valueBytes = 4096

// All yields every table of the arrays in text, with the array's name. The
// table is reused: it is valid until the next one.
func All(text []byte) iter.Seq2[string, Table] {
	return func(yield func(string, Table) bool) {
		p := parser{table: Table{}}
		for line := range bytes.Lines(text) {
			if p.header(line) {
				if p.full && !yield(p.array, p.table) {
					return
				}
				p.next(line)
				continue
			}
			p.line(line)
		}
		if p.full {
			yield(p.array, p.table)
		}
	}
}

// parser is the state between lines.
type parser struct {
	table  Table
	array  string // name of the current array of tables
	full   bool   // table is one of an array
	inside bool   // lines belong to the table itself, not to a sub-table
	until  string // the end of a value of several lines, or ""
}

// header says whether the line begins another element of an array, or a table
// that is none of its sub-tables.
func (p *parser) header(line []byte) bool {
	if p.until != "" || len(line) == 0 || line[0] != '[' {
		return false
	}
	if bytes.HasPrefix(line, []byte("[[")) {
		name := headerName(line)
		return !p.full || !strings.HasPrefix(name, p.array+".")
	}
	name := headerName(line)
	return !p.full || name != p.array && !strings.HasPrefix(name, p.array+".")
}

func headerName(line []byte) string {
	return string(bytes.Trim(bytes.TrimSpace(line), "[] "))
}

// next begins the table of a header line.
func (p *parser) next(line []byte) {
	clear(p.table)
	p.full = bytes.HasPrefix(line, []byte("[["))
	p.inside = p.full
	p.array = headerName(line)
}

// line reads a line that is no header of interest.
func (p *parser) line(line []byte) {
	switch {
	case p.until != "":
		if bytes.Contains(line, []byte(p.until)) {
			p.until = ""
		}
	case line[0] == '[':
		p.inside = false
	case line[0] != ' ' && line[0] != '\t' && line[0] != '#':
		p.pair(bytes.TrimSpace(line))
	}
}

// pair reads "key = value".
func (p *parser) pair(line []byte) {
	key, value, ok := bytes.Cut(line, []byte("="))
	if !ok {
		return
	}
	key, value = bytes.Trim(key, " \t\""), bytes.TrimSpace(value)
	for _, quotes := range []string{`"""`, "'''"} {
		if rest, ok := bytes.CutPrefix(value, []byte(quotes)); ok && !bytes.Contains(rest, []byte(quotes)) {
			p.until = quotes
			return
		}
	}
	if p.inside && len(key) > 0 && len(value) <= valueBytes {
		p.table[string(key)] = unquote(value)
	}
}

// unquote returns the string that a value begins with, or the value itself if
// it is no string.
func unquote(value []byte) string {
	if len(value) == 0 {
		return ""
	}
	switch value[0] {
	case '\'':
		if end := bytes.IndexByte(value[1:], '\''); end >= 0 {
			return string(value[1 : 1+end])
		}
	case '"':
		end := 1
		for end < len(value) && value[end] != '"' {
			if value[end] == '\\' {
				end++
			}
			end++
		}
		if end < len(value) {
			if s, err := strconv.Unquote(string(value[:end+1])); err == nil {
				return s
			}
		}
	}
	return string(value)
}
