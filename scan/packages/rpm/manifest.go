package rpm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Columns of container-manifest-2, which Mariner and Azure Linux leave in
// images without a package manager. It is made with the query format
// "%{NAME}\t%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\t%{BUILDTIME}\t%{VENDOR}\t%{EPOCH}\t%{SIZE}\t%{ARCH}\t%{EPOCHNUM}\t%{SOURCERPM}\n".
const (
	columnName    = 0
	columnVersion = 1
	columnVendor  = 4
	columnArch    = 7
	columnEpoch   = 8
	columnSource  = 9
	columnCount   = 10
)

// scanManifest reads container-manifest-2.
func scanManifest(f *scanner.File) (scanner.Result, error) {
	var res scanner.Result
	l := lines.NewReader(f.Reader(), f.Limits.LineBytes)
	bad := 0
	for line, ok := l.Next(); ok; line, ok = l.Next() {
		if len(line) == 0 {
			continue
		}
		if len(res.Packages) >= f.Limits.Packages {
			return res, fmt.Errorf("read manifest: more than %d packages: %w", f.Limits.Packages, image.ErrLimit)
		}
		p, ok := manifestPackage(string(line))
		if !ok {
			bad++
			continue
		}
		res.Packages = append(res.Packages, p)
	}
	switch {
	case l.Cut() > 0:
		return res, fmt.Errorf("read manifest: %d lines of more than %d bytes: %w", l.Cut(), f.Limits.LineBytes, image.ErrLimit)
	case bad > 0:
		return res, fmt.Errorf("read manifest: %w", corrupt("%d lines without %d columns", bad, columnCount))
	}
	return res, l.Err()
}

// manifestPackage reads one line.
func manifestPackage(line string) (inventory.Package, bool) {
	c := strings.SplitN(line, "\t", columnCount+1)
	if len(c) < columnCount {
		return inventory.Package{}, false
	}
	for i := range c {
		if c[i] == "(none)" {
			c[i] = ""
		}
	}
	if c[columnName] == "" || c[columnVersion] == "" {
		return inventory.Package{}, false
	}
	number, err := strconv.ParseUint(c[columnEpoch], 10, 32)
	if err != nil {
		number = 0 // absent
	}
	epoch := uint32(number)
	return inventory.Package{
		Type: "rpm", Evidence: inventory.Installed,
		Name: c[columnName], Version: withEpoch(epoch, c[columnVersion]), Arch: c[columnArch],
		Vendor: c[columnVendor], Source: sourceOf(c[columnSource], epoch),
	}, true
}
