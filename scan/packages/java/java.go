// Package java reads Java archives (jar, war, ear and their relatives), with
// the archives inside them, and says which Maven artifacts they are.
//
// The pom.properties files that Maven leaves in META-INF/maven are proof, also
// for libraries that were shaded into one jar. An archive without any is named
// by its manifest and file name; its group is then a well-known one, or what
// manifest says, or left out: the Name is "artifact" alone.
//
// Class files are not looked at: a library that was copied class by class and
// stripped of its META-INF is not found. Source: the JAR File Specification,
// Maven's archiver, Spring Boot's nested jars.
package java

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads Java archives.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "java" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner: archives by their name, if they begin like
// a zip archive or like the script of an executable jar.
func (*Scanner) Wants(e *image.Entry, head []byte) bool {
	return isArchive(head) && isArchiveName(e.Path)
}

// Scan implements scanner.Scanner. What could not be read inside the archive is
// in the error, by its inner path; the rest is in the result.
func (*Scanner) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	w := newWalk(ctx, f.Limits, f.TempDir)
	w.archive(level{content: f.Content, size: f.Size, path: f.Path})
	return scanner.Result{Packages: w.packages}, w.err()
}

// extensions are those of zip archives that hold Java classes: Java and Jakarta
// archives, NiFi, Karaf and Liferay bundles, Jenkins plugins, JBoss service
// archives, Android libraries.
var extensions = []string{
	".jar", ".war", ".ear", ".rar", ".par", ".sar", ".har", ".nar", ".kar", ".lpkg", ".hpi", ".jpi", ".aar",
}

// isArchiveName compares extensions without regard to case.
func isArchiveName(path string) bool {
	n := len(path)
	if n < 5 || path[n-4] != '.' && path[n-5] != '.' {
		return false
	}
	for _, x := range extensions {
		if strings.EqualFold(path[n-len(x):], x) {
			return true
		}
	}
	return false
}

func isArchive(head []byte) bool {
	return len(head) >= 4 && (string(head[:4]) == "PK\x03\x04" || string(head[:2]) == "#!")
}
