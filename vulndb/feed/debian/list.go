package debian

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// entry is one advisory of a list as it is being read:
//
//	[12 Feb 2025] DSA-5864-1 pam-pkcs11 - security update
//		{CVE-2025-24032 CVE-2025-24531}
//		[bookworm] - pam-pkcs11 0.6.12-1+deb12u1
//
// Lines that start with NOTE are for people.
type entry struct {
	id       string
	title    string
	issued   int64
	cves     []string
	packages []statement
}

// statement is one line "[codename] - package version".
type statement struct {
	namespace, name, version string
}

func parseList(ctx context.Context, doc feed.Document, out feed.Sink) error {
	l := list{out: out}
	err := input.Lines(ctx, doc, l.line)
	if err == nil {
		err = l.flush()
	}
	if err == nil && l.entries == 0 {
		err = fmt.Errorf("parse %s: no advisory in it", doc.Name)
	}
	return err
}

// list is the state of reading a list.
type list struct {
	out     feed.Sink
	entry   entry
	entries int
}

func (l *list) line(line []byte) error {
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return nil
	case line[0] == '[':
		if err := l.flush(); err != nil {
			return err
		}
		l.entries++
		return l.entry.head(string(line))
	case line[0] != ' ' && line[0] != '\t' || l.entries == 0:
		return fmt.Errorf("%.60q is neither an advisory nor a part of one", line)
	}
	switch line = bytes.TrimSpace(line); line[0] {
	case '{':
		l.entry.cves = append(l.entry.cves, input.CVEs(string(line))...)
	case '[':
		return l.entry.statement(string(line))
	}
	return nil
}

// head reads "[date] id title" into a fresh entry. Old lists misspell a date
// now and then: then it is unknown.
func (e *entry) head(line string) error {
	*e = entry{cves: e.cves[:0], packages: e.packages[:0]}
	date, rest, ok := strings.Cut(line[1:], "] ")
	if !ok {
		return fmt.Errorf("%.60q: no date in brackets", line)
	}
	if t, err := time.Parse("2 Jan 2006", date); err == nil {
		e.issued = t.Unix()
	}
	if e.id, e.title, _ = strings.Cut(rest, " "); e.id == "" {
		return errors.New("no identifier after the date")
	}
	return nil
}

// statement reads "[codename] - package version", of releases that are known.
func (e *entry) statement(line string) error {
	f := strings.Fields(line)
	if len(f) < 4 || f[1] != "-" || !strings.HasSuffix(f[0], "]") {
		return fmt.Errorf("%.60q is not [release] - package version", line)
	}
	if ns := namespaces[strings.Trim(f[0], "[]")]; ns != "" {
		e.packages = append(e.packages, statement{ns, f[2], f[3]})
	}
	return nil
}

// flush emits the entry that is complete. An update without identifiers is its
// own vulnerability, unless it repairs an earlier update.
func (l *list) flush() error {
	e := &l.entry
	if len(e.cves) == 0 && len(e.packages) > 0 {
		if !strings.HasSuffix(e.id, "-1") || strings.Contains(e.title, "regression") {
			return nil
		}
		e.cves = append(e.cves, e.id)
		v := vulndb.Vulnerability{ID: e.id, Source: Name, Title: e.title, Published: time.Unix(e.issued, 0).UTC()}
		if err := l.out.Vulnerability(&v); err != nil {
			return err
		}
	}
	for _, p := range e.packages {
		for _, cve := range e.cves {
			a := vulndb.Advisory{
				Namespace: p.namespace, Package: p.name, Vulnerability: cve, Advisory: e.id, Source: Name,
				Modified: e.issued,
			}
			p.judge(&a)
			if err := l.out.Advisory(&a); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge sets the status and range of a. In place of a version a list may say
// <not-affected>, <unfixed> or <end-of-life>.
func (p *statement) judge(a *vulndb.Advisory) {
	switch p.version {
	case "<not-affected>":
		a.Status = finding.StatusNotAffected
	case "<end-of-life>":
		a.Status = finding.StatusEndOfLife
	default:
		if strings.HasPrefix(p.version, "<") {
			a.Status = finding.StatusAffected
			return
		}
		a.Status = finding.StatusFixed
		a.Ranges = []vulndb.Range{{Fixed: p.version}}
	}
}
