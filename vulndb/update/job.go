package update

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	// carry says that the previous database's data is needed, without the
	// documents in replaced, which were read anew. When only isn't nil, just the
	// documents in it are needed. Both hold ids in upper case.
	carry    bool
	replaced map[string]bool
	only     map[string]bool
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
			j.progress(Progress{Step: StepDone, Records: j.result.Records, Err: j.result.Err})
			return ctx.Err()
		})
	}
	return group.Wait()
}

// progress tells of a step of the job.
func (j *job) progress(p Progress) {
	p.Feed, p.Artifact, p.Of = j.result.Feed, j.result.Artifact, len(j.u.jobs)
	j.u.Progress(p)
}

// run does the job and settles its result.
func (j *job) run(ctx context.Context, parsing *semaphore.Weighted) {
	if !j.u.asked(j.result.Feed, j.result.Artifact) {
		j.keep(Skipped, nil)
		return
	}
	got, err := j.u.fetch(ctx, j)
	j.result.Downloaded = got.downloaded
	if got.downloaded == 0 {
		j.result.Files = len(got.files)
	}
	switch {
	case err != nil && got.state == Absent:
		j.keep(Absent, nil)
		j.result.Err = err
		return
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
	unread, err := j.parse(ctx, got)
	parsing.Release(1)
	j.settle(got, unread, err)
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
func (j *job) settle(got fetched, unread *unreadList, err error) {
	s := &j.into.Source
	s.Fetched, s.Tag = got.at, got.tag
	j.into.Date()
	j.result.Records = s.Records
	of := s.Records
	if got.state == Changed {
		of = max(of, j.old.Records)
	}
	switch {
	case err != nil:
		j.failed(err)
	case unread.many(of):
		j.failed(unread.err(of))
	case of == 0:
		j.failed(errors.New("there is no document in it"))
	case got.state == Changed:
		j.changed(got, unread)
	case j.hadOld && shrank(&j.old, s):
		j.failed(fmt.Errorf("shrank from %d to %d records, %d to %d advisories", j.old.Records, s.Records, j.old.Advisories, s.Advisories))
		j.result.State = Shrunk
	default:
		j.result.State, j.result.Err = Updated, unread.err(of)
		if unread.count > 0 {
			s.Unread = j.result.Err.Error()
			j.carry, j.only = j.hadOld, unread.ids
		}
	}
}

// changed settles an artifact of which only some documents were read.
func (j *job) changed(got fetched, unread *unreadList) {
	s := &j.into.Source
	j.result.State, j.result.Err = Changed, unread.err(len(got.files))
	j.carry, j.replaced = true, got.replaced
	maps.DeleteFunc(j.replaced, func(id string, _ bool) bool { return unread.has(id) })
	s.Records, s.Advisories, s.Vulnerabilities = j.old.Records, j.old.Advisories, j.old.Vulnerabilities
	s.Unread = j.old.Unread
	if j.result.Err != nil {
		s.Unread = j.result.Err.Error()
	}
	if s.Newest.Before(j.old.Newest) {
		s.Newest, s.Estimated = j.old.Newest, j.old.Estimated
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
	switch j.result.State {
	case Updated, Changed, Shrunk:
		return true
	}
	return j.into.Source != j.old && !(j.result.State == Absent && !j.hadOld)
}

// needs says if what the previous database has of an advisory about the
// vulnerabilities ids is to be carried over. Without an advisory it is a
// description: those are always carried along, what is new displaces them.
func (j *job) needs(advisory string, ids []string) bool {
	switch {
	case j.only == nil && advisory == "":
		return true
	case j.only == nil:
		return !j.fromOneOf(j.replaced, advisory, ids)
	}
	return j.fromOneOf(j.only, advisory, ids)
}

// fromOneOf says if a statement or description is from one of the documents.
func (j *job) fromOneOf(documents map[string]bool, advisory string, ids []string) bool {
	if documents[strings.ToUpper(advisory)] {
		return true
	}
	return (j.artifact.ByCVE || advisory == "") &&
		slices.ContainsFunc(ids, func(id string) bool { return documents[strings.ToUpper(id)] })
}

// parse reads the files of the artifact into the builder. What could not be
// read of them is in the list; the error is for what concerns the whole.
func (j *job) parse(ctx context.Context, got fetched) (*unreadList, error) {
	var read atomic.Int64
	unread := new(unreadList)
	u := unpacker{artifact: j.artifact.Name, entries: j.artifact.Entries, workers: workers(), zstd: j.u.zstd}
	u.damaged = func(name string, err error) { unread.add(feed.Document{Name: name}, err) }
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
			unread.add(doc, err)
		}
		if n := read.Add(1); n%1000 == 0 {
			j.progress(Progress{Step: StepRead, Records: int(n)})
		}
		return nil
	}
	for _, name := range got.files {
		if err := u.file(ctx, name); err != nil {
			return unread, err
		}
	}
	return unread, nil
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
