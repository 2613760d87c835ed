// Package release reads the files that name the operating system: os-release
// and what came before it. It does not decide which of several files of one
// image is right; Rank orders them for whoever does.
//
// Sources: os-release(5), lsb_release(1), and the release files of the
// distributions in the table below.
package release

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Name is the scanner's name.
const Name = "release"

// fileBytes is more than any release file has; what follows is not read.
const fileBytes = 64 << 10

// Scanner reads release files.
type Scanner struct{}

// New returns the scanner.
func New() scanner.Scanner { return Scanner{} }

// Name implements scanner.Scanner.
func (Scanner) Name() string { return Name }

// Version implements scanner.Scanner.
func (Scanner) Version() int { return 2 }

// Wants implements scanner.Scanner.
func (Scanner) Wants(e *image.Entry, _ []byte) bool { return find(e.Path) >= 0 }

// Scan implements scanner.Scanner. The result has no OS when the file does not
// tell one.
func (Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	i := find(f.Path)
	if i < 0 {
		return scanner.Result{}, nil
	}
	text, err := io.ReadAll(io.LimitReader(f.Reader(), fileBytes))
	if err != nil {
		return scanner.Result{}, err
	}
	if f.Size > fileBytes {
		err = fmt.Errorf("%w: %d bytes, only the first %d were read", image.ErrLimit, f.Size, fileBytes)
	}
	os := files[i].parse(string(text))
	if os == nil || os.ID == "" {
		return scanner.Result{}, err
	}
	os.Path = f.Path
	return scanner.Result{OS: os}, err
}

// file is one kind of release file.
type file struct {
	path  string
	parse func(text string) *inventory.OS
}

// files are the release files, the one to believe first first: os-release, then
// files that only one distribution has, then those that a rebuild or a
// derivative keeps from the distribution that it was made from.
var files = []file{
	{"etc/os-release", parseOSRelease},
	{"usr/lib/os-release", parseOSRelease},
	{"etc/.productinfo", parseLine},
	{"etc/alpine-release", parseAlpine},
	{"etc/oracle-release", parseLine},
	{"etc/rocky-release", parseLine},
	{"etc/almalinux-release", parseLine},
	{"etc/openEuler-release", parseLine},
	{"etc/euleros-release", parseLine},
	{"etc/hce-release", parseLine},
	{"etc/anolis-release", parseLine},
	{"etc/alinux-release", parseLine},
	{"etc/kylin-release", parseLine},
	{"etc/tencentos-release", parseLine},
	{"etc/tlinux-release", parseLine},
	{"etc/opencloudos-release", parseLine},
	{"etc/uos-release", parseLine},
	{"etc/UnionTech-release", parseLine},
	{"etc/neokylin-release", parseLine},
	{"etc/photon-release", parseLine},
	{"etc/mariner-release", parseLine},
	{"etc/azurelinux-release", parseLine},
	{"etc/SuSE-release", parseSUSE},
	{"etc/fedora-release", parseLine},
	{"etc/centos-release", parseLine},
	{"etc/system-release", parseLine},
	{"etc/redhat-release", parseLine},
	{"etc/lsb-release", parseLSB},
	{"etc/debian_version", parseDebian},
}

// Rank orders release files: the file with the smallest rank is to be
// believed. Paths that are no release file rank last.
func Rank(path string) int {
	if i := find(path); i >= 0 {
		return i
	}
	return len(files)
}

// find returns the index of path in files, or -1.
func find(path string) int {
	if !strings.HasSuffix(path, "release") && !strings.HasSuffix(path, "debian_version") && !strings.HasSuffix(path, "productinfo") {
		return -1
	}
	for i := range files {
		if scanner.At(path, files[i].path) {
			return i
		}
	}
	return -1
}
