package report

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/boltseal/boltseal/finding"
)

// large is a report with many findings, spread over what the fixture has.
func large(findings int) *Report {
	r := fixture()
	small := slices.DeleteFunc(slices.Clone(r.Findings), func(f finding.Finding) bool { return f.Rule != nil })[:6]
	var all []finding.Finding
	for i := range findings {
		f := small[i%len(small)]
		v := *f.Vulnerability
		v.ID = fmt.Sprintf("CVE-2024-%d", 1000+i/3)
		v.Description = "A flaw in the parser lets a remote attacker read beyond the end of a buffer by sending a crafted message to the service."
		f.ID, f.Vulnerability = finding.NewID(fmt.Sprint(i)), &v
		all = append(all, f)
	}
	r.Findings = all
	r.Summarize()
	return r
}

// BenchmarkFormats writes 5,000 findings in every format.
func BenchmarkFormats(b *testing.B) {
	r := large(5000)
	for _, f := range Formats() {
		if f.Name == "template" {
			continue
		}
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, r, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
