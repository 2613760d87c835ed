package image

import "io"

// blockSize is the unit of a tar file.
const blockSize = 512

// pieceSource hands out a stream in pieces, each valid until the next call,
// never empty; io.EOF at the end.
type pieceSource interface {
	Next() ([]byte, error)
}

// tarStream reads a pieceSource in the units that tar needs: blocks, runs of
// content, and content to be passed over. It copies only blocks that lie
// across two pieces.
type tarStream struct {
	src   pieceSource
	buf   []byte // unread end of the current piece
	err   error  // from src, sticky
	block [blockSize]byte
}

// fill makes buf hold at least a byte.
func (s *tarStream) fill() error {
	for len(s.buf) == 0 {
		if s.err == nil {
			s.buf, s.err = s.src.Next()
		}
		if s.err != nil {
			s.buf = nil
			return s.err
		}
	}
	return nil
}

// piece returns the next bytes, at least one and at most n, without copying
// them; they are valid until the next call of any method.
func (s *tarStream) piece(n int64) ([]byte, error) {
	if err := s.fill(); err != nil {
		return nil, err
	}
	p := s.buf[:min(n, int64(len(s.buf)))]
	s.buf = s.buf[len(p):]
	return p, nil
}

// nextBlock returns the next 512 bytes. The error is io.EOF where the stream
// ends before the block and io.ErrUnexpectedEOF where it ends inside.
func (s *tarStream) nextBlock() ([]byte, error) {
	if len(s.buf) >= blockSize {
		return s.piece(blockSize)
	}
	for n := 0; n < blockSize; {
		p, err := s.piece(int64(blockSize - n))
		if err == io.EOF && n > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		n += copy(s.block[n:], p)
	}
	return s.block[:], nil
}

// skip passes over n bytes.
func (s *tarStream) skip(n int64) error {
	for n > 0 {
		p, err := s.piece(n)
		if err != nil {
			return err
		}
		n -= int64(len(p))
	}
	return nil
}

// append reads n bytes to the end of dst. The caller bounds n.
func (s *tarStream) append(dst []byte, n int64) ([]byte, error) {
	for n > 0 {
		p, err := s.piece(n)
		if err != nil {
			return dst, noEOF(err)
		}
		dst = append(dst, p...)
		n -= int64(len(p))
	}
	return dst, nil
}

// noEOF is for places where the end of the stream is too early.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
