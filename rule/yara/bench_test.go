package yara

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boltseal/boltseal/rules"
)

// BenchmarkShippedRules scans real files with Boltseal's malware rules, here and
// with yara, and reports the CPU time of both; yara's includes compiling the rules.
func BenchmarkShippedRules(b *testing.B) {
	text, err := rules.Malware()
	if err != nil {
		b.Fatal(err)
	}
	files := realFiles(b, 3000, "/usr/bin", "/usr/lib", "/usr/share")
	b.Run("boltseal", func(b *testing.B) {
		r := compile(b, string(text), Options{})
		before := cpu(syscall.RUSAGE_SELF)
		var bytes int64
		for b.Loop() {
			for _, f := range files {
				data, err := os.ReadFile(f)
				if err != nil {
					continue
				}
				bytes += int64(len(data))
				if _, err := r.Scan(context.Background(), data, nil); err != nil {
					b.Fatal(err)
				}
			}
		}
		spent := cpu(syscall.RUSAGE_SELF) - before
		b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
		b.ReportMetric(float64(bytes)/1e6/spent.Seconds(), "MB/cpu-s")
	})
	b.Run("yara", func(b *testing.B) {
		dir := b.TempDir()
		ruleFile, list := filepath.Join(dir, "rules.yar"), filepath.Join(dir, "files")
		write(b, ruleFile, text)
		write(b, list, []byte(strings.Join(files, "\n")+"\n"))
		program := yaraProgram(b)
		before := cpu(syscall.RUSAGE_CHILDREN)
		for b.Loop() {
			if err := exec.Command(program, "-w", "--threads=1", "--scan-list", ruleFile, list).Run(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric((cpu(syscall.RUSAGE_CHILDREN)-before).Seconds()/float64(b.N), "cpu-s/op")
	})
}

// cpu is the processor time that was used so far.
func cpu(who int) time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(who, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
