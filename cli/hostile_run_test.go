package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/inventory"
)

// hostileMemory bounds what a scan of any hostile image may take, in bytes.
const hostileMemory = 600 << 20

// check scans an image of one good and the hostile layer with the real program:
// the error names layer and file, the good layer is reported, the result is
// marked as partial and memory is bounded.
func (row *hostileRow) check(t *testing.T) {
	dir := t.TempDir()
	good := writeBlob(t, dir, gzipped(regular("var/lib/dpkg/status", []byte("Package: bash\nStatus: install ok installed\nVersion: 5.2\n\n"))))
	bad := writeBlob(t, dir, row.layer)
	if row.forge {
		bad = forge(t, dir, bad)
	}
	writeLayout(t, dir, good, bad)
	report, memory := runScan(t, dir, row.args)
	t.Logf("%d MB", memory>>20)
	if memory > hostileMemory {
		t.Errorf("the scan took %d MB of memory", memory>>20)
	}
	if !report.Partial {
		t.Error("the result is not marked as partial")
	}
	if !slices.ContainsFunc(report.Inventory.Packages, func(p inventory.Package) bool { return p.Name == "bash" }) {
		t.Error("the good layer is not reported")
	}
	issues := report.Inventory.Issues
	if !slices.ContainsFunc(issues, func(i inventory.Issue) bool {
		return i.Layer == diffIDOf(bad) && strings.Contains(i.File, row.file) && strings.Contains(i.Message, row.message)
	}) {
		t.Errorf("no issue of layer %s, file %q says %q: %+v", diffIDOf(bad), row.file, row.message, issues)
	}
}

type hostileReport struct {
	Partial   bool
	Inventory inventory.Inventory
}

// runScan runs the program on an image that it can read in part.
func runScan(t *testing.T, layout string, args []string) (r hostileReport, memory int64) {
	t.Helper()
	out, code, memory := scanLayout(t, layout, args...)
	if code != exitPartial {
		t.Fatalf("exit code %d, want %d", code, exitPartial)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r, memory
}

// scanLayout runs the program and returns its report, exit code and peak memory.
func scanLayout(t *testing.T, layout string, args ...string) (report []byte, code int, memory int64) {
	t.Helper()
	peak := filepath.Join(t.TempDir(), "peak")
	cmd := exec.Command("boltseal", append([]string{"scan", "oci:" + layout, "--no-cache", "--no-db", "--no-progress", "-f", "json"}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+layout, "TMPDIR="+layout, "TEST_PEAK_FILE="+peak)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return out.Bytes(), cmd.ProcessState.ExitCode(), readPeak(t, peak)
}

// tellPeak writes the status of the own process to a file if it has a name. The
// maximum that a parent is told by wait4(2) includes what the parent itself had
// when it made the child.
func tellPeak(file string) {
	if file == "" {
		return
	}
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		err = os.WriteFile(file, status, 0o644)
	}
	if err != nil {
		panic(err)
	}
}

// readPeak returns the largest resident size in bytes. Source: proc(5), VmHWM.
func readPeak(t *testing.T, file string) int64 {
	t.Helper()
	status, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

// blob is a file of an OCI layout.
type blob struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int64  `json:"size"`
}

func blobPath(dir, digest string) string {
	return filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

// writeBlob writes a blob under its digest.
func writeBlob(t *testing.T, dir string, write func(io.Writer) error) blob {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "blobs", "sha256"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.CreateTemp(dir, "blob")
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if err := errors.Join(write(io.MultiWriter(f, h)), f.Close()); err != nil {
		t.Fatal(err)
	}
	b := blob{MediaType: "application/vnd.oci.image.layer.v1.tar+gzip", Digest: fmt.Sprintf("sha256:%x", h.Sum(nil))}
	info, err := os.Stat(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	b.Size = info.Size()
	if err := os.Rename(f.Name(), blobPath(dir, b.Digest)); err != nil {
		t.Fatal(err)
	}
	return b
}

// forge puts the bytes of a blob under another digest.
func forge(t *testing.T, dir string, b blob) blob {
	t.Helper()
	old := b.Digest
	b.Digest = "sha256:" + strings.Repeat("ab", 32)
	if err := os.Rename(blobPath(dir, old), blobPath(dir, b.Digest)); err != nil {
		t.Fatal(err)
	}
	return b
}

// diffIDOf is what the configuration claims of a layer; nobody computes it of
// compressed ones.
func diffIDOf(layer blob) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(layer.Digest)))
}

// writeLayout makes the blobs an image.
func writeLayout(t *testing.T, dir string, layers ...blob) {
	t.Helper()
	document := func(mediaType string, v any) blob {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b := writeBlob(t, dir, func(w io.Writer) error { _, err := w.Write(data); return err })
		b.MediaType = mediaType
		return b
	}
	var ids []string
	for _, l := range layers {
		ids = append(ids, diffIDOf(l))
	}
	type object = map[string]any
	config := document("application/vnd.oci.image.config.v1+json", object{
		"architecture": "amd64", "os": "linux", "rootfs": object{"type": "layers", "diff_ids": ids},
	})
	manifest := document("application/vnd.oci.image.manifest.v1+json", object{"schemaVersion": 2, "config": config, "layers": layers})
	index, err := json.Marshal(object{"schemaVersion": 2, "manifests": []blob{manifest}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`), "index.json": index} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
