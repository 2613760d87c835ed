package cli

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/boltseal/boltseal/report"
)

// flags declares the flags of scan.
func (o *scanOptions) flags(cmd *cobra.Command) {
	o.sourceFlags(cmd)
	o.threatFlags(cmd)
	o.configFlags(cmd)
	o.limitFlags(cmd)
	o.reportFlags(cmd)
}

func (o *scanOptions) sourceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.image.Platform, "platform", "", "platform of a multi-platform image, such as linux/arm64 (default: this machine's)")
	f.BoolVar(&o.image.Insecure, "insecure", false, "allow plain HTTP and unverified TLS to the registry")
	f.StringArrayVar(&o.mirrors, "mirror", nil, "REGISTRY=HOST[/PREFIX] to ask first; may be repeated")
	f.IntVar(&o.image.Retries, "retries", 5, "how often a request is repeated and a download resumed")
	f.BoolVar(&o.image.ForeignLayers, "foreign-layers", false, "download non-distributable layers from the addresses in the image")
	f.StringVar(&o.image.AuthFile, "authfile", "", "credentials file (default: those of Docker and Podman)")
	f.StringVar(&o.image.CertDir, "cert-dir", "", "folder with HOST/*.crt of private registries (default: /etc/docker/certs.d, /etc/containers/certs.d)")
	f.StringVar(&o.image.Namespace, "containerd-namespace", "", "containerd namespace (default: default, then k8s.io)")
	f.StringVar(&o.image.HostRoot, "host-root", "/", "where the machine's root is mounted, for 'host'")
	f.StringVar(&o.image.TempDir, "temp-dir", "", "directory for files that do not fit in memory")
	f.StringVar(&o.cacheDir, "cache-dir", cacheDir(), "directory of the scan cache")
	f.Int64Var(&o.cacheSize, "cache-size", 1024, "bound of the scan cache in MiB")
	f.BoolVar(&o.noCache, "no-cache", false, "read all layers again and keep nothing")
	f.StringVar(&o.dbPath, "db", databasePath(), "vulnerability database")
	f.BoolVar(&o.noDB, "no-db", false, "match emergency advisories only")
	f.DurationVar(&o.timeout, "timeout", 0, "give up after this time, such as 5m (default: never)")
	f.IntVar(&o.parallel, "parallel", 0, "layers to read at once (default: one per processor)")
}

func (o *scanOptions) limitFlags(cmd *cobra.Command) {
	f, l := cmd.Flags(), &o.limits
	f.Int64Var(&l.ImageBytes, "max-image", l.ImageBytes, "bytes that all layers together may hold uncompressed")
	f.Int64Var(&l.LayerBytes, "max-layer", l.LayerBytes, "bytes that a layer may hold uncompressed")
	f.Int64Var(&l.Ratio, "max-ratio", l.Ratio, "largest compression ratio of a layer")
	f.IntVar(&l.Entries, "max-entries", l.Entries, "files that a layer may hold")
	f.IntVar(&l.PathBytes, "max-path", l.PathBytes, "longest path or link")
	f.Int64Var(&l.HeaderBytes, "max-header", l.HeaderBytes, "bytes of a tar extension header or sparse map")
	f.Int64Var(&l.WindowBytes, "max-window", l.WindowBytes, "largest zstd window of a layer")
	f.Int64Var(&l.FileBytes, "max-file", l.FileBytes, "largest file that is read whole")
	f.IntVar(&l.ArchiveDepth, "max-archive-depth", l.ArchiveDepth, "how deep archives in archives are followed")
	f.Int64Var(&l.ArchiveBytes, "max-archive", l.ArchiveBytes, "bytes that an archive may expand to")
	f.IntVar(&l.ArchiveEntries, "max-archive-entries", l.ArchiveEntries, "files that an archive may hold, with archives in it")
	f.IntVar(&l.Packages, "max-packages", l.Packages, "packages that one file may name")
	f.Int64Var(&o.image.TempBytes, "max-temp", 64<<30, "bytes of a temporary copy of a compressed archive or of an engine's export")
	f.IntVar(&l.LineBytes, "max-line", l.LineBytes, "longest line of a text database")
	f.Int64Var(&l.ResultBytes, "max-result", l.ResultBytes, "bytes that are remembered of all layers: paths, links, results")
}

// checkLimits refuses a limit that would keep everything out: it is more likely
// a mistake than a wish, and must not turn into the default.
func checkLimits(flags *pflag.FlagSet) error {
	var err error
	flags.Visit(func(f *pflag.Flag) {
		limit := strings.HasPrefix(f.Name, "max-") || f.Name == "cache-size" || f.Name == "parallel"
		if n, bad := strconv.ParseInt(f.Value.String(), 10, 64); limit && bad == nil && n <= 0 && err == nil {
			err = usage("--%s %d: a limit is 1 or more", f.Name, n)
		}
	})
	return err
}

func (o *scanOptions) reportFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "table", "output format: "+formatNames())
	f.StringVarP(&o.output, "output", "o", "", "write the report to this file")
	f.StringArrayVar(&o.also, "also", nil, "FORMAT=FILE: write another format too; may be repeated")
	f.StringVar(&o.template, "template", "", "Go template, or @FILE with one")
	f.StringVar(&o.lang, "lang", "auto", "language of the report: en, zh-CN or auto")
	f.StringArrayVar(&o.failOn, "fail-on", nil, "exit with 1 when a finding meets the conditions; may be repeated")
	f.StringArrayVar(&o.policies, "policy", nil, "exit with 1 when this policy denies: a file, or 'default'; may be repeated")
	f.StringVar(&o.ignoreFile, "ignore-file", "", "file of findings to ignore (default: .boltsealignore if it exists)")
	f.StringArrayVar(&o.vex, "vex", nil, "OpenVEX or CSAF document or directory of them; may be repeated")
	f.StringArrayVar(&o.emergency, "emergency", nil, "file of further emergency advisories; may be repeated")
	f.BoolVar(&o.suppressed, "show-suppressed", false, "also list findings that were withdrawn, with the reason")
	f.BoolVar(&o.all, "all-packages", false, "also list packages without findings")
	f.IntVar(&o.rows, "rows", -1, "findings that the table lists of each place, 0 for all (default: 15 on a terminal, else all)")
	f.BoolVar(&o.files, "list-files", false, "keep the files that each package owns in the JSON report")
	f.BoolVar(&o.noProgress, "no-progress", false, "print no progress")
	complete := func(values ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values, cobra.ShellCompDirectiveNoFileComp
		}
	}
	must(cmd.RegisterFlagCompletionFunc("format", complete(strings.Split(formatNames(), ", ")...)))
	must(cmd.RegisterFlagCompletionFunc("lang", complete("en", "zh-CN", "auto")))
	must(cmd.RegisterFlagCompletionFunc("policy", completePolicy))
	must(cmd.RegisterFlagCompletionFunc("fail-on", complete("severity=critical", "severity=high", "fixable", "kev")))
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// must is for mistakes in this file only.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
