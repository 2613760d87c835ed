package image

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// regular visits a regular file.
func (t *treeWalk) regular(d *treeDir, name string, st *unix.Stat_t) error {
	e := treeEntry(d.join(name), File, st)
	if t.opts.Overlay {
		var err error
		if e, err = t.overlayFile(d, name, e); err != nil {
			t.unreadable(d.join(name), err)
			return nil
		}
		if e == nil || e.Type != File {
			return t.showMeta(e)
		}
	}
	if st.Nlink > 1 {
		id := inode{st.Dev, st.Ino}
		if first, ok := t.links[id]; ok {
			e.Type, e.Size, e.Link = Hardlink, 0, first
			return t.show(e, nil)
		}
		if len(t.links) < treeLinks {
			t.links[id] = e.Path
		}
	}
	f := &treeFile{walk: t, dir: d, name: name, id: inode{st.Dev, st.Ino}, left: st.Size, piece: treeHead, fd: -1}
	defer f.close()
	return t.settle(t.show(e, f.next))
}

// showMeta visits what is not a file but told by one; nil is nothing.
func (t *treeWalk) showMeta(e *Entry) error {
	if e == nil {
		return nil
	}
	return t.show(e, nil)
}

// settle decides whether what reading a file failed with is final.
func (t *treeWalk) settle(err error) error {
	if err != nil || t.bodyErr == nil {
		return err
	}
	if t.ctx.Err() != nil || errors.Is(t.bodyErr, ErrLimit) {
		return t.bodyErr
	}
	if !t.handled {
		t.warn("file %s: %v", t.file, errors.Unwrap(t.bodyErr))
	}
	return nil
}

// fileFlags keep the opening of what was a file and is a FIFO now from waiting
// for its other end.
const fileFlags = unix.O_NONBLOCK

// treeFile is a regular file while it is visited. It is opened by the first
// next, and gives at most the bytes that it had when it was listed.
type treeFile struct {
	walk *treeWalk
	dir  *treeDir
	name string
	id   inode
	left int64
	// piece is how much is read next: a beginning, which is all that most files
	// are asked for, then whole buffers.
	piece int64
	fd    int // -1 is not open
}

// next returns the next piece of the content; see Body.Next.
func (f *treeFile) next() ([]byte, error) {
	t := f.walk
	p, err := f.read()
	if err == nil {
		if t.walked.Uncompressed += int64(len(p)); t.walked.Uncompressed > t.lim.LayerBytes {
			err = beyond("files hold more than %d bytes", t.lim.LayerBytes)
		}
	}
	if err != nil && err != io.EOF {
		t.bodyErr = t.fail(err)
		err = t.bodyErr
	}
	return p, err
}

func (f *treeFile) read() ([]byte, error) {
	t := f.walk
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if f.left == 0 {
		return nil, io.EOF
	}
	if f.fd < 0 {
		if err := f.open(); err != nil {
			return nil, err
		}
	}
	for {
		n, err := unix.Read(f.fd, t.buf[:min(f.left, f.piece)])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return nil, fmt.Errorf("read: %w", err)
		case n == 0:
			t.warn("file %s: it shrank by %d bytes while it was read", t.file, f.left)
			return nil, io.EOF
		}
		f.left -= int64(n)
		f.piece = treeBuffer
		return t.buf[:n], nil
	}
}

// open opens the file and makes sure that it is the one that was listed.
func (f *treeFile) open() error {
	fd, err := openat(f.dir.fd, f.name, fileFlags)
	if err != nil {
		return err
	}
	f.fd = fd
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("stat: %w", err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || (inode{st.Dev, st.Ino}) != f.id {
		return errors.New("replaced while it was read")
	}
	return nil
}

func (f *treeFile) close() {
	if f.fd >= 0 {
		unix.Close(f.fd)
	}
}

func timeOf(ts unix.Timespec) time.Time { return time.Unix(ts.Unix()) }
