package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/match/emergency"
	"github.com/boltseal/boltseal/match/suppress"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/vulndb"
)

// matcher is what a scan is matched against.
type matcher struct {
	db        *vulndb.DB // nil without a database
	emergency *emergency.Advisories
	path      string
	wanted    bool // the user wants a database
}

// matcher opens the database, if there is one, and the emergency advisories.
func (o *scanOptions) matcher() (*matcher, error) {
	m := &matcher{path: o.dbPath, wanted: !o.noDB}
	var err error
	if m.emergency, err = emergency.Load(o.emergency...); err != nil {
		return nil, err
	}
	if o.noDB {
		return m, nil
	}
	m.db, err = vulndb.Open(o.dbPath)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, hintError{err, "run 'boltseal db update' to build it again, or scan with --no-db"}
	}
	return m, nil
}

func (m *matcher) close() {
	if m.db != nil {
		m.db.Close()
	}
}

// match adds the vulnerabilities to the report's findings and says what was matched against what.
func (m *matcher) match(ctx context.Context, r *report.Report) error {
	dbs := []match.Database{m.emergency}
	if m.db != nil {
		dbs = append(dbs, m.db)
	}
	res, err := match.Match(ctx, &r.Inventory, dbs...)
	if err == nil {
		err = match.Describe(res.Findings, dbs...)
	}
	if err != nil {
		return err
	}
	r.Findings = append(r.Findings, res.Findings...)
	if m.db == nil {
		r.Notices = append(r.Notices, report.NoDatabase())
		return nil
	}
	meta := m.db.Meta()
	r.Database = &report.Database{
		Built: meta.Built, Vulnerabilities: meta.Vulnerabilities,
		Namespace: res.Namespace, Covered: res.Covered && m.db.Has(res.Namespace),
	}
	for _, s := range meta.Sources {
		if s.Error != "" {
			r.Database.Stale = append(r.Database.Stale, s.Name())
		}
	}
	if r.Inventory.OS != nil && !r.Database.Covered {
		r.Notices = append(r.Notices, report.NotCovered(r.Inventory.OS, res.Namespace))
	}
	if len(r.Database.Stale) > 0 {
		r.Notices = append(r.Notices, report.Stale(r.Database.Stale))
	}
	r.Database.Data = m.data(res.Namespace, r)
	if old := slices.DeleteFunc(slices.Clone(r.Database.Data), func(d report.Data) bool { return !d.Old }); len(old) > 0 {
		r.Notices = append(r.Notices, report.OldData(old))
	}
	if age := report.Age(r.Database.Built, r.Created); age > maxAge {
		r.Notices = append(r.Notices, report.Old(age))
	}
	return nil
}

// data says how far the advisories about the report's packages reach: those
// of the operating system first, then those of each language.
func (m *matcher) data(system string, r *report.Report) []report.Data {
	types := map[string]bool{}
	for i := range r.Inventory.Packages {
		if p := &r.Inventory.Packages[i]; p.Owner == "" {
			types[p.Type] = true
		}
	}
	var out []report.Data
	for _, name := range append([]string{system}, slices.Sorted(maps.Keys(types))...) {
		if n, ok := m.db.Namespace(name); ok {
			out = append(out, report.Data{Namespace: name, Newest: n.Newest, Old: vulndb.Old(n.Newest, r.Created)})
		}
	}
	return out
}

// maxAge in days is how old a database may be before the report complains.
const maxAge = 7

// defaultIgnoreFile is used when it exists in the working directory.
const defaultIgnoreFile = ".boltsealignore"

// suppressions reads the ignore file and VEX documents.
func (o *scanOptions) suppressions(target report.Target) (suppress.Rules, error) {
	var rules suppress.Rules
	path := o.ignoreFile
	if path == "" {
		if _, err := os.Stat(defaultIgnoreFile); err == nil {
			path = defaultIgnoreFile
		}
	}
	if path != "" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read ignore file: %w", err)
		}
		defer f.Close()
		if rules, err = suppress.ReadIgnore(f, path); err != nil {
			return nil, usage("%w", err)
		}
	}
	about := suppress.Product{Name: target.Name, Digest: target.Digest}
	for _, path := range o.vex {
		more, err := suppress.ReadVEX(path, about)
		if err != nil {
			return nil, err
		}
		rules = append(rules, more...)
	}
	return rules, nil
}
