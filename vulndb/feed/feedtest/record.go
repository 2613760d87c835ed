// Package feedtest is what the tests of feeds share: a sink that remembers, the
// documents of a real mirror, the conformance test and the fuzz target that
// every feed runs.
package feedtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/vulndb"
)

// ErrIncomplete is wrapped by Record's errors about records without a key.
var ErrIncomplete = errors.New("record lacks a part of its key")

// Record is a feed.Sink that keeps everything, in order.
type Record struct {
	mu              sync.Mutex
	Advisories      []vulndb.Advisory
	Vulnerabilities []vulndb.Vulnerability
}

// Advisory implements feed.Sink.
func (r *Record) Advisory(a *vulndb.Advisory) error {
	if a.Namespace == "" || a.Package == "" || a.Vulnerability == "" || a.Source == "" || a.Status == "" {
		return fmt.Errorf("%w: %+v", ErrIncomplete, *a)
	}
	c := *a
	c.Arch, c.Ranges, c.Versions = slices.Clone(a.Arch), slices.Clone(a.Ranges), slices.Clone(a.Versions)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Advisories = append(r.Advisories, c)
	return nil
}

// Vulnerability implements feed.Sink.
func (r *Record) Vulnerability(v *vulndb.Vulnerability) error {
	if v.ID == "" || v.Source == "" {
		return fmt.Errorf("%w: %+v", ErrIncomplete, *v)
	}
	c := *v
	c.Aliases, c.Severities = slices.Clone(v.Aliases), slices.Clone(v.Severities)
	c.CWEs, c.References = slices.Clone(v.CWEs), slices.Clone(v.References)
	if v.KEV != nil {
		kev := *v.KEV
		c.KEV = &kev
	}
	if v.EPSS != nil {
		epss := *v.EPSS
		c.EPSS = &epss
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Vulnerabilities = append(r.Vulnerabilities, c)
	return nil
}

// Lines writes one line per advisory, in order, for tables of expectations:
//
//	debian:12 curl CVE-2023-38545 fixed <7.88.1-10+deb12u4 high DSA-5523-1
//
// with "[name:stream]" after the package where there is a module, "(x86_64)"
// where the architecture is restricted, and nothing where a part is empty.
func (r *Record) Lines() []string {
	var lines []string
	for i := range r.Advisories {
		lines = append(lines, Line(&r.Advisories[i]))
	}
	return lines
}

// Line writes one advisory as Lines does.
func Line(a *vulndb.Advisory) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", a.Namespace, a.Package)
	if a.Module != "" {
		fmt.Fprintf(&b, " [%s]", a.Module)
	}
	if len(a.Arch) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(a.Arch, ","))
	}
	fmt.Fprintf(&b, " %s %s", a.Vulnerability, a.Status)
	for _, r := range a.Ranges {
		b.WriteByte(' ')
		if r.Introduced != "" {
			b.WriteString(">=" + r.Introduced + ",")
		}
		switch {
		case r.Fixed != "":
			b.WriteString("<" + r.Fixed)
		case r.LastAffected != "":
			b.WriteString("<=" + r.LastAffected)
		default:
			b.WriteString("*")
		}
	}
	for _, v := range a.Versions {
		b.WriteString(" =" + v)
	}
	if a.Severity != 0 {
		b.WriteString(" " + a.Severity.String())
	}
	if a.Advisory != "" {
		b.WriteString(" " + a.Advisory)
	}
	return b.String()
}

// count is a sink that only counts.
type count struct{ advisories, vulnerabilities int }

func (c *count) Advisory(*vulndb.Advisory) error           { c.advisories++; return nil }
func (c *count) Vulnerability(*vulndb.Vulnerability) error { c.vulnerabilities++; return nil }
