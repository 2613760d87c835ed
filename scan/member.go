package scan

import (
	"bytes"
	"context"
	"fmt"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/archive"
	"github.com/boltseal/boltseal/scan/scanner"
)

// memberScanners are those that look into archives.
func memberScanners(all []scanner.Scanner) (members []scanner.MemberScanner) {
	for _, s := range all {
		if m, ok := s.(scanner.MemberScanner); ok {
			members = append(members, m)
		}
	}
	return members
}

// looksIntoArchives says whether a scanner sees the files of a plain tar one by
// one, so that it need not see them in the tar as well.
func looksIntoArchives(s scanner.Scanner) bool {
	_, ok := s.(scanner.MemberScanner)
	return ok
}

// unpack shows the files of an archive to the scanners that want them.
func (r *layerReader) unpack(ctx context.Context, f *scanner.File, members []scanner.MemberScanner, s *slot) {
	a := archive.Archive{
		Content: f.Content, Size: f.Size, Limits: r.limits, Large: &r.pool.large,
		Wants: func(path string) bool {
			for _, m := range members {
				if m.WantsMember(path) {
					return true
				}
			}
			return false
		},
		Visit: func(m archive.Member) error {
			r.askMember(ctx, f, m, members, s)
			return r.budget.err()
		},
	}
	if err := walkArchive(ctx, &a); err != nil {
		s.issues = append(s.issues, issueOf(r.id, f.Path, "archive", err))
	}
}

// walkArchive keeps a panic over hostile bytes to the archive.
func walkArchive(ctx context.Context, a *archive.Archive) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read archive: panicked: %v", p)
		}
	}()
	return a.Walk(ctx)
}

func (r *layerReader) askMember(ctx context.Context, f *scanner.File, m archive.Member, members []scanner.MemberScanner, s *slot) {
	inner := &scanner.File{
		Entry:   image.Entry{Path: f.Path + m.Path, Type: image.File, Mode: f.Mode, Size: int64(len(m.Data))},
		Content: bytes.NewReader(m.Data), Data: m.Data, Limits: f.Limits, TempDir: f.TempDir,
	}
	head := m.Data[:min(len(m.Data), headBytes)]
	for _, sc := range members {
		if sc.WantsMember(m.Path) && sc.Wants(&inner.Entry, head) {
			r.ask(ctx, sc, inner, s)
		}
	}
}
