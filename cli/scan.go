package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/scan"
	"github.com/boltseal/boltseal/scan/cache"
)

// scanOptions are the flags of the verb.
type scanOptions struct {
	image   image.Options
	mirrors []string
	limits  image.Limits
	timeout time.Duration

	cacheDir  string
	noCache   bool
	cacheSize int64
	dbPath    string
	noDB      bool

	kinds     []string
	threats   scan.Threats
	verify    []string
	warnings  io.Writer
	integrity string

	format     string
	output     string
	also       []string
	template   string
	lang       string
	failOn     []string
	policies   []string
	ignoreFile string
	checksDir  string
	fix        string
	diff       bytes.Buffer // what --fix=diff shows in place of the report
	vex        []string
	emergency  []string
	suppressed bool
	all        bool
	rows       int
	files      bool
	noProgress bool
	parallel   int
}

const scanLong = `Scan says what an image contains and what is wrong with it. It reads every byte
once, matches what it finds against the vulnerability database, and prints a report.

The target is an image reference or one of

  registry:REF          an image in a registry        oci:DIR[:TAG]        an OCI layout
  docker:REF            Docker's store                oci-archive:FILE     an OCI layout in a tar
  podman:REF            Podman's store                docker-archive:FILE  what docker save writes
  containerd:REF        containerd's content store    dir:PATH             an application directory
  container:ID          a running container           rootfs:PATH          an unpacked root file system
  host                  this machine                  sbom:FILE            a CycloneDX or SPDX document

Without a prefix a file or directory of that name is taken for what it looks like; any other
name is looked for in the engines on this machine and then in its registry.

--fail-on takes conditions; within one flag all must hold, of several flags any one:
  ` + finding.GateHelp + `

--policy asks the rules of a file, or 'default' for those in the program; see 'boltseal policy'.`

const scanExample = `  boltseal scan alpine:3.19
  boltseal scan ./image.tar --format json --output report.json
  boltseal scan registry:ghcr.io/org/app@sha256:... --platform linux/arm64
  boltseal scan docker:app --fail-on severity=high,fixable --fail-on kev
  boltseal scan app --also sarif=app.sarif --also cyclonedx=app.cdx.json
  boltseal scan oci-archive:app.tar --policy default --also junit=boltseal.xml
  boltseal scan sbom:app.cdx.json`

func scanCommand(s Streams) *cobra.Command {
	o := scanOptions{limits: *image.DefaultLimits(), warnings: s.Err}
	cmd := &cobra.Command{
		Use:     "scan TARGET",
		Short:   "Say what an image contains and what is wrong with it",
		Long:    scanLong + "\n" + exitHelp,
		Example: scanExample,
		Args:    exactArgs(1, "scan"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkLimits(cmd.Flags()); err != nil {
				return err
			}
			return o.run(cmd.Context(), s, args[0])
		},
	}
	o.flags(cmd)
	return cmd
}

// run scans and reports.
func (o *scanOptions) run(ctx context.Context, s Streams, target string) error {
	gates, err := parseGates(o.failOn)
	if err != nil {
		return err
	}
	if err := o.chooseKinds(); err != nil {
		return err
	}
	policies, err := loadPolicies(o.policies)
	if err != nil {
		return err
	}
	outputs, err := o.outputs()
	if err != nil {
		return err
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.timeout, fmt.Errorf("--timeout %s is over", o.timeout))
		defer cancel()
	}
	p := newProgress(s.Err, o.noProgress)
	r, err := o.report(ctx, target, p)
	p.done()
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
			return cause
		}
		return err
	}
	if o.fix == "diff" {
		_, err := o.diff.WriteTo(s.Out)
		return err
	}
	rules, err := o.suppressions(r.Target)
	if err != nil {
		return err
	}
	for _, late := range rules.Apply(r.Findings, &r.Inventory, r.Created) {
		r.Notices = append(r.Notices, report.Expired(late.IDs[0], late.Source))
	}
	match.Sort(r.Findings)
	r.Summarize()
	if err := decide(ctx, r, r.Created, policies); err != nil {
		return err
	}
	if err := outputs.write(s, r, o); err != nil {
		return err
	}
	return verdict(r, gates)
}

// report opens, scans and matches.
func (o *scanOptions) report(ctx context.Context, target string, p *progress) (*report.Report, error) {
	m, err := o.matcher()
	if err != nil {
		return nil, err
	}
	defer m.close()
	r := &report.Report{
		Schema: report.Schema, Tool: report.Tool{Name: "boltseal", Version: version}, Created: time.Now().UTC().Truncate(time.Second),
	}
	err = o.scanImage(ctx, r, target, p)
	var doc *image.SBOMError
	if errors.As(err, &doc) {
		err = errors.Join(readSBOM(r, doc.Path), o.judgeLicenses(ctx, r))
	}
	if err != nil {
		return nil, err
	}
	if err := o.matchPackages(ctx, m, r); err != nil {
		return nil, err
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Rule != nil {
			f.Priority = match.Priority(f)
		}
	}
	r.Partial = len(r.Inventory.Issues) > 0
	return r, nil
}

// scanImage fills the report's target and inventory.
func (o *scanOptions) scanImage(ctx context.Context, r *report.Report, target string, p *progress) error {
	o.image.Progress = p.event
	if err := o.setMirrors(); err != nil {
		return err
	}
	if o.image.Retries == 0 {
		o.image.Retries = -1 // the library's zero value is its default
	}
	im, err := image.Open(ctx, target, o.image)
	if err != nil {
		return err
	}
	defer im.Close()
	p.opened(im)
	opts := scan.Options{Limits: &o.limits, Parallel: o.parallel, Files: o.files, SpillDir: o.image.TempDir, Progress: p.layer}
	o.threats.Warn = p.warn
	if err := o.scanners(ctx, &opts); err != nil {
		return err
	}
	if !o.noCache {
		if opts.Cache, err = cache.Open(o.cacheDir, o.cacheSize<<20); err != nil {
			return err
		}
	}
	res, err := scan.Scan(ctx, im, opts)
	if err != nil {
		return err
	}
	r.Target = describe(im, res)
	r.Inventory = res.Inventory
	r.Findings = res.Findings
	if err := o.redactTarget(im, &r.Target); err != nil {
		return err
	}
	return o.checkFiles(ctx, r, target)
}

// describe tells of an image for the report.
func describe(im *image.Image, res *scan.Result) report.Target {
	t := report.Target{
		Kind: im.Kind, Name: im.Name, Digest: im.Digest, ConfigDigest: im.ConfigDigest,
		Tags: im.Tags, Platform: im.Platform, Config: &im.Config,
	}
	for _, l := range res.Layers {
		id := l.DiffID
		if id == "" && l.Digest == "" {
			id = l.Verified
		}
		t.Layers = append(t.Layers, report.Layer{
			Digest: l.Digest, DiffID: id, CreatedBy: l.CreatedBy, Size: max(l.Size, 0),
			Entries: l.Entries, Packages: l.Packages, Cached: l.Cached,
		})
	}
	return t
}

func parseGates(texts []string) ([]finding.Gate, error) {
	var gates []finding.Gate
	for _, t := range texts {
		g, err := finding.ParseGate(t)
		if err != nil {
			return nil, usage("%w", err)
		}
		gates = append(gates, g)
	}
	return gates, nil
}

// verdict turns the report into an exit code.
func verdict(r *report.Report, gates []finding.Gate) error {
	if denied := denial(r); denied != nil {
		return denied
	}
	for _, g := range gates {
		n := 0
		for i := range r.Findings {
			if g.Met(&r.Findings[i]) {
				n++
			}
		}
		if n > 0 {
			return &exitError{exitGate, fmt.Errorf("%d findings meet --fail-on %s", n, g)}
		}
	}
	if r.Partial {
		return &exitError{exitPartial, fmt.Errorf("the result is partial: %d places could not be read", len(r.Inventory.Issues))}
	}
	return nil
}

// output is one format and where it goes.
type output struct {
	format report.Format
	path   string // "" is standard output
}

type outputs []output

// outputs resolves --format, --output and --also.
func (o *scanOptions) outputs() (outputs, error) {
	name := o.format
	if o.template != "" {
		name = "template"
	}
	first, err := report.Lookup(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	all := outputs{{first, o.output}}
	for _, a := range o.also {
		name, path, ok := cutPair(a)
		if !ok {
			return nil, usage("--also %q: want FORMAT=FILE", a)
		}
		f, err := report.Lookup(name)
		if err != nil {
			return nil, usage("%w", err)
		}
		all = append(all, output{f, path})
	}
	return all, nil
}

func (all outputs) write(s Streams, r *report.Report, o *scanOptions) error {
	for _, out := range all {
		opts, err := o.reportOptions(s, out.path == "")
		if err != nil {
			return err
		}
		if out.path == "" {
			err = out.format.Write(s.Out, r, opts)
		} else {
			err = writeFile(out.path, func(w io.Writer) error { return out.format.Write(w, r, opts) })
		}
		if err != nil {
			return fmt.Errorf("write %s report: %w", out.format.Name, err)
		}
	}
	return nil
}

// terminalRows is how many findings of each place a terminal is shown.
const terminalRows = 15

// reportOptions knows the terminal only where the output goes to it.
func (o *scanOptions) reportOptions(s Streams, terminal bool) (report.Options, error) {
	opts := report.Options{Lang: locale(o.lang), Suppressed: o.suppressed, All: o.all, Rows: max(o.rows, 0)}
	if width, ok := isTerminal(s.Out); ok && terminal {
		opts.Width = width
		if o.rows < 0 {
			opts.Rows = terminalRows
		}
		opts.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if o.template != "" {
		text, err := templateText(o.template)
		if err != nil {
			return opts, err
		}
		opts.Template = text
	}
	return opts, nil
}
