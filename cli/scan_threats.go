package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/license"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/scan"
	"github.com/boltseal/boltseal/scan/integrity"
	licenses "github.com/boltseal/boltseal/scan/license"
	"github.com/boltseal/boltseal/scan/scanner"
	"github.com/boltseal/boltseal/scan/secret"
)

// threatFlags declares what is looked for beside packages.
func (o *scanOptions) threatFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&o.kinds, "scanners", nil, "what to look for, separated by commas (default: everything): "+scan.KindNames())
	m := &o.threats.Malware
	f.StringArrayVar(&m.Rules, "yara", nil, "YARA rule file, or directory of them, to use beside the shipped rules; may be repeated")
	f.StringArrayVar(&m.Hashes, "malware-hashes", nil, "file with SHA-256, SHA-1 or MD5 sums of bad files, one a line, as CSV or as sha256sum writes; may be repeated")
	f.StringSliceVar(&o.threats.License.Deny, "license-deny", nil, "licenses that must not bind: identifiers, patterns, "+licenseCategories())
	f.StringSliceVar(&o.threats.License.Allow, "license-allow", nil, "the only licenses that may be used: identifiers, patterns, "+licenseCategories())
	f.StringVar(&m.Clamd, "clamd", "", "ask a ClamAV daemon about every file: unix:/path or tcp:host:port")
	f.StringVar((*string)(&o.threats.WebShells.Confidence), "webshell-confidence", string(finding.ConfidenceMedium), "how sure a verdict about a script must be: low (statistics alone, with false alarms), medium or high")
	f.StringArrayVar(&o.threats.Secrets.Rules, "secret-rules", nil, "file with rules for secrets in gitleaks' TOML form, beside those that ship; may be repeated")
	f.StringSliceVar(&o.verify, "verify-secrets", nil, "providers to ask whether their secrets are live (none unless named here): "+strings.Join(secret.Providers(), ", "))
	f.StringVar(&o.integrity, "integrity", string(integrity.Programs), "what to compare with package databases: programs (and libraries), full (every file of every package) or off")
}

// licenseCategories names the categories for people.
func licenseCategories() string {
	var names []string
	for _, c := range license.Categories() {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

// chooseKinds reads --scanners.
func (o *scanOptions) chooseKinds() error {
	kinds, err := scan.ParseKinds(o.kinds)
	if err != nil {
		return usage("--scanners: %w", err)
	}
	if len(kinds) == 0 {
		kinds = scan.Kinds()
	}
	o.threats.Kinds = kinds
	if o.threats.Integrity, err = integrity.ParseLevel(o.integrity); err != nil {
		return usage("--integrity: %w", err)
	}
	if _, err := licenses.New(o.threats.License); err != nil {
		return usage("%w", err)
	}
	if len(o.verify) > 0 {
		if o.threats.Secrets.Verifier, err = secret.NewVerifier(o.verify); err != nil {
			return usage("--verify-secrets: %w", err)
		}
	}
	if !o.noCache {
		o.threats.Secrets.KeyFile = filepath.Join(o.cacheDir, "secret.key")
	}
	return nil
}

// judgeLicenses judges the packages of an SBOM, of which nothing else is known.
func (o *scanOptions) judgeLicenses(ctx context.Context, r *report.Report) error {
	if !o.threats.Wants(finding.KindLicense) {
		return nil
	}
	s, err := licenses.New(o.threats.License)
	if err != nil {
		return err
	}
	found, err := s.ScanImage(ctx, &scanner.Image{Inventory: &r.Inventory})
	for i := range found {
		found[i].ID = finding.NewID(string(found[i].Kind), found[i].Rule.ID, found[i].Location.Path, found[i].ID)
	}
	r.Findings = append(r.Findings, found...)
	return err
}

// scanners puts the scanners that the user wants into opts. Packages are read
// whenever a vulnerability, a licence or a file that no package owns is asked
// for; a scan for secrets alone goes without.
func (o *scanOptions) scanners(ctx context.Context, opts *scan.Options) error {
	o.threats.Secrets.Warn = func(text string) { fmt.Fprintln(o.warnings, "warning: "+text) }
	files, images, err := o.threats.Scanners(ctx)
	if err != nil {
		return err
	}
	opts.Scanners = files
	aboutPackages := []finding.Kind{finding.KindVulnerability, finding.KindMalware, finding.KindLicense, finding.KindMisconfiguration}
	if slices.ContainsFunc(aboutPackages, o.threats.Wants) {
		opts.Scanners = append(files, scan.Packages()...)
	}
	opts.ImageScanners = images
	return nil
}

// matchPackages adds what the database knows of the packages: vulnerabilities,
// and packages that are malware.
func (o *scanOptions) matchPackages(ctx context.Context, m *matcher, r *report.Report) error {
	if !o.threats.Wants(finding.KindVulnerability) && !o.threats.Wants(finding.KindMalware) {
		return nil
	}
	if err := m.match(ctx, r); err != nil {
		return err
	}
	if !o.threats.Wants(finding.KindVulnerability) {
		r.Notices = nil
		r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return f.Kind == finding.KindVulnerability })
	}
	return nil
}
