package build

import (
	"bufio"
	"io"
	"os"

	"github.com/boltseal/boltseal/vulndb/format"
)

// The dictionary of the texts is made of the beginnings of dictSamples of them,
// evenly spread. For less than minSampled texts it isn't worth its size.
const (
	dictSamples = 150
	dictShare   = 800
	minSampled  = 20 * dictSamples
)

// spool holds texts until all are known, because the dictionary with which
// they are compressed is made of all.
type spool struct {
	file  *os.File
	w     *bufio.Writer
	total int // how many texts there will be
	count int
	dict  []byte
}

func newSpool(dir string, total int) (*spool, error) {
	f, err := unnamedFile(dir)
	if err != nil {
		return nil, err
	}
	return &spool{file: f, w: bufio.NewWriterSize(f, 1<<18), total: total}, nil
}

func (s *spool) add(text []byte) {
	if s.total >= minSampled && s.count%(s.total/dictSamples) == 0 {
		s.dict = append(s.dict, text[:min(len(text), dictShare)]...)
	}
	s.count++
	writeField(s.w, text)
}

// writeTo writes the section of texts and closes the spool.
func (s *spool) writeTo(w io.Writer) error {
	defer s.file.Close() // nameless and only read: nothing to lose
	if err := s.w.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	texts := format.NewTextsWriter(w, s.dict)
	r := bufio.NewReaderSize(s.file, 1<<18)
	var text []byte
	for range s.count {
		var err error
		if text, err = readField(r, text); err != nil {
			return err
		}
		texts.Add(text)
	}
	return texts.Close()
}
