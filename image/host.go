package image

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// openTree opens a directory as the only layer of an image: an unpacked root
// file system, or the sources of an application.
func openTree(kind string) opener {
	return func(_ context.Context, ref string, _ *Options) (*Image, error) {
		info, err := os.Stat(ref)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("%s is not a directory", ref)
		}
		im := &Image{Kind: kind}
		im.Layers = []Layer{TreeLayer(Descriptor{Size: -1}, ref, TreeOptions{})}
		return im, nil
	}
}

// hostSkips are the folders of a machine that hold no software of its own:
// kernel interfaces, and the storage of container engines, whose images are
// scanned as images.
var hostSkips = []string{
	"proc", "sys", "dev", "run", "tmp", "var/run", "var/tmp", "lost+found",
	"var/lib/docker", "var/lib/containerd", "var/lib/containers", "var/lib/kubelet/pods",
	"var/lib/rancher/k3s/agent/containerd", "var/lib/rancher/rke2/agent/containerd",
}

// openHost opens the local file systems of this machine as one tree.
func openHost(_ context.Context, _ string, o *Options) (*Image, error) {
	if _, err := os.ReadDir(o.HostRoot); err != nil {
		return nil, err
	}
	im := &Image{Kind: "host", Platform: runtime.GOOS + "/" + runtime.GOARCH}
	mounts, err := remoteMounts(o.HostRoot)
	opts := TreeOptions{Skip: append(slices.Clone(hostSkips), mounts...), OneFilesystem: err != nil}
	if err != nil {
		im.Warnings = append(im.Warnings, fmt.Sprintf("only the root file system is read: %v", err))
	}
	im.Layers = []Layer{TreeLayer(Descriptor{Size: -1}, o.HostRoot, opts)}
	return im, nil
}

// localFilesystems are those that live on this machine's disks.
var localFilesystems = []string{"bcachefs", "btrfs", "erofs", "ext2", "ext3", "ext4", "f2fs", "jfs", "reiserfs", "squashfs", "vfat", "xfs", "zfs"}

// remoteMounts lists the mount points below root, relative to it, that are not
// to be read: those of other machines, of the kernel and of memory, and second
// mounts of the same directory. Source: proc_pid_mountinfo(5).
func remoteMounts(root string) ([]string, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseMounts(f, root)
}

const (
	maxMounts    = 100_000
	maxMountLine = 64 << 10
)

func parseMounts(r io.Reader, root string) ([]string, error) {
	var skip []string
	read := map[string][]string{} // device: directories on it
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxMountLine)
	for n := 0; lines.Scan(); n++ {
		if n == maxMounts {
			return nil, fmt.Errorf("mountinfo: %w: more than %d lines", ErrLimit, maxMounts)
		}
		fields := strings.Fields(lines.Text())
		sep := slices.Index(fields, "-")
		if sep < 6 || len(fields) < sep+2 {
			continue
		}
		point, err := filepath.Rel(root, unescapeMount(fields[4]))
		if err != nil || point == ".." || strings.HasPrefix(point, "../") {
			continue
		}
		device, dir := fields[2], strings.TrimSuffix(fields[3], "/")
		again := slices.ContainsFunc(read[device], func(d string) bool { return dir == d || strings.HasPrefix(dir, d+"/") })
		if point != "." && (again || !slices.Contains(localFilesystems, fields[sep+1])) {
			skip = append(skip, point)
			continue
		}
		read[device] = append(read[device], dir)
	}
	return skip, lines.Err()
}

// unescapeMount decodes the characters that mountinfo writes in octal.
var unescapeMount = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace

// isRootfs says whether a directory looks like a root file system: it names a
// distribution or has the database of a system package manager.
func isRootfs(path string) bool {
	for _, marker := range []string{
		"etc/os-release", "usr/lib/os-release", "var/lib/dpkg", "var/lib/rpm", "usr/lib/sysimage/rpm", "lib/apk",
	} {
		if _, err := os.Lstat(filepath.Join(path, marker)); err == nil {
			return true
		}
	}
	return false
}
