package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// bench prints the table.
type bench struct {
	binary, feeds string
	runs          int
	dir           string // for caches and the database, removed at the end
}

func (b *bench) run(layouts []string) error {
	var err error
	if b.dir, err = os.MkdirTemp("", "boltseal-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if err := b.startup(); err != nil {
		return err
	}
	if err := b.database(); err != nil {
		return err
	}
	for _, l := range layouts {
		if err := b.image(l); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) db() string { return filepath.Join(b.dir, "vuln.db") }

func (b *bench) startup() error {
	c, err := measure(b.runs*3, nil, b.binary, "version")
	if err != nil {
		return err
	}
	fmt.Printf("start-up (boltseal version)         %6.1f ms wall %6.1f ms CPU   promised 30 ms\n", ms(c.wall), ms(c.cpu))
	return nil
}

// database builds it from the mirror.
func (b *bench) database() error {
	if _, err := os.Stat(b.feeds); err != nil {
		fmt.Printf("database: not measured, no mirror at %s\n", b.feeds)
		return nil
	}
	c, err := measure(1, nil, b.binary, "db", "update", "--mirror", b.feeds, "--db", b.db())
	if err != nil {
		return err
	}
	info, err := os.Stat(b.db())
	if err != nil {
		return err
	}
	fmt.Printf("database build                      %6.1f s wall  %6.1f s CPU  %4d MB memory   promised 90 s, 600 MB\n",
		c.wall.Seconds(), c.cpu.Seconds(), c.memory>>20)
	fmt.Printf("database file                       %6.1f MB   promised 120 MB\n", float64(info.Size())/1e6)
	return nil
}

// peer is another scanner, measured when it is installed.
type peer struct {
	name string
	args func(layout string) []string
	ok   []int
}

var peers = []peer{
	{"trivy", func(l string) []string {
		return []string{"image", "--input", l, "--scanners", "vuln", "--skip-db-update", "--skip-java-db-update", "--offline-scan", "--quiet"}
	}, nil},
	{"syft", func(l string) []string { return []string{"scan", "oci-dir:" + l, "-q", "-o", "json"} }, nil},
	{"grype", func(l string) []string { return []string{"oci-dir:" + l, "-q"} }, nil},
	{"osv-scanner", func(l string) []string { return []string{"scan", "image", "--archive", l} }, []int{1, 127, 128}},
}

// image compares a cold and a repeated scan with the floor and the peers.
func (b *bench) image(layout string) error {
	fmt.Printf("\n%s\n", layout)
	floor, err := measure(b.runs, nil, self(), "--floor", layout)
	if err != nil {
		return err
	}
	row("floor: klauspost gunzip + tar", floor, floor, "")
	args := []string{"scan", "oci:" + layout, "--format", "json", "--output", os.DevNull, "--no-progress", "--db", b.db()}
	cold, err := measure(b.runs, nil, b.binary, append(args, "--no-cache")...)
	if err != nil {
		return err
	}
	row("boltseal, cold", cold, floor, "promised 0.60x, 150 MB")
	args = append(args, "--cache-dir", filepath.Join(b.dir, "cache"))
	if _, err := measure(1, nil, b.binary, args...); err != nil {
		return err
	}
	again, err := measure(b.runs, nil, b.binary, args...)
	if err != nil {
		return err
	}
	row("boltseal, repeated", again, floor, "promised 100 ms")
	for _, p := range peers {
		if _, err := exec.LookPath(p.name); err != nil {
			fmt.Printf("  %-32s not installed\n", p.name)
			continue
		}
		c, err := measure(1, p.ok, p.name, p.args(layout)...)
		if err != nil {
			fmt.Printf("  %-32s %v\n", p.name, err)
			continue
		}
		row(p.name, c, floor, fmt.Sprintf("%.1f times boltseal's wall time", c.wall.Seconds()/cold.wall.Seconds()))
	}
	return nil
}

func row(name string, c, floor cost, remark string) {
	fmt.Printf("  %-32s CPU %6.2fx  wall %6.2fx  %8.3f s CPU %8.3f s wall %5d MB  %s\n", name,
		c.cpu.Seconds()/floor.cpu.Seconds(), c.wall.Seconds()/floor.wall.Seconds(), c.cpu.Seconds(), c.wall.Seconds(), c.memory>>20, remark)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
