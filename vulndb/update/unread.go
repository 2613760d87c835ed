package update

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// maxUnread is how many documents in a thousand may be unreadable. For them
// the database keeps what it knew; beyond that something is wrong with the
// source as a whole, and all that was known stays.
const maxUnread = 10

// unreadList is the documents of an artifact that could not be read.
type unreadList struct {
	mu    sync.Mutex
	count int
	first []error
	// ids of the documents, in upper case; nil once one has none that can be
	// told.
	ids map[string]bool
}

func (l *unreadList) add(doc feed.Document, err error) {
	id := strings.ToUpper(documentID(doc))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count++; len(l.first) < 3 {
		l.first = append(l.first, err)
	}
	if l.count == 1 {
		l.ids = make(map[string]bool)
	}
	if id == "" {
		l.ids = nil
	}
	if l.ids != nil {
		l.ids[id] = true
	}
}

// has says if the document with that id, in upper case, may be in the list.
func (l *unreadList) has(id string) bool {
	return l.count > 0 && (l.ids == nil || l.ids[id])
}

// many says if these are too many of all documents.
func (l *unreadList) many(of int) bool { return l.count*1000 > of*maxUnread }

func (l *unreadList) err(of int) error {
	if l.count == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d documents could not be read: %w", l.count, of, errors.Join(l.first...))
}

// idField finds the id in a record that can't be parsed. The names of the
// fields are those of OSV, the Security Data API and Ubuntu's tracker.
var idField = regexp.MustCompile(`"(?i:id|name|candidate)"\s*:\s*"([A-Za-z]+-[^"\\\s]{3,80})"`)

// documentID is the id of the vulnerability or advisory that the document is
// about: the name of an archive's entry, or what stands in a line. It is ""
// when neither tells.
func documentID(doc feed.Document) string {
	if name, ok := strings.CutSuffix(path.Base(doc.Name), ".json"); ok {
		return name
	}
	body, ok := doc.Body.(*bytes.Reader)
	if !ok {
		return ""
	}
	head, err := io.ReadAll(io.NewSectionReader(body, 0, 64<<10))
	if err != nil {
		return ""
	}
	if m := idField.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}
