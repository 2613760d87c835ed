package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Limits of downloads.
const (
	maxDownload = 16 << 30
	maxList     = 64 << 20 // an index or a list of changes
	maxAttempts = 5        // in a row without a byte of progress
	stallAfter  = 60 * time.Second
	maxBackoff  = 30 * time.Second
)

// statusError is an answer that is neither content nor "not modified".
type statusError struct {
	url  string
	code int
	wait time.Duration // what the server asks for
}

func (e *statusError) Error() string {
	return fmt.Sprintf("get %s: %d %s", e.url, e.code, http.StatusText(e.code))
}

// again says if another attempt may help.
func (e *statusError) again() bool {
	return e.code >= 500 || e.code == http.StatusTooManyRequests || e.code == http.StatusRequestTimeout
}

func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = stallAfter
	t.DialContext = (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	t.MaxIdleConnsPerHost = 16
	return &http.Client{Transport: t}
}

// fetchURL downloads the artifact, or only what changed of it.
func (u *updater) fetchURL(ctx context.Context, j *job) (fetched, error) {
	address, err := u.address(ctx, j)
	if err != nil {
		return u.absent(j, fetched{}, err)
	}
	if address == "" {
		return fetched{state: Absent}, nil
	}
	fresh := j.hadOld && j.old.Error == ""
	if fresh && j.artifact.Delta != "" {
		got, err := u.fetchDelta(ctx, j)
		if err == nil || ctx.Err() != nil {
			return got, err
		}
		// too many changes, or no list of them: the archive has all
	}
	d := download{u: u, j: j, url: address, at: u.Now().UTC().Truncate(time.Second)}
	if fresh {
		d.known = j.old.Tag
	}
	got, err := d.run(ctx)
	if err != nil {
		return u.absent(j, got, err)
	}
	return got, nil
}

// absent tells what isn't served from what fails: a mirror need not have
// everything, and a source that never was there need not be.
func (u *updater) absent(j *job, got fetched, err error) (fetched, error) {
	var status *statusError
	if !errors.As(err, &status) || status.code != http.StatusNotFound || j.hadOld && u.Mirror == "" {
		return got, err
	}
	got.state = Absent
	if u.Mirror != "" {
		err = nil // a mirror need not have everything
	}
	return got, err
}

// address is where the artifact is downloaded from, "" when it isn't served.
func (u *updater) address(ctx context.Context, j *job) (string, error) {
	switch {
	case j.artifact.Repository != "":
		return u.updateinfo(ctx, j.artifact.Repository)
	case j.artifact.Index == "":
		return u.mirrored(j.artifact.URL), nil
	}
	index := u.mirrored(j.artifact.Index)
	b, err := u.get(ctx, index, maxList)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(b))
	if name == "" || name != path.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("read %s: %q is no file name", index, name[:min(len(name), 100)])
	}
	return index[:strings.LastIndexByte(index, '/')+1] + url.PathEscape(name), nil
}

// mirrored is the address in the mirror of an upstream address.
func (u *updater) mirrored(address string) string {
	if u.Mirror == "" || address == "" {
		return address
	}
	_, rest, _ := strings.Cut(address, "://")
	return strings.TrimRight(u.Mirror, "/") + "/" + rest
}

// get returns a small file, after some attempts.
func (u *updater) get(ctx context.Context, address string, limit int64) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		b, err := u.getOnce(ctx, address, limit)
		if err == nil || !u.retry(ctx, attempt, err) {
			return b, err
		}
	}
}

func (u *updater) getOnce(ctx context.Context, address string, limit int64) ([]byte, error) {
	ctx, alive, stop := stallGuard(ctx)
	defer stop()
	resp, err := u.request(ctx, address, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, newStatusError(address, resp)
	}
	b, err := io.ReadAll(io.LimitReader(&watched{resp.Body, alive}, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", errLimit, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", address, err)
	}
	return b, nil
}

func (u *updater) request(ctx context.Context, address string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", "boltseal")
	req.Header.Set("Accept-Encoding", "identity") // ranges are of the file itself
	return u.Client.Do(req)
}

func newStatusError(address string, resp *http.Response) error {
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &statusError{url: address, code: resp.StatusCode, wait: time.Duration(seconds) * time.Second}
}

// retry waits before the next attempt, and says if there is to be one.
func (u *updater) retry(ctx context.Context, attempt int, err error) bool {
	var status *statusError
	var wait time.Duration
	if errors.As(err, &status) {
		if !status.again() {
			return false
		}
		wait = status.wait
	}
	if attempt >= maxAttempts || errors.Is(err, errLimit) || ctx.Err() != nil {
		return false
	}
	wait = min(max(wait, u.Backoff<<(attempt-1)), maxBackoff)
	select {
	case <-time.After(wait):
		return true
	case <-ctx.Done():
		return false
	}
}

// stallGuard cancels the context when alive isn't called for stallAfter.
func stallGuard(ctx context.Context) (guarded context.Context, alive, stop func()) {
	guarded, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(stallAfter, func() { cancel(fmt.Errorf("no data for %s", stallAfter)) })
	return guarded, func() { timer.Reset(stallAfter) }, func() { timer.Stop(); cancel(nil) }
}

// watched calls alive with each read.
type watched struct {
	r     io.Reader
	alive func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.alive()
	return n, err
}

// download brings one large file to the work directory. What an earlier
// attempt, or an earlier update that was killed, left in the .part file is
// continued if the server still has the same file.
type download struct {
	u     *updater
	j     *job
	url   string
	known string // tag of what the database was made of, "" to download in any case
	at    time.Time
	bytes int64
}

// file is where the download goes; it ends like the address, which tells the
// packing.
func (d *download) file() string {
	return filepath.Join(d.u.work(), d.prefix()+path.Base(d.url))
}

// prefix begins the names of all downloads of the artifact.
func (d *download) prefix() string {
	return url.PathEscape(d.j.result.Feed+"_"+d.j.artifact.Name) + "_"
}

func (d *download) run(ctx context.Context) (fetched, error) {
	if err := d.forget(); err != nil {
		return fetched{}, err
	}
	for attempt := 1; ; attempt++ {
		before := d.bytes
		got, err := d.once(ctx)
		got.at, got.downloaded = d.at, d.bytes
		if err == nil {
			return got, nil
		}
		if d.bytes > before {
			attempt = 1
		}
		if !d.u.retry(ctx, attempt, err) {
			return got, err
		}
	}
}

// forget removes unfinished downloads of the artifact under other names: that
// of some archives has the day in it.
func (d *download) forget() error {
	mine := filepath.Base(d.file())
	entries, err := os.ReadDir(d.u.work())
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".part"), ".tag")
		if name != mine && strings.HasPrefix(name, d.prefix()) {
			if err := os.RemoveAll(filepath.Join(d.u.work(), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// once makes one request.
func (d *download) once(ctx context.Context) (fetched, error) {
	ctx, alive, stop := stallGuard(ctx)
	defer stop()
	part, err := openPart(d.file())
	if err != nil {
		return fetched{}, err
	}
	defer part.close()
	resp, err := d.u.request(ctx, d.url, d.header(part))
	if err != nil {
		return fetched{}, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified:
		return fetched{state: Unchanged}, part.remove()
	case resp.StatusCode == http.StatusPartialContent && part.continues(resp):
	case resp.StatusCode == http.StatusOK:
		if err := part.restart(tagOf(resp)); err != nil {
			return fetched{}, err
		}
	case resp.StatusCode == http.StatusPartialContent, resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return fetched{}, errors.Join(fmt.Errorf("get %s: server can't continue the download", d.url), part.remove())
	default:
		return fetched{}, newStatusError(d.url, resp)
	}
	if err := d.copy(part, resp, alive); err != nil {
		return fetched{}, fmt.Errorf("get %s: %w", d.url, err)
	}
	return fetched{state: Updated, files: []string{d.file()}, tag: part.tag}, part.finish(d.file())
}

func (d *download) header(part *partFile) http.Header {
	h := http.Header{}
	switch {
	case part.size > 0 && part.tag != "":
		h.Set("Range", fmt.Sprintf("bytes=%d-", part.size))
		h.Set("If-Range", part.tag)
	case strings.HasPrefix(d.known, `"`) || strings.HasPrefix(d.known, "W/"):
		h.Set("If-None-Match", d.known)
	case d.known != "":
		h.Set("If-Modified-Since", d.known)
	}
	return h
}

// copy appends the body to the part file.
func (d *download) copy(part *partFile, resp *http.Response, alive func()) error {
	total := int64(0)
	if resp.ContentLength > 0 {
		total = part.size + resp.ContentLength
	}
	buf := make([]byte, 256<<10)
	for {
		n, err := resp.Body.Read(buf)
		alive()
		if _, e := part.f.Write(buf[:n]); e != nil {
			return e
		}
		part.size += int64(n)
		d.bytes += int64(n)
		if part.size > maxDownload {
			return errors.Join(fmt.Errorf("%w: more than %d bytes", errLimit, int64(maxDownload)), part.remove())
		}
		d.j.progress(Progress{Step: StepDownload, Bytes: part.size, Total: total})
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// tagOf is what names the version of a file: a strong ETag, or the date.
func tagOf(resp *http.Response) string {
	if tag := resp.Header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return resp.Header.Get("Last-Modified")
}

// partFile is an unfinished download: name.part, and its tag in name.tag.
type partFile struct {
	f    *os.File
	size int64
	tag  string
}

func openPart(name string) (*partFile, error) {
	f, err := os.OpenFile(name+".part", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	p := &partFile{f: f}
	if p.size, err = f.Seek(0, io.SeekEnd); err != nil {
		f.Close()
		return nil, err
	}
	tag, err := os.ReadFile(p.tagName())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.Close()
		return nil, err
	}
	p.tag = string(tag)
	return p, nil
}

func (p *partFile) tagName() string { return strings.TrimSuffix(p.f.Name(), ".part") + ".tag" }

// close leaves the part for the next attempt, unless it is empty.
func (p *partFile) close() {
	if p.size == 0 {
		os.Remove(p.f.Name()) // of no use; also gone after finish and remove
		os.Remove(p.tagName())
	}
	p.f.Close() // what is missing at its end will be downloaded again
}

// continues says if the answer begins where the part ends.
func (p *partFile) continues(resp *http.Response) bool {
	return strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", p.size))
}

// restart empties the part for a file with that tag.
func (p *partFile) restart(tag string) error {
	p.size, p.tag = 0, tag
	if _, err := p.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return errors.Join(p.f.Truncate(0), os.WriteFile(p.tagName(), []byte(tag), 0o644))
}

// finish gives a complete download its name.
func (p *partFile) finish(name string) error {
	return errors.Join(os.Rename(p.f.Name(), name), os.Remove(p.tagName()))
}

func (p *partFile) remove() error {
	err := os.Remove(p.tagName())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, os.Remove(p.f.Name()))
}
