package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/archive"
	"github.com/boltseal/boltseal/scan/scanner"
)

// layerResult is all that one layer's bytes say, by themselves. It holds no
// trace of the image around the layer, so it can be cached under the layer's
// digest.
type layerResult struct {
	// Entries are the hashes of all paths in the layer, see pathSet.
	Entries pathSet `json:"entries,omitempty"`
	// Whiteouts are the hashes of paths removed from lower layers, Opaques of
	// directories whose lower contents are hidden.
	Whiteouts pathSet `json:"whiteouts,omitempty"`
	Opaques   pathSet `json:"opaques,omitempty"`
	// Symlinks holds only those that can change where a package database or an
	// owned file is: see keepSymlink. Hardlinks holds all.
	Symlinks  []link       `json:"symlinks,omitempty"`
	Hardlinks []link       `json:"hardlinks,omitempty"`
	Files     []fileResult `json:"files,omitempty"`
	// Shadowed are findings in entries that a later one of the same path and
	// layer replaced: their bytes ship all the same.
	Shadowed []fileResult      `json:"shadowed,omitempty"`
	Issues   []inventory.Issue `json:"issues,omitempty"`
	Walked   image.Walked      `json:"walked"`

	// complete is set when the whole layer was read and its digests are right.
	complete bool
}

type link struct {
	Path   string `json:"path"`
	Target string `json:"target"`
}

// fileResult is what one scanner says about one file.
type fileResult struct {
	Path    string         `json:"path"`
	Scanner string         `json:"scanner"`
	Result  scanner.Result `json:"result"`
}

// headBytes is how much of a file's beginning scanners see when asked whether
// they want it.
const headBytes = 4096

// maxIssues is how many problems of one layer are told apart.
const maxIssues = 1000

// layerReader reads one layer with all scanners.
type layerReader struct {
	layer    image.Layer
	id       string
	scanners []scanner.Scanner
	members  []scanner.MemberScanner // of the scanners, those that look into archives
	limits   *image.Limits
	pool     *pool
	budget   *budget
	progress func(Progress)

	res   layerResult // of the walking goroutine until all scanners are done
	slots slots
	wait  sync.WaitGroup
}

// read walks the layer. The returned error is only for what makes going on
// pointless (cancelled context); everything else is an issue in the result.
func (r *layerReader) read(ctx context.Context) (*layerResult, error) {
	walked, err := r.layer.Walk(ctx, r.limits, func(e *image.Entry, b *image.Body) error {
		return r.visit(ctx, e, b)
	})
	r.wait.Wait()
	r.res.Walked = walked
	for _, w := range walked.Warnings {
		r.res.Issues = append(r.res.Issues, inventory.Issue{Kind: "unreadable", Layer: r.id, Message: w})
	}
	r.res.complete = err == nil && len(walked.Warnings) == 0
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err != nil {
		r.res.Issues = append(r.res.Issues, issueOf(r.id, "", "", err))
		if errors.Is(err, image.ErrDigest) {
			// The bytes are not the layer's: nothing they say counts.
			return &layerResult{Issues: r.res.Issues, Walked: walked}, nil
		}
	}
	r.slots.deliver(&r.res)
	r.finish()
	return &r.res, nil
}

// finish makes the result ready for use. It is not whole when there was no room
// for all of it.
func (r *layerReader) finish() {
	if over := len(r.res.Issues) - maxIssues; over > 0 {
		r.res.Issues = append(r.res.Issues[:maxIssues:maxIssues], inventory.Issue{
			Kind: "limit", Layer: r.id, Message: fmt.Sprintf("%d more problems in this layer were left out", over),
		})
	}
	for _, set := range []*pathSet{&r.res.Entries, &r.res.Whiteouts, &r.res.Opaques} {
		set.sort()
	}
	if r.budget.err() != nil {
		r.res.complete = false
	}
}

// progressEvery is after how many entries progress is told.
const progressEvery = 1000

// visit notes one entry and hands wanted files to the scanners.
func (r *layerReader) visit(ctx context.Context, e *image.Entry, b *image.Body) error {
	number := r.slots.note(e)
	if number%progressEvery == 0 {
		r.progress(Progress{Layer: r.layer.Descriptor(), Files: number})
	}
	switch e.Type {
	case image.Whiteout:
		r.res.Whiteouts.add(e.Path, false)
		return r.budget.takeName(hashBytes)
	case image.Opaque:
		r.res.Opaques.add(e.Path, false)
		return r.budget.takeName(hashBytes)
	case image.Symlink:
		if keepSymlink(e.Path) {
			if err := r.keepLink(&r.res.Symlinks, e); err != nil {
				return err
			}
		}
	case image.Hardlink:
		if err := r.keepLink(&r.res.Hardlinks, e); err != nil {
			return err
		}
	}
	if e.Type == image.File {
		// A file that cannot be read does not hide the one below: what is
		// known of that is the best there is.
		if err := r.file(ctx, e, b, number); err != nil {
			return err
		}
	}
	r.res.Entries.add(e.Path, e.Type == image.Dir)
	return r.budget.takeName(hashBytes)
}

func (r *layerReader) keepLink(to *[]link, e *image.Entry) error {
	*to = append(*to, link{e.Path, e.Link})
	return r.budget.takeName(int64(linkBytes + len(e.Path) + len(e.Link)))
}

// file asks the scanners and, if any wants it, loads the file and queues it.
func (r *layerReader) file(ctx context.Context, e *image.Entry, b *image.Body, number int) error {
	if err := r.budget.err(); err != nil {
		return err
	}
	head, err := b.Head(headBytes)
	if err != nil && err != io.EOF {
		return r.bodyError(e, err)
	}
	var wanting []scanner.Scanner
	var said []fileResult
	for _, s := range r.scanners {
		if s.Wants(e, head) {
			wanting = append(wanting, s)
		} else if h, ok := s.(scanner.HeadScanner); ok {
			said = append(said, r.askHead(h, e, head)...)
		}
	}
	var members []scanner.MemberScanner
	if len(r.members) > 0 && archive.Is(e.Path, head) {
		members = r.members
		if archive.Plain(head) {
			wanting = slices.DeleteFunc(wanting, looksIntoArchives)
		}
	}
	if len(said) > 0 {
		if err := r.budget.takeName(int64(slotBytes + len(e.Path))); err != nil {
			return err
		}
	}
	if len(wanting) == 0 && len(members) == 0 {
		if len(said) > 0 {
			r.slots.add(slot{path: e.Path, number: number, results: said})
		}
		return nil
	}
	if e.Size > r.limits.FileBytes {
		tooLarge := issueOf(r.id, e.Path, "", errTooLarge(e.Size, r.limits.FileBytes))
		r.slots.add(slot{path: e.Path, number: number, results: said, issues: []inventory.Issue{tooLarge}})
		return nil
	}
	c, err := r.pool.load(ctx, e, b, r.limits.MemoryBytes)
	if err != nil {
		return r.bodyError(e, err)
	}
	r.queue(ctx, e, c, slot{path: e.Path, number: number, results: said}, wanting, members)
	return nil
}

// bodyError passes on what Walk must know and turns the rest into an issue.
func (r *layerReader) bodyError(e *image.Entry, err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		r.res.Issues = append(r.res.Issues, issueOf(r.id, e.Path, "", err))
		return nil
	}
	return err
}

// queue runs the scanners over the file on a worker goroutine, which adds what
// they say to the slot.
func (r *layerReader) queue(ctx context.Context, e *image.Entry, c *content, s slot, wanting []scanner.Scanner, members []scanner.MemberScanner) {
	f := &scanner.File{Entry: *e, Content: c, Data: c.data, Limits: r.limits, TempDir: r.pool.spill}
	f.Size = c.size
	r.wait.Add(1)
	r.pool.run(func() {
		defer r.wait.Done()
		defer c.release()
		for _, sc := range wanting {
			r.ask(ctx, sc, f, &s)
		}
		if len(members) > 0 {
			r.unpack(ctx, f, members, &s)
		}
		said := len(s.results)+len(s.issues) > 0
		if said && r.budget.takeName(int64(slotBytes+len(f.Path))) == nil {
			r.slots.add(s)
		}
	})
}

// ask has a scanner look at a file and keeps what it says. Of a file in an
// archive the path says where it is in the slot's file.
func (r *layerReader) ask(ctx context.Context, sc scanner.Scanner, f *scanner.File, s *slot) {
	res, err := r.pool.scan(ctx, sc, f)
	if err != nil {
		s.issues = append(s.issues, issueOf(r.id, f.Path, sc.Name(), err))
	}
	for i := range res.Findings {
		at := &res.Findings[i].Location
		at.Path = f.Path[len(s.path):] + at.Path
	}
	if !empty(&res) && r.budget.take(weight(&res)) == nil {
		s.results = append(s.results, fileResult{Path: s.path, Scanner: sc.Name(), Result: res})
	}
}

// askHead returns what a scanner says of a file by its beginning.
func (r *layerReader) askHead(sc scanner.HeadScanner, e *image.Entry, head []byte) []fileResult {
	res := sc.ScanHead(e, head)
	if empty(&res) || r.budget.take(weight(&res)) != nil {
		return nil
	}
	return []fileResult{{Path: e.Path, Scanner: sc.Name(), Result: res}}
}

func empty(r *scanner.Result) bool {
	return r.OS == nil && len(r.Packages) == 0 && len(r.Owned) == 0 && len(r.Details) == 0 && len(r.Findings) == 0 &&
		r.Fact == nil && len(r.Sums) == 0 && len(r.Diversions) == 0
}

// keepSymlink says whether a symlink may lead to a package database or move
// the files that a package owns: those near the root (merged /usr) and those
// on the way to a database.
func keepSymlink(path string) bool {
	slashes := 0
	for i := 0; i < len(path); i++ {
		if path[i] == '/' {
			slashes++
		}
	}
	if slashes <= 1 {
		return true
	}
	return slices.ContainsFunc(systemPaths, func(p string) bool {
		return p == path || len(p) > len(path) && p[len(path)] == '/' && p[:len(path)] == path
	})
}
