package history

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Leftovers is the scanner of files that a build should have removed. It looks
// at paths only.
type Leftovers struct{}

// leftover is one sort of file.
type leftover struct {
	check Check
	// match gets the path without the leading slash.
	match func(p string) bool
	what  string
}

// leftovers are told by one file each, so that one cache is one finding.
var leftovers = []leftover{
	{cacheCheck, func(p string) bool { return p == "var/lib/apt/lists/lock" }, "apt's package lists"},
	{cacheCheck, func(p string) bool { return p == "var/cache/apt/pkgcache.bin" }, "apt's cache"},
	{cacheCheck, func(p string) bool {
		return strings.HasPrefix(p, "var/cache/apk/APKINDEX") || strings.HasPrefix(p, "etc/apk/cache/APKINDEX")
	}, "apk's index"},
	{cacheCheck, func(p string) bool {
		return path.Base(p) == "repomd.xml" && (strings.HasPrefix(p, "var/cache/yum/") || strings.HasPrefix(p, "var/cache/dnf/") || strings.HasPrefix(p, "var/cache/zypp/"))
	}, "the package manager's metadata"},
	{cacheCheck, func(p string) bool { return strings.HasSuffix(p, ".cache/pip/selfcheck.json") }, "pip's cache"},
	{repositoryCheck, func(p string) bool { return p == ".git/HEAD" || strings.HasSuffix(p, "/.git/HEAD") }, "a git repository"},
}

var cacheCheck = Check{
	ID: "image-package-cache", Severity: finding.Negligible,
	Title: "A package manager's cache is in the image", TitleZH: "镜像中残留软件包管理器缓存",
	Remedy:    "Remove the cache in the RUN that fills it, or use RUN --mount=type=cache.",
	Reference: dockerBest + "#apt-get",
}

var repositoryCheck = Check{
	ID: "image-git-repository", CIS: "4.10", Severity: finding.Medium,
	Title: "A git repository is in the image", TitleZH: "镜像中包含 git 仓库",
	Remedy: "Put .git into .dockerignore: the history may hold what was removed, and .git/config credentials.",
}

// FileChecks are the checks of Leftovers.
func FileChecks() []Check { return []Check{cacheCheck, repositoryCheck} }

// Name implements scanner.Scanner.
func (Leftovers) Name() string { return "leftovers" }

// Version implements scanner.Scanner.
func (Leftovers) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (Leftovers) Wants(e *image.Entry, _ []byte) bool {
	switch path.Base(e.Path) {
	case "lock", "pkgcache.bin", "repomd.xml", "selfcheck.json", "HEAD":
	default:
		if !strings.Contains(e.Path, "/APKINDEX") {
			return false
		}
	}
	return find(e.Path) != nil
}

// Scan implements scanner.Scanner.
func (Leftovers) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	l := find(f.Path)
	if l == nil {
		return scanner.Result{}, nil
	}
	return scanner.Result{Findings: []finding.Finding{l.check.finding(hit{what: fmt.Sprintf("%s was left in the image", l.what)})}}, nil
}

func find(p string) *leftover {
	for i := range leftovers {
		if leftovers[i].match(p) {
			return &leftovers[i]
		}
	}
	return nil
}
