package archive

import (
	"archive/tar"
	"bytes"
	"io"
	"strings"

	"github.com/boltseal/boltseal/inflate"
	"github.com/boltseal/boltseal/scan/packages/zip"
)

// zip walks a zip archive by its directory.
func (w *walk) zip(l level) {
	a, err := zip.Open(l.content, l.size)
	if err != nil {
		return
	}
	a.Walk(w.Limits.ArchiveEntries+1, func(e *zip.Entry) error {
		if !w.take(l.inner) {
			return w.done
		}
		if n := len(e.Name); n == 0 || e.Name[n-1] == '/' || n > w.Limits.PathBytes {
			return nil
		}
		inner := l.inner + "!/" + string(e.Name)
		if e.Method == zip.Stored && e.Size > largeBytes && isArchiveName(inner) && !w.Wants(inner) {
			// Nothing to unpack: Spring Boot stores its libraries so.
			if data, err := a.Data(e); err == nil {
				w.open(level{data, data.Size(), inner, l.depth + 1})
			}
			return w.done
		}
		if !w.admit(inner, e.Size) {
			return w.done
		}
		var b bytes.Buffer
		b.Grow(int(e.Size))
		if a.Read(e, &b) == nil {
			w.show(l, inner, b.Bytes())
		}
		return w.done
	})
}

// gzip walks the tar in a gzip, or shows the one file in it.
func (w *walk) gzip(l level) {
	z := inflate.NewGzipReader(io.NewSectionReader(l.content, 0, l.size))
	head := make([]byte, headBytes)
	n, _ := io.ReadFull(z, head)
	head = head[:n]
	all := io.MultiReader(bytes.NewReader(head), z)
	if isTar(head) {
		w.tar(l, all, false)
		return
	}
	inner := strings.TrimSuffix(l.inner, ".gz") + "!/content"
	if !w.take(l.inner) || !w.Wants(inner) {
		return
	}
	data, err := io.ReadAll(io.LimitReader(all, min(MemberBytes-w.held, w.bytes)+1))
	if err == nil && w.admit(inner, int64(len(data))) {
		w.show(l, inner, data)
	}
}

// tar walks a tar from its beginning. What is passed over counts as unpacked,
// because it was read.
func (w *walk) tar(l level, r io.Reader, isPlain bool) {
	t := tar.NewReader(&counted{r: r, w: w, inner: l.inner})
	for {
		h, err := t.Next()
		if err != nil || !w.take(l.inner) {
			return
		}
		// A file larger than the plain tar around it is mostly holes, or not
		// there: nothing of it can be missed.
		hollow := isPlain && h.Size > l.size
		if h.Typeflag != tar.TypeReg || len(h.Name) > w.Limits.PathBytes || hollow {
			continue
		}
		inner := l.inner + "!/" + strings.TrimPrefix(strings.TrimPrefix(h.Name, "./"), "/")
		if !w.admit(inner, h.Size) {
			continue
		}
		w.bytes += h.Size // counted reads them
		data := make([]byte, h.Size)
		if _, err := io.ReadFull(t, data); err != nil {
			return
		}
		w.show(l, inner, data)
	}
}

// counted ends the walk when the bytes that a tar's reader took are too many.
type counted struct {
	r     io.Reader
	w     *walk
	inner string
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.w.bytes -= int64(n); c.w.bytes < 0 && c.w.done == nil {
		c.w.over(c.inner, "more than %d bytes in all", c.w.Limits.ArchiveBytes)
		c.w.done = io.ErrShortBuffer
	}
	if c.w.done != nil {
		return 0, c.w.done
	}
	return n, err
}
