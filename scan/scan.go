// Package scan reads an image, directory, container or host once and says what
// it contains. It does not match vulnerabilities (match does) and writes no
// report (report does).
//
// Scan is the entry point: layers are read in parallel (layer.go), what they
// say is cached under verified digests (package cache), put on top of each
// other (overlay.go) and joined into one inventory (system.go, language.go).
// all.go lists the scanners.
package scan

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/cache"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Options of a scan. The zero value looks for packages only, with default limits and
// no cache.
type Options struct {
	Scanners []scanner.Scanner // nil means Packages()
	// ImageScanners are asked after the layers were put together.
	ImageScanners []scanner.ImageScanner
	Limits        *image.Limits // nil means image.DefaultLimits
	// Cache keeps what layers said; nil reads everything.
	Cache *cache.Cache
	// Parallel is how many layers are read at once; 0 means one per processor.
	Parallel int
	// MemoryBytes bounds the file contents in memory; 0 means 32 MiB.
	MemoryBytes int64
	// SpillDir is where files too large for memory go; "" is the system's
	// directory for temporary files.
	SpillDir string
	// Files keeps the list of files that each package owns.
	Files bool
	// Progress is called while a layer is read and when it is done, from any
	// goroutine.
	Progress func(Progress)
}

// Progress tells how far one layer is.
type Progress struct {
	Layer image.Descriptor
	Files int // entries seen so far
	Done  bool
}

// Result is what a scan found.
type Result struct {
	Inventory inventory.Inventory
	// Findings are what the scanners found wrong, worst first; vulnerabilities
	// are not among them.
	Findings []finding.Finding
	// Layers tell per layer what was read.
	Layers []LayerSummary
}

// LayerSummary tells what was read of a layer.
type LayerSummary struct {
	image.Descriptor
	// Verified is the digest computed from the bytes, now or when the cached
	// result was made.
	Verified string `json:"verified,omitempty"`
	Cached   bool   `json:"cached,omitempty"`
	Entries  int    `json:"entries,omitempty"`
	// Compressed and Uncompressed count bytes.
	Compressed   int64 `json:"compressed,omitempty"`
	Uncompressed int64 `json:"uncompressed,omitempty"`
	// Packages counts the packages that the layer brought.
	Packages int `json:"packages"`
}

// Scan reads the image. It fails only when nothing can be said (cancelled);
// everything that could not be read is in Inventory.Issues.
func Scan(ctx context.Context, im *image.Image, opts Options) (*Result, error) {
	opts = opts.withDefaults()
	res, err := scanLayers(ctx, im, opts)
	if err == nil {
		err = scanWhole(ctx, im, opts.ImageScanners, res)
	}
	if err != nil {
		return nil, fmt.Errorf("scan %s: %w", im.Name, err)
	}
	return res, nil
}

// scanLayers says what the layers hold, from the cache or from their bytes.
func scanLayers(ctx context.Context, im *image.Image, opts Options) (*Result, error) {
	store := newStore(opts)
	if !opts.Files {
		if res := store.image(im); res != nil {
			return res, nil
		}
	}
	layers, cached, err := readLayers(ctx, im, opts, store)
	if err != nil {
		return nil, err
	}
	res := assemble(im, layers)
	for i := range res.Layers {
		res.Layers[i].Cached = cached[i]
	}
	store.save(im, layers, cached, res)
	if !opts.Files {
		return withoutFiles(res), nil
	}
	return res, nil
}

func (o Options) withDefaults() Options {
	if o.Scanners == nil {
		o.Scanners = Packages()
	}
	if o.Limits == nil {
		o.Limits = image.DefaultLimits()
	}
	if o.Parallel <= 0 {
		o.Parallel = runtime.GOMAXPROCS(0)
	}
	if o.MemoryBytes <= 0 {
		o.MemoryBytes = 32 << 20
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

// readLayers gets every layer's result, from the cache or from its bytes.
func readLayers(ctx context.Context, im *image.Image, opts Options, store *store) ([]*layerResult, []bool, error) {
	results := make([]*layerResult, len(im.Layers))
	cached := make([]bool, len(im.Layers))
	p := newPool(runtime.GOMAXPROCS(0), opts.MemoryBytes, opts.SpillDir)
	defer p.close()
	limits := opts.Limits.WithDefaults()
	b := newBudget(limits.ResultBytes)
	var total atomic.Int64 // uncompressed bytes read
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(opts.Parallel)
	for _, i := range largestFirst(im.Layers) {
		group.Go(func() error {
			d := im.Layers[i].Descriptor()
			if results[i] = store.layer(d); results[i] != nil {
				cached[i] = true
				opts.Progress(Progress{Layer: d, Done: true})
				return nil
			}
			left := limits.ImageBytes - total.Load()
			if left <= 0 {
				err := fmt.Errorf("%w: the layers that were read hold %d bytes already", image.ErrLimit, total.Load())
				results[i] = &layerResult{Issues: []inventory.Issue{issueOf(d.ID(), "", "", err)}}
				return nil
			}
			own := *limits
			own.LayerBytes = min(own.LayerBytes, left)
			r := layerReader{layer: im.Layers[i], id: d.ID(), scanners: opts.Scanners, members: memberScanners(opts.Scanners), limits: &own, pool: p, budget: b, progress: opts.Progress}
			res, err := r.read(ctx)
			if err != nil {
				return err
			}
			total.Add(res.Walked.Uncompressed)
			results[i] = res
			opts.Progress(Progress{Layer: d, Files: res.Walked.Entries, Done: true})
			return nil
		})
	}
	return results, cached, group.Wait()
}

// largestFirst orders layer indexes so that the longest reading starts first.
func largestFirst(layers []image.Layer) []int {
	order := make([]int, len(layers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(min(max(layers[b].Descriptor().Size-layers[a].Descriptor().Size, -1), 1))
	})
	return order
}

// assemble puts the layers on top of each other and joins what they say.
func assemble(im *image.Image, layers []*layerResult) *Result {
	res := &Result{Layers: make([]LayerSummary, len(layers))}
	inv := &res.Inventory
	o := newOverlay()
	ids := make([]string, len(layers))
	for i, l := range layers {
		d := im.Layers[i].Descriptor()
		ids[i] = d.ID()
		if ids[i] == "" {
			ids[i] = l.Walked.DiffID
		}
		res.Layers[i] = LayerSummary{
			Descriptor: d, Verified: verified(l), Entries: l.Walked.Entries,
			Compressed: l.Walked.Compressed, Uncompressed: l.Walked.Uncompressed,
		}
		for _, is := range l.Issues {
			is.Layer = ids[i]
			inv.Issues = append(inv.Issues, is)
		}
		o.push(i, l)
	}
	s := newSystem(o)
	inv.Issues = append(inv.Issues, s.issues(ids)...)
	inv.OS = s.os()
	system, notes := s.packages(ids)
	libs, lockNotes := preferInstalled(own(libraries(o, ids), system, s))
	drifted := s.drifted(system, libs, ids)
	inv.Notes = slices.Concat(im.Warnings, notes, lockNotes)
	inv.Packages = slices.Concat(system, merge(libs))
	inv.FillPURLs()
	inv.Sort()
	res.Findings = append(findings(layers, ids), drifted...)
	sortFindings(res.Findings)
	countByLayer(res, ids)
	return res
}

func countByLayer(res *Result, ids []string) {
	for i := range res.Inventory.Packages {
		if l := res.Inventory.Packages[i].Locations; len(l) > 0 {
			if k := slices.Index(ids, l[0].Layer); k >= 0 {
				res.Layers[k].Packages++
			}
		}
	}
}
