package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// peer is another scanner, measured when it is installed. Those that can list
// packages without matching them do only that: it needs none of their
// databases, and is less work than boltseal does.
type peer struct {
	name string
	args func(image string) []string
	env  []string
	ok   []int // exit codes beside 0
	// archive says that it takes what docker save writes, and no OCI layout:
	// nothing is left to inflate for it.
	archive bool
	// threats says that it looks for secrets too, which is compared with
	// boltseal looking for everything.
	threats bool
}

var peers = []peer{
	{name: "trivy", args: func(l string) []string {
		return []string{"image", "--input", l, "--format", "cyclonedx", "--output", os.DevNull, "--quiet", "--cache-backend", "memory",
			"--skip-db-update", "--skip-java-db-update", "--skip-version-check", "--offline-scan"}
	}},
	{name: "trivy, secrets", args: func(l string) []string {
		return []string{"image", "--input", l, "--format", "json", "--output", os.DevNull, "--quiet", "--cache-backend", "memory", "--scanners", "secret",
			"--skip-db-update", "--skip-java-db-update", "--skip-version-check", "--offline-scan"}
	}, threats: true},
	{name: "syft", args: func(l string) []string { return []string{"scan", "oci-dir:" + l, "-q", "-o", "json"} },
		env: []string{"SYFT_CHECK_FOR_APP_UPDATE=false"}},
	{name: "grype", args: func(l string) []string { return []string{"oci-dir:" + l} },
		env: []string{"GRYPE_CHECK_FOR_APP_UPDATE=false", "GRYPE_DB_AUTO_UPDATE=false"}},
	{name: "osv-scanner", args: func(l string) []string { return []string{"scan", "image", "--offline", "--archive", l} },
		ok: []int{1, 127, 128}, archive: true},
}

// peer prints what a peer costs on an image, or why that is not known.
func (b *bench) peer(p peer, layout string, floor, cold cost) {
	program, _, _ := strings.Cut(p.name, ",")
	if _, err := exec.LookPath(program); err != nil {
		fmt.Printf("  %-32s not installed\n", p.name)
		return
	}
	image := layout
	if p.archive {
		image = filepath.Join(b.dir, "image.tar")
		if err := exec.Command("skopeo", "copy", "-q", "oci:"+layout, "docker-archive:"+image).Run(); err != nil {
			fmt.Printf("  %-32s not measured: skopeo copy: %v\n", p.name, err)
			return
		}
		defer os.Remove(image)
	}
	c, err := measure(1, p.env, p.ok, program, p.args(image)...)
	if err != nil {
		fmt.Printf("  %-32s %v\n", p.name, err)
		return
	}
	remark := fmt.Sprintf("%.1f times boltseal's wall time", c.wall.Seconds()/cold.wall.Seconds())
	if p.archive {
		remark += ", of an uncompressed archive"
	}
	row(p.name, c, floor, remark)
}
