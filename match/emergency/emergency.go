// Package emergency matches packages against a short list of advisories written
// by hand: the most exploited vulnerabilities of container software, embedded in
// the binary, and files that the user drops in for something brand-new. They
// count with or without a vulnerability database.
package emergency

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/rules"
	"github.com/boltseal/boltseal/vulndb"
)

// Source is the name under which reports show these advisories.
const Source = "emergency"

// maxFile bounds a file of advisories.
const maxFile = 8 << 20

// Advisories implements match.Database. It is immutable and safe for concurrent
// use.
type Advisories struct {
	affected        map[string][]statement // by "namespace package"
	vulnerabilities map[string]*finding.Vulnerability
}

var _ match.Database = (*Advisories)(nil)

// statement is one line about a package. Its constraint is parsed when the
// package is looked up, which most packages never are.
type statement struct {
	vulnerability, constraint string
}

// Load reads the embedded advisories and the given files. An error names the
// file and the line.
func Load(files ...string) (*Advisories, error) {
	a := &Advisories{affected: map[string][]statement{}, vulnerabilities: map[string]*finding.Vulnerability{}}
	err := fs.WalkDir(rules.Emergency, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := rules.Emergency.ReadFile(path)
		if err != nil {
			return err
		}
		return a.parse(string(data), path, false)
	})
	for i := 0; err == nil && i < len(files); i++ {
		var data []byte
		if data, err = readFile(files[i]); err == nil {
			err = a.parse(string(data), files[i], true)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read emergency advisories: %w", err)
	}
	return a, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: larger than %d bytes", path, maxFile)
	}
	return data, err
}

// Advisories implements match.Database.
func (a *Advisories) Advisories(namespace, pkg string, dst []vulndb.Advisory) ([]vulndb.Advisory, error) {
	for _, s := range a.affected[namespace+" "+pkg] {
		adv := vulndb.Advisory{
			Namespace: namespace, Package: pkg, Vulnerability: s.vulnerability, Advisory: s.vulnerability, Source: Source,
			Status: finding.StatusAffected,
		}
		var err error
		if adv.Ranges, err = ranges(namespace, s.constraint); err != nil {
			return dst, fmt.Errorf("emergency advisory %s: %w", s.vulnerability, err)
		}
		for _, r := range adv.Ranges {
			if r.Fixed != "" {
				adv.Status = finding.StatusFixed
			}
		}
		dst = append(dst, adv)
	}
	return dst, nil
}

// Vulnerability implements match.Database.
func (a *Advisories) Vulnerability(id string) (*finding.Vulnerability, error) {
	return a.vulnerabilities[id], nil
}

// Summary implements match.Database. Everything is short here.
func (a *Advisories) Summary(id string) (*finding.Vulnerability, error) {
	return a.vulnerabilities[id], nil
}

// Has implements match.Database: a handful of advisories does not cover a
// distribution.
func (a *Advisories) Has(string) bool { return false }

// Len is the number of vulnerabilities.
func (a *Advisories) Len() int {
	n := 0
	for id, v := range a.vulnerabilities {
		if id == v.ID {
			n++
		}
	}
	return n
}
