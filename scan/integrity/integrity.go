// Package integrity notes of each file what tells whether it is the one that a
// package brought: whether it is a program, who it runs as, and digests to
// compare with the package database. It judges nothing, since one file does not
// say what owns it; package scan joins these facts with all layers and databases.
//
// Digests cost time: package databases have MD5 (dpkg), SHA-1 (apk) or SHA-256
// (rpm), and which one an image has is not known while its layers are read. So by
// default only what an intruder would change is compared: programs, shared
// libraries up to 4 MiB and PAM modules where packages put them. Full compares
// every file that a package lists.
package integrity

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Name is the scanner's name in results.
const Name = "integrity"

// Level says how much is compared.
type Level string

// The levels.
const (
	Programs Level = "programs" // programs and libraries, the default
	Full     Level = "full"     // every file of every package
	Off      Level = "off"
)

// ParseLevel reads a level; "" is Programs.
func ParseLevel(s string) (Level, error) {
	switch l := Level(s); l {
	case "":
		return Programs, nil
	case Programs, Full, Off:
		return l, nil
	}
	return "", fmt.Errorf("integrity level %q: want programs, full or off", s)
}

// Scanner implements scanner.Scanner and scanner.HeadScanner.
type Scanner struct{ level Level }

// New returns the scanner.
func New(level Level) Scanner { return Scanner{level} }

// Name implements scanner.Scanner.
func (Scanner) Name() string { return Name }

// Version implements scanner.Scanner.
func (s Scanner) Version() int {
	if s.level == Full {
		return 1001
	}
	return 1
}

// Wants implements scanner.Scanner: what is compared must be read whole.
func (s Scanner) Wants(e *image.Entry, head []byte) bool {
	if !s.level.Lists(e.Path) || e.Size == 0 {
		return false
	}
	return s.level == Full || !isLibrary(e.Path) || e.Size <= maxLibrary
}

// maxLibrary is how large a library may be that is compared by default. In
// Debian 12's largest image sets it leaves out 2 % of the libraries and two
// thirds of their bytes: compilers and browsers.
const maxLibrary = 4 << 20

// Scan implements scanner.Scanner.
func (s Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	head := f.Data
	if head == nil {
		head = make([]byte, min(f.Size, headBytes))
		if _, err := io.ReadFull(f.Reader(), head); err != nil {
			return scanner.Result{}, fmt.Errorf("read program: %w", err)
		}
	}
	fact := describe(&f.Entry, head)
	var err error
	if fact.Digests, err = digests(f); err != nil {
		return scanner.Result{}, err
	}
	return result(f.Path, fact), nil
}

// ScanHead implements scanner.HeadScanner.
func (s Scanner) ScanHead(e *image.Entry, head []byte) scanner.Result {
	fact := describe(e, head)
	if !fact.Program && !fact.SetUID && !fact.SetGID {
		return scanner.Result{}
	}
	return result(e.Path, fact)
}

func result(path string, fact scanner.Fact) scanner.Result {
	res := scanner.Result{Fact: &fact}
	if fact.Program {
		res.Findings = oddities(path, fact.Packed)
	}
	return res
}

func describe(e *image.Entry, head []byte) scanner.Fact {
	program := IsProgram(head)
	return scanner.Fact{
		Program: program, Packed: program && packed(head), UID: e.UID,
		SetUID: e.Mode&fs.ModeSetuid != 0, SetGID: e.Mode&fs.ModeSetgid != 0,
	}
}

// digests computes what the database of the file's distribution may have.
func digests(f *scanner.File) ([]string, error) {
	var hashes []hash.Hash
	debian, redhat := layout(f.Path)
	if !redhat {
		hashes = append(hashes, md5.New())
	}
	if !debian && !redhat {
		hashes = append(hashes, sha1.New())
	}
	if !debian {
		hashes = append(hashes, sha256.New())
	}
	var out []string
	for _, h := range hashes {
		if f.Data != nil {
			h.Write(f.Data)
		} else if _, err := io.Copy(h, f.Reader()); err != nil {
			return nil, fmt.Errorf("read program: %w", err)
		}
		out = append(out, hex.EncodeToString(h.Sum(nil)))
	}
	return out, nil
}

// layout says whether a path is as only Debian's or only Red Hat's family has
// them.
func layout(path string) (debian, redhat bool) {
	return strings.Contains(path, "-linux-gnu"), strings.HasPrefix(path, "usr/lib64/") || strings.HasPrefix(path, "lib64/")
}
