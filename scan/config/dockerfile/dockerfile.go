// Package dockerfile reads Dockerfiles and Containerfiles into the shape that
// checks expect: stages with their instructions, each with its words and lines.
// It follows BuildKit's reading of a file (escape directive, continuation lines,
// comments between them, here-documents, exec form) but takes what BuildKit
// would refuse: an unknown instruction is kept, not an error.
//
// Source of the format: Dockerfile reference of Docker.
package dockerfile

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
)

const (
	maxBytes        = 1 << 20
	maxInstructions = 10000
)

// File is a parsed file.
type File struct {
	Stages []Stage
}

// Stage is what one FROM begins. What stands before the first FROM is a stage
// of its own, named "args".
type Stage struct {
	Name     string
	Commands []Command
}

// Command is one instruction.
type Command struct {
	Cmd      string   // lower case
	SubCmd   string   // of ONBUILD and HEALTHCHECK
	Flags    []string // "--from=build"
	Value    []string // words, depending on the instruction
	Original string   // the instruction on one line
	JSON     bool     // in exec form
	Stage    int
	// StartLine and EndLine count from 1.
	StartLine, EndLine int
}

// Parse reads a file. It fails on files without any FROM and on limits.
func Parse(data []byte) (*File, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes", image.ErrLimit, maxBytes)
	}
	r := newReader(data)
	f := &File{}
	stage := Stage{Name: "args"}
	index, begun := 0, false
	for n := 0; r.next(); n++ {
		if n >= maxInstructions {
			return f, fmt.Errorf("%w: more than %d instructions", image.ErrLimit, maxInstructions)
		}
		c := r.instruction()
		if c.Cmd == "from" {
			if len(stage.Commands) > 0 {
				f.Stages = append(f.Stages, stage)
			}
			if begun {
				index++
			}
			begun = true
			stage = Stage{Name: stageName(c.Original)}
		}
		c.Stage = index
		stage.Commands = append(stage.Commands, c)
	}
	if len(stage.Commands) > 0 {
		f.Stages = append(f.Stages, stage)
	}
	if !begun {
		return f, fmt.Errorf("no FROM instruction")
	}
	return f, nil
}

func stageName(original string) string {
	return strings.TrimSpace(strings.TrimPrefix(original, "FROM "))
}

// reader joins the lines of each instruction.
type reader struct {
	lines  [][]byte
	at     int // the next line
	escape byte

	text       string // the instruction on one line
	start, end int
}

func newReader(data []byte) *reader {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := &reader{lines: bytes.Split(data, []byte("\n")), escape: '\\'}
	for _, line := range r.lines { // directives stand before everything else
		text, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("#"))
		name, value, isDirective := bytes.Cut(text, []byte("="))
		if !ok || !isDirective {
			break
		}
		if strings.EqualFold(string(bytes.TrimSpace(name)), "escape") && string(bytes.TrimSpace(value)) == "`" {
			r.escape = '`'
		}
	}
	return r
}

// next finds the next instruction.
func (r *reader) next() bool {
	for ; r.at < len(r.lines); r.at++ {
		line := bytes.TrimSpace(r.lines[r.at])
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		r.join()
		return true
	}
	return false
}

// join puts a line and its continuations together.
func (r *reader) join() {
	r.start = r.at + 1
	var b strings.Builder
	text, more := r.continued(strings.TrimLeft(string(r.lines[r.at]), " \t\r\v\f"))
	b.WriteString(text)
	r.at++
	r.end = r.at
	for more && r.at < len(r.lines) {
		line := string(r.lines[r.at])
		if r.at == len(r.lines)-1 && line == "" {
			break
		}
		r.at++
		r.end = r.at
		if t := strings.TrimSpace(line); t == "" || t[0] == '#' {
			continue
		}
		text, more = r.continued(line)
		b.WriteString(text)
	}
	r.text = b.String()
}

// continued cuts the escape character at the end of a line off.
func (r *reader) continued(line string) (string, bool) {
	line = strings.TrimSuffix(line, "\r")
	if t := strings.TrimRight(line, " \t\r"); t != "" && t[len(t)-1] == r.escape {
		return t[:len(t)-1], true
	}
	return line, false
}
