// Package update makes the vulnerability database from its feeds and keeps it
// new: it downloads what changed, or reads a mirror, has it built, and puts the
// result in the place of the old file at once. Whatever goes wrong, the last
// good database stays in use, and what a feed could not bring anew is carried
// over from it; the database's Meta says how old each part is.
//
// Start at Update. Export and Import move a database to sites without a
// network.
package update

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/build"
	"github.com/boltseal/boltseal/vulndb/feed"
)

// Options say what to update from where.
type Options struct {
	// Path is the database's file. Temporary files and interrupted downloads
	// stand beside it, in Path + ".d".
	Path string
	// Mirror replaces the feeds' own servers: a directory whose files match
	// the artifacts' Mirror patterns, or an http(s) URL below which a file
	// stands at the host and path of its upstream URL:
	// https://mirror.example/osv-vulnerabilities.storage.googleapis.com/npm/all.zip
	Mirror string
	// Feeds to read; nil means Feeds().
	Feeds []feed.Feed
	// Only limits the update to feeds ("osv") and artifacts ("osv/npm"); the
	// rest is carried over. Empty means all.
	Only []string
	// Full ignores the previous database: nothing is carried over, and
	// everything is downloaded.
	Full bool
	// Progress is told what happens, from several goroutines. May be nil.
	Progress func(Progress)
	// Parallel is the number of downloads at the same time, 4 when 0.
	Parallel int
	// Backoff is the wait before the second attempt of a request; each further
	// one waits twice as long. One second when 0.
	Backoff time.Duration
	// Client makes the requests; nil means a client with sensible timeouts.
	Client *http.Client
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Progress is one step of an update.
type Progress struct {
	// Feed and Artifact are empty for steps that concern all.
	Feed, Artifact string
	Step           Step
	// Of is how many artifacts there are.
	Of int
	// Bytes of Total were downloaded; Total is 0 when it is unknown.
	Bytes, Total int64
	// Records were read so far.
	Records int
	Err     error
}

// Step says what an update is doing.
type Step string

// The steps.
const (
	StepWait     Step = "wait"     // for another update to end
	StepDownload Step = "download" // of an artifact
	StepRead     Step = "read"     // its documents
	StepDone     Step = "done"     // with it, Err says if it failed
	StepBuild    Step = "build"    // the file
)

// State is what became of an artifact.
type State string

// The states.
const (
	// Updated: read anew, whole.
	Updated State = "updated"
	// Changed: only changed documents were downloaded.
	Changed State = "changed"
	// Unchanged since the last update.
	Unchanged State = "unchanged"
	// Absent: the mirror does not have it, or the source's server never had. What
	// the database had is kept.
	Absent State = "absent"
	// Skipped: not asked for.
	Skipped State = "skipped"
	// Shrunk: it has lost more than a tenth; what there is was read, and what
	// there was is carried over.
	Shrunk State = "shrunk"
	// Failed: carried over from the previous database if it was there.
	Failed State = "failed"
)

// Result is what became of one artifact.
type Result struct {
	Feed, Artifact string
	State          State
	Records        int
	// Downloaded is how many bytes came over the network, and Files how many
	// files of a mirror directory were read.
	Downloaded int64
	Files      int
	// Err is set when State is Failed or Shrunk, when a few documents could not
	// be read, and when a server says that there is no such file.
	Err error
}

// Report is what an update did.
type Report struct {
	Results []Result
	// Meta is that of the database that is now in place.
	Meta vulndb.Meta
	// Replaced is false when nothing had changed.
	Replaced bool
	Elapsed  time.Duration
}

// Failed returns the results of artifacts that failed or shrank.
func (r *Report) Failed() []Result {
	var out []Result
	for _, res := range r.Results {
		if res.State == Failed || res.State == Shrunk {
			out = append(out, res)
		}
	}
	return out
}

// ErrNothing is returned when no artifact at all could be read and there is no
// database to carry over from.
var ErrNothing = errors.New("no feed could be read")

// ErrUnknown is returned when Options.Only names what is no feed or artifact.
var ErrUnknown = errors.New("no such source")

// Update brings the database at o.Path up to date. Artifacts that fail are
// reported and carried over; the error is for what concerns the whole, and
// then the previous database is untouched. Two updates of one database wait
// for each other, also those of different processes.
func Update(ctx context.Context, o Options) (Report, error) {
	o.fill()
	if err := o.check(); err != nil {
		return Report{}, err
	}
	start := o.Now()
	if err := os.MkdirAll(o.work(), 0o755); err != nil {
		return Report{}, fmt.Errorf("update database: %w", err)
	}
	unlock, err := lock(ctx, o.Path+".lock", func() { o.Progress(Progress{Step: StepWait}) })
	if err != nil {
		return Report{}, fmt.Errorf("update database: %w", err)
	}
	defer unlock()
	u := &updater{Options: o}
	defer u.close()
	if err := u.clean(); err != nil {
		return Report{}, fmt.Errorf("update database: %w", err)
	}
	report, err := u.run(ctx)
	if err = errors.Join(err, u.clean()); err != nil {
		return report, fmt.Errorf("update database: %w", err)
	}
	report.Elapsed = o.Now().Sub(start)
	return report, nil
}

func (o *Options) fill() {
	if o.Feeds == nil {
		o.Feeds = Feeds()
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if o.Backoff <= 0 {
		o.Backoff = time.Second
	}
	if o.Client == nil {
		o.Client = newClient()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

// check finds mistakes in Only.
func (o *Options) check() error {
	for _, only := range o.Only {
		var names []string
		known := slices.ContainsFunc(o.Feeds, func(f feed.Feed) bool {
			names = append(names, f.Name())
			return only == f.Name() || slices.ContainsFunc(f.Artifacts(), func(a feed.Artifact) bool {
				return strings.EqualFold(only, f.Name()+"/"+a.Name)
			})
		})
		if !known {
			return fmt.Errorf("%w: %s; there are %s", ErrUnknown, only, strings.Join(names, ", "))
		}
	}
	return nil
}

// work is the directory of downloads and temporary files.
func (o *Options) work() string { return o.Path + ".d" }

// asked says if the artifact is to be updated.
func (o *Options) asked(feed, artifact string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(o.Only, func(only string) bool {
		return only == feed || strings.EqualFold(only, feed+"/"+artifact)
	})
}

// updater is one running update.
type updater struct {
	Options
	previous *vulndb.DB // nil when there is none
	old      map[string]vulndb.Source
	builder  *build.Builder
	jobs     []*job
	zstd     *zstd.Decoder
}

func (u *updater) close() {
	if u.previous != nil {
		u.previous.Close() // read only: nothing to lose
	}
	if u.zstd != nil {
		u.zstd.Close()
	}
	if u.builder != nil {
		u.builder.Close() // temporary files only
	}
}

// clean removes finished downloads and half-written databases, of this update
// or of one that was killed. Unfinished downloads stay to be continued.
func (u *updater) clean() error {
	entries, err := os.ReadDir(u.work())
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".part" && ext != ".tag" {
			err = errors.Join(err, os.RemoveAll(filepath.Join(u.work(), e.Name())))
		}
	}
	dir, base := filepath.Split(u.Path)
	beside, e := os.ReadDir(cmp.Or(dir, "."))
	err = errors.Join(err, e)
	for _, e := range beside {
		if strings.HasPrefix(e.Name(), base+".") && strings.HasSuffix(e.Name(), ".tmp") && e.Type().IsRegular() {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

func (u *updater) run(ctx context.Context) (Report, error) {
	if err := u.openPrevious(); err != nil {
		return Report{}, err
	}
	var err error
	if u.builder, err = build.New(build.Options{Dir: u.work(), Now: u.Now()}); err != nil {
		return Report{}, err
	}
	if u.zstd, err = newDecoder(); err != nil {
		return Report{}, err
	}
	u.plan()
	if err := u.read(ctx); err != nil {
		return Report{}, err
	}
	report := u.report()
	if u.previous == nil && !slices.ContainsFunc(u.jobs, func(j *job) bool { return j.result.State == Updated }) {
		return report, u.nothing()
	}
	if u.previous != nil && !slices.ContainsFunc(u.jobs, (*job).changesFile) {
		report.Meta = u.previous.Meta()
		return report, nil
	}
	u.Progress(Progress{Step: StepBuild})
	if u.previous != nil {
		if err := u.builder.Carry(u.previous, u.carries()); err != nil {
			return report, err
		}
	}
	report.Meta, err = replace(u.Path, u.builder)
	report.Replaced = err == nil
	return report, err
}

// nothing is ErrNothing with the first reason that there is.
func (u *updater) nothing() error {
	for _, j := range u.jobs {
		if j.result.Err != nil {
			return fmt.Errorf("%w: %s/%s: %w", ErrNothing, j.result.Feed, j.result.Artifact, j.result.Err)
		}
	}
	return ErrNothing
}

// openPrevious opens the database that there is. One that can't be opened, such
// as one of an older version of the format, counts as none; one that is damaged
// inside is an error, because what it kept can't be had again.
func (u *updater) openPrevious() error {
	u.old = make(map[string]vulndb.Source)
	if u.Full {
		return nil
	}
	db, err := vulndb.Open(u.Path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, vulndb.ErrFormat) {
		return nil
	}
	if err != nil {
		return err
	}
	u.previous = db
	if err := db.Verify(); err != nil {
		return fmt.Errorf("read previous database: %w", err) // damage must not be carried over
	}
	for _, s := range db.Meta().Sources {
		u.old[s.Name()] = s
	}
	return nil
}

// plan makes a job for each artifact, in an order that depends on the feeds
// only.
func (u *updater) plan() {
	known := make(map[string]bool)
	for _, f := range u.Feeds {
		for _, a := range f.Artifacts() {
			j := &job{u: u, feed: f, artifact: a, into: u.builder.Artifact(f.Name(), a.Name)}
			j.result = Result{Feed: f.Name(), Artifact: a.Name}
			j.old, j.hadOld = u.old[j.into.Source.Name()]
			known[j.into.Source.Name()] = true
			u.jobs = append(u.jobs, j)
		}
	}
	if u.previous == nil {
		return
	}
	for _, s := range u.previous.Meta().Sources {
		if !known[s.Name()] {
			u.builder.Artifact(s.Feed, s.Artifact).Source = s
		}
	}
}

// carries tells what the builder has to take from the previous database: all
// that wasn't read anew whole. A document that was downloaded by itself is not
// taken from there.
func (u *updater) carries() build.Want {
	jobs := make(map[string]*job)
	for _, j := range u.jobs {
		jobs[j.into.Source.Name()] = j
	}
	return func(feed, artifact, document string, ids []string) bool {
		j := jobs[feed+"/"+artifact]
		if j == nil {
			return true
		}
		return j.carry && j.needs(document, ids)
	}
}

func (u *updater) report() Report {
	var r Report
	for _, j := range u.jobs {
		r.Results = append(r.Results, j.result)
	}
	return r
}

// workers is how many documents are parsed at the same time.
func workers() int { return runtime.GOMAXPROCS(0) }

// replace writes the database beside path, checks that it opens, and renames
// it to path once it is on disk.
func replace(path string, b *build.Builder) (vulndb.Meta, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return vulndb.Meta{}, err
	}
	if _, err := b.Write(f); err != nil {
		return vulndb.Meta{}, errors.Join(err, discard(f))
	}
	return install(f, path)
}

// discard removes an unfinished temporary file.
func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }

// install makes the finished temporary file the database, or removes it.
func install(f *os.File, path string) (vulndb.Meta, error) {
	defer os.Remove(f.Name()) // fails once it is renamed
	err := f.Chmod(0o644)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return vulndb.Meta{}, err
	}
	db, err := vulndb.Open(f.Name())
	if err != nil {
		return vulndb.Meta{}, err
	}
	meta := db.Meta()
	if err := errors.Join(db.Verify(), db.Close()); err != nil {
		return vulndb.Meta{}, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return vulndb.Meta{}, err
	}
	return meta, syncDir(filepath.Dir(path))
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
