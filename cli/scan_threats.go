package cli

import (
	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan"
)

// threatFlags declares what is looked for beside packages.
func (o *scanOptions) threatFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&o.kinds, "scanners", nil, "what to look for, separated by commas (default: everything): "+scan.KindNames())
}

// scanners puts the scanners that the user wants into opts. Packages are read
// whenever a vulnerability, a licence or a file that no package owns is asked
// for; a scan for secrets alone goes without.
func (o *scanOptions) scanners(opts *scan.Options) error {
	kinds, err := scan.ParseKinds(o.kinds)
	if err != nil {
		return usage("--scanners: %w", err)
	}
	if len(kinds) == 0 {
		kinds = scan.Kinds()
	}
	o.threats.Kinds = kinds
	files, images, err := o.threats.Scanners()
	if err != nil {
		return err
	}
	opts.Scanners = files
	if o.threats.Wants(finding.KindVulnerability) || o.threats.Wants(finding.KindMalware) || o.threats.Wants(finding.KindLicense) || o.threats.Wants(finding.KindMisconfiguration) {
		opts.Scanners = append(scan.Packages(), files...)
	}
	opts.ImageScanners = images
	return nil
}

// wantsVulnerabilities says whether to match packages; SBOM documents, which
// nothing else is known of, are matched in any case.
func (o *scanOptions) wantsVulnerabilities() bool {
	return len(o.threats.Kinds) == 0 || o.threats.Wants(finding.KindVulnerability) || o.threats.Wants(finding.KindMalware)
}
