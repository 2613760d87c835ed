package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// pool runs scanners on a few goroutines and bounds the memory of the files
// that wait for them. It is shared by all layers of a scan.
type pool struct {
	jobs   chan func()
	memory *semaphore.Weighted
	spills *semaphore.Weighted // bytes in spill files
	texts  *semaphore.Weighted // bytes of texts that are being parsed
	budget int64
	spill  string     // directory for spill files, "" for the system's
	large  sync.Mutex // held by who has unpacked large files of an archive
	done   sync.WaitGroup
	small  sync.Pool // buffers up to smallBuffer
}

const smallBuffer = 64 << 10

// spillBytes bounds what stands in spill files at a time; a single file may be
// larger.
const spillBytes = 4 << 30

// newPool starts workers goroutines; budget bounds the bytes of file content
// in memory.
func newPool(workers int, budget int64, spill string) *pool {
	p := &pool{jobs: make(chan func(), 64), memory: semaphore.NewWeighted(budget), spills: semaphore.NewWeighted(spillBytes), texts: semaphore.NewWeighted(scanner.TextBytes), budget: budget, spill: spill}
	p.small.New = func() any { b := make([]byte, 0, smallBuffer); return &b }
	p.done.Add(workers)
	for range workers {
		go func() {
			defer p.done.Done()
			for job := range p.jobs {
				job()
			}
		}()
	}
	return p
}

// run queues a job; it blocks while the queue is full.
func (p *pool) run(job func()) { p.jobs <- job }

// scan calls a scanner with the file. Texts wait for each other: a scanner may
// make many times its size of one.
func (p *pool) scan(ctx context.Context, s scanner.Scanner, f *scanner.File) (scanner.Result, error) {
	var admitted int64
	defer func() { p.texts.Release(admitted) }()
	own := *f
	own.Admit = func(bytes int64) error {
		if err := p.texts.Acquire(ctx, bytes); err != nil {
			return err
		}
		admitted += bytes
		return nil
	}
	return runScanner(ctx, s, &own)
}

// close waits for the workers; no run may follow.
func (p *pool) close() {
	close(p.jobs)
	p.done.Wait()
}

// content is a whole file, in memory or in a spill file.
type content struct {
	io.ReaderAt
	data    []byte
	size    int64
	release func()
	file    *os.File // the spill file, nil in memory
}

// Map implements scanner.Mapper for spill files.
func (c *content) Map(n int64) ([]byte, func(), error) {
	if c.file == nil {
		return nil, nil, errors.ErrUnsupported
	}
	return mapSpill(c.file, n)
}

// load takes the whole body: up to limit bytes in memory, more in an unlinked
// file. It blocks while other files use up the memory budget.
func (p *pool) load(ctx context.Context, e *image.Entry, b *image.Body, limit int64) (*content, error) {
	if e.Size > limit {
		return p.loadSpilled(ctx, e, b)
	}
	weight := min(max(e.Size, 512), p.budget)
	if err := p.memory.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	var pooled *[]byte
	var buf []byte
	if e.Size <= smallBuffer {
		pooled = p.small.Get().(*[]byte)
		buf = (*pooled)[:0]
	} else {
		buf = make([]byte, 0, e.Size)
	}
	release := func() {
		p.memory.Release(weight)
		if pooled != nil {
			p.small.Put(pooled)
		}
	}
	data, err := b.ReadAll(buf)
	if err != nil {
		release()
		return nil, err
	}
	return &content{ReaderAt: bytes.NewReader(data), data: data, size: int64(len(data)), release: release}, nil
}

// loadSpilled writes the body to a file that has no name any more.
// It blocks while other files use up what may be spilled.
func (p *pool) loadSpilled(ctx context.Context, e *image.Entry, b *image.Body) (*content, error) {
	weight := min(e.Size, spillBytes)
	if err := p.spills.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	c, err := p.writeSpill(b)
	if err != nil {
		p.spills.Release(weight)
		return nil, err
	}
	closeFile := c.release
	c.release = func() { closeFile(); p.spills.Release(weight) }
	return c, nil
}

func (p *pool) writeSpill(b *image.Body) (*content, error) {
	f, err := os.CreateTemp(p.spill, "boltseal-spill-")
	if err != nil {
		return nil, fmt.Errorf("create spill file: %w", err)
	}
	os.Remove(f.Name())
	var size int64
	for {
		piece, err := b.Next()
		if err == io.EOF {
			return &content{ReaderAt: f, size: size, release: func() { f.Close() }, file: f}, nil
		}
		if err == nil {
			_, err = f.Write(piece)
			size += int64(len(piece))
		}
		if err != nil {
			f.Close()
			return nil, err
		}
	}
}
