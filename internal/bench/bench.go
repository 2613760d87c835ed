package main

import (
	"fmt"
	"os"
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
	c, err := measure(b.runs*3, nil, nil, b.binary, "version")
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
	c, err := measure(1, nil, nil, b.binary, "db", "update", "--mirror", b.feeds, "--db", b.db())
	if err != nil {
		return err
	}
	fmt.Printf("database build                      %6.1f s wall  %6.1f s CPU  %4d MB memory   promised 90 s, 600 MB\n",
		c.wall.Seconds(), c.cpu.Seconds(), c.memory>>20)
	packed := filepath.Join(b.dir, "vuln.bsdb")
	if _, err := measure(1, nil, nil, b.binary, "db", "export", packed, "--db", b.db()); err != nil {
		return err
	}
	for _, f := range []struct{ what, path, promised string }{{"file", b.db(), "120 MB"}, {"exported", packed, "25 MB"}} {
		info, err := os.Stat(f.path)
		if err != nil {
			return err
		}
		fmt.Printf("database %-10s                 %6.1f MB   promised %s\n", f.what, float64(info.Size())/1e6, f.promised)
	}
	return nil
}

// image compares a cold and a repeated scan with the floor and the peers.
func (b *bench) image(layout string) error {
	fmt.Printf("\n%s\n", layout)
	floor, err := measure(b.runs, nil, nil, self(), "--floor", layout)
	if err != nil {
		return err
	}
	row("floor: klauspost gunzip + tar", floor, floor, "")
	args := []string{"scan", "oci:" + layout, "--format", "json", "--output", os.DevNull, "--no-progress", "--db", b.db()}
	cold, err := measure(b.runs, nil, nil, b.binary, append(args, "--no-cache", "--scanners", "vulnerability")...)
	if err != nil {
		return err
	}
	row("boltseal, packages, cold", cold, floor, "promised 0.60x, 150 MB")
	all, err := measure(b.runs, nil, nil, b.binary, append(args, "--no-cache")...)
	if err != nil {
		return err
	}
	row("boltseal, everything, cold", all, floor, "promised 1.40x, 300 MB")
	args = append(args, "--cache-dir", filepath.Join(b.dir, "cache"))
	if _, err := measure(1, nil, nil, b.binary, args...); err != nil {
		return err
	}
	again, err := measure(b.runs, nil, nil, b.binary, args...)
	if err != nil {
		return err
	}
	row("boltseal, everything, repeated", again, floor, "promised 100 ms")
	for _, p := range peers {
		ours := cold
		if p.threats {
			ours = all
		}
		b.peer(p, layout, floor, ours)
	}
	return nil
}

func row(name string, c, floor cost, remark string) {
	fmt.Printf("  %-32s CPU %6.2fx  wall %6.2fx  %8.3f s CPU %8.3f s wall %5d MB  %s\n", name,
		c.cpu.Seconds()/floor.cpu.Seconds(), c.wall.Seconds()/floor.wall.Seconds(), c.cpu.Seconds(), c.wall.Seconds(), c.memory>>20, remark)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
