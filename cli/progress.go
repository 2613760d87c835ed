package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan"
)

// progressDelay is how long a command may take without saying anything.
const progressDelay = time.Second

// progress keeps one line on a terminal up to date, or writes a line every few
// seconds where there is none. It is silent for the first second.
type progress struct {
	w        io.Writer
	terminal bool
	every    time.Duration
	stop     chan struct{}
	stopped  chan struct{}

	mu     sync.Mutex
	line   string
	bytes  map[string]int64
	total  map[string]int64
	files  map[int]int // seen, by layer
	layers int
	ready  int
	shown  bool
}

// newProgress starts it; off makes it say nothing.
func newProgress(w io.Writer, off bool) *progress {
	p := &progress{w: w, bytes: map[string]int64{}, total: map[string]int64{}, files: map[int]int{}, stop: make(chan struct{}), stopped: make(chan struct{})}
	_, p.terminal = isTerminal(w)
	p.every = 10 * time.Second
	if p.terminal {
		p.every = 200 * time.Millisecond
	}
	if off {
		close(p.stopped)
		return p
	}
	go p.loop()
	return p
}

func (p *progress) loop() {
	defer close(p.stopped)
	wait := time.NewTimer(progressDelay)
	defer wait.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-wait.C:
			p.show()
			wait.Reset(p.every)
		}
	}
}

// done removes the line.
func (p *progress) done() {
	select {
	case <-p.stop:
		return
	default:
		close(p.stop)
	}
	<-p.stopped
	if p.shown && p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) show() {
	p.mu.Lock()
	text := p.text()
	p.mu.Unlock()
	if text == "" {
		return
	}
	p.shown = true
	if p.terminal {
		width, _ := isTerminal(p.w)
		fmt.Fprintf(p.w, "\r\x1b[K%s", text[:min(len(text), max(width-1, 20))])
		return
	}
	fmt.Fprintln(p.w, text)
}

func (p *progress) text() string {
	var parts []string
	if p.line != "" {
		parts = append(parts, p.line)
	}
	if p.layers > 1 {
		parts = append(parts, fmt.Sprintf("layers %d/%d", p.ready, p.layers))
	}
	files := 0
	for _, n := range p.files {
		files += n
	}
	if files > 0 {
		parts = append(parts, fmt.Sprintf("%d files", files))
	}
	var bytes, total int64
	for name, n := range p.bytes {
		bytes += n
		total += p.total[name]
	}
	const least = 50_000 // what is less would read "0.0 MB"
	switch {
	case bytes < least:
	case total > bytes:
		parts = append(parts, fmt.Sprintf("%.1f of %.1f MB", float64(bytes)/1e6, float64(total)/1e6))
	default:
		parts = append(parts, fmt.Sprintf("%.1f MB", float64(bytes)/1e6))
	}
	return strings.Join(parts, "  ")
}

// say replaces the text before the counters.
func (p *progress) say(format string, args ...any) {
	p.mu.Lock()
	p.line = fmt.Sprintf(format, args...)
	p.mu.Unlock()
}

// warn writes a line that stays, also where progress is not shown.
func (p *progress) warn(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown && p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	fmt.Fprintf(p.w, "warning: %v\n", err)
}

// event hears of downloads.
func (p *progress) event(e image.Event) {
	switch e.Stage {
	case "try":
		p.say("looking in %s", e.Name)
	case "retry":
		p.say("retrying %s: %v", e.Name, e.Err)
	default:
		p.mu.Lock()
		p.bytes[e.Name] = e.Bytes
		p.total[e.Name] = max(e.Total, 0)
		p.mu.Unlock()
	}
}

// opened says what is being scanned.
func (p *progress) opened(im *image.Image) {
	p.mu.Lock()
	p.line = fmt.Sprintf("scanning %s:%s", im.Kind, im.Name)
	p.layers = len(im.Layers)
	p.mu.Unlock()
}

// layer hears how far a layer is.
func (p *progress) layer(e scan.Progress) {
	p.mu.Lock()
	p.files[e.Layer.Index] = e.Files
	if e.Done {
		p.ready++
	}
	p.mu.Unlock()
}
