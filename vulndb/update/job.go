package update

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/build"
	"github.com/boltseal/boltseal/vulndb/feed"
)

// job is the update of one artifact.
type job struct {
	u        *updater
	feed     feed.Feed
	artifact feed.Artifact
	into     *build.Artifact
	old      vulndb.Source
	hadOld   bool
	result   Result
	// carry says that the previous database's data is needed; documents in
	// replaced were read anew.
	carry    bool
	replaced map[string]bool
}

// read fetches all artifacts, some at a time, and parses one after the other:
// a single one keeps all processors busy.
func (u *updater) read(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(u.Parallel)
	parsing := semaphore.NewWeighted(1)
	for _, j := range u.jobs {
		group.Go(func() error {
			j.run(ctx, parsing)
			u.Progress(Progress{
				Feed: j.result.Feed, Artifact: j.result.Artifact, Step: StepDone, Records: j.result.Records, Err: j.result.Err,
			})
			return ctx.Err()
		})
	}
	return group.Wait()
}

// run does the job and settles its result.
func (j *job) run(ctx context.Context, parsing *semaphore.Weighted) {
	if !j.u.asked(j.result.Feed, j.result.Artifact) {
		j.keep(Skipped, nil)
		return
	}
	got, err := j.u.fetch(ctx, j)
	j.result.Downloaded = got.downloaded
	switch {
	case err != nil:
		j.keep(Failed, err)
		return
	case got.state == Unchanged:
		j.keep(Unchanged, nil)
		j.into.Source.Fetched = got.at
		return
	case got.state == Absent:
		j.keep(Absent, nil)
		return
	}
	if err := parsing.Acquire(ctx, 1); err != nil {
		j.keep(Failed, err)
		return
	}
	err = j.parse(ctx, got)
	parsing.Release(1)
	j.settle(got, err)
}

// keep leaves the artifact as it was in the previous database.
func (j *job) keep(state State, err error) {
	j.result.State, j.result.Err = state, err
	s := &j.into.Source
	if j.hadOld {
		*s = j.old
		j.carry = true
	}
	s.Error = j.old.Error
	if err != nil {
		s.Error = err.Error()
	}
	if state == Unchanged {
		s.Error = ""
	}
	j.result.Records = s.Records
}

// settle decides what becomes of data that was read.
func (j *job) settle(got fetched, err error) {
	s := &j.into.Source
	s.Fetched, s.Tag = got.at, got.tag
	j.result.Records = s.Records
	switch {
	case err != nil:
		j.failed(err)
	case got.state == Changed:
		j.result.State, j.carry, j.replaced = Changed, true, got.replaced
		s.Records, s.Advisories = j.old.Records, j.old.Advisories
		s.Vulnerabilities = j.old.Vulnerabilities
		if s.Newest.Before(j.old.Newest) {
			s.Newest = j.old.Newest
		}
	case j.hadOld && shrank(&j.old, s):
		j.failed(fmt.Errorf("shrank from %d to %d records, %d to %d advisories", j.old.Records, s.Records, j.old.Advisories, s.Advisories))
		j.result.State = Shrunk
	default:
		j.result.State = Updated
	}
}

// failed keeps the counts and the date of the last good data, so that the next
// update compares with these.
func (j *job) failed(err error) {
	j.result.State, j.result.Err = Failed, err
	if j.hadOld {
		j.into.Source, j.carry = j.old, true
	}
	j.into.Source.Error = err.Error()
}

func shrank(before, now *vulndb.Source) bool {
	return build.Shrunk(before.Records, now.Records) || build.Shrunk(before.Advisories, now.Advisories) ||
		build.Shrunk(before.Vulnerabilities, now.Vulnerabilities)
}

// changesFile says if the database has to be written anew because of the job.
func (j *job) changesFile() bool {
	return j.into.Source != j.old && !(j.result.State == Absent && !j.hadOld)
}

// parse reads the files of the artifact into the builder.
func (j *job) parse(ctx context.Context, got fetched) error {
	var read atomic.Int64
	var bad errorList
	u := unpacker{artifact: j.artifact.Name, entries: j.artifact.Entries, workers: workers(), zstd: j.u.zstd}
	u.parse = func(doc feed.Document) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		d := j.into.Document()
		err := j.feed.Parse(ctx, doc, d)
		if e := d.Close(); e != nil {
			return e // the builder's: no disk space
		}
		if err != nil {
			bad.add(err)
		}
		if n := read.Add(1); n%1000 == 0 {
			j.u.Progress(Progress{Feed: j.result.Feed, Artifact: j.result.Artifact, Step: StepRead, Records: int(n)})
		}
		return nil
	}
	for _, name := range got.files {
		if err := u.file(ctx, name); err != nil {
			return err
		}
	}
	return bad.err(int(read.Load()))
}

// errorList counts the errors of documents and keeps the first few.
type errorList struct {
	mu    sync.Mutex
	count int
	first []error
}

func (l *errorList) add(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count++; len(l.first) < 3 {
		l.first = append(l.first, err)
	}
}

func (l *errorList) err(of int) error {
	if l.count == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d documents could not be read: %w", l.count, of, errors.Join(l.first...))
}

// fetched is where an artifact's data is.
type fetched struct {
	state State // Updated, Changed, Unchanged or Absent
	files []string
	at    time.Time
	tag   string
	// replaced are the documents of a Changed one.
	replaced   map[string]bool
	downloaded int64
}
