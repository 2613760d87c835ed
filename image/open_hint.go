package image

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// hinted is an error with the user's next step.
type hinted struct {
	error
	next string
}

// Unwrap implements errors.Unwrap.
func (h *hinted) Unwrap() error { return h.error }

// Hint is the next step.
func (h *hinted) Hint() string { return h.next }

// hubTag matches what follows "docker:" and "registry:" when a Docker Hub image
// of that name is meant.
var hubTag = regexp.MustCompile(`^([0-9][0-9a-z.-]*|latest|dind|cli)$`)

// Hint is the likeliest slip if the reference looks like one, else what the
// last place that knows a next step proposes, else what kind of failure it was.
func (e *OpenError) Hint() string {
	kind, rest, _ := strings.Cut(e.Ref, ":")
	if (kind == "docker" || kind == "registry") && hubTag.MatchString(rest) {
		return fmt.Sprintf("%s: is a source; for the image of that name write docker.io/library/%s", kind, e.Ref)
	}
	if meant := likeKind(kind); meant != "" && rest != "" {
		return fmt.Sprintf("did you mean %s:%s?", meant, rest)
	}
	if len(e.Tried) > 1 && fileName.MatchString(e.Ref) {
		return missingFile(e.Ref)
	}
	for _, err := range e.Unwrap() {
		if hint := Hint(err); hint != "" {
			return hint
		}
	}
	if sourceOf(kind) == nil {
		rest = e.Ref
	}
	for _, t := range slices.Backward(e.Tried) {
		if hint := hintFor(t.Kind, rest, t.Err); hint != "" {
			return hint
		}
	}
	return ""
}

// fileName matches what is rather a file than an image.
var fileName = regexp.MustCompile(`(?i)\.(tar|tgz|gz|zst|json|xml|spdx)$`)

func missingFile(path string) string {
	if dir, err := os.Getwd(); err == nil && !filepath.IsAbs(path) {
		return fmt.Sprintf("there is no file or directory of that name in %s", dir)
	}
	return "check the path"
}

// hintFor helps with errors that are not Boltseal's own.
func hintFor(kind, rest string, err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &dns):
		return "check the registry's name and the network (HTTPS_PROXY counts); an image of a local engine or archive needs neither"
	case errors.As(err, &unknown):
		return "put the registry's authority into /etc/docker/certs.d/HOST:PORT/ca.crt, name such a folder with --cert-dir, or add --insecure"
	case errors.Is(err, ErrNoEngine):
		return engineHint(kind, rest)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: check host and port"
	case errors.Is(err, ErrNotFound):
		return listHint(kind)
	case errors.Is(err, fs.ErrNotExist):
		return missingFile(rest)
	}
	return ""
}

// engineHint says how to reach an engine that was not found.
func engineHint(kind, rest string) string {
	variable := map[string]string{"docker": "DOCKER_HOST", "podman": "CONTAINER_HOST", "containerd": "CONTAINERD_ADDRESS"}[kind]
	switch {
	case variable != "":
		return fmt.Sprintf("start it or set %s to its address; from its registry the image is registry:%s", variable, rest)
	case kind == "container":
		return "start Docker, Podman or containerd, or set DOCKER_HOST, CONTAINER_HOST or CONTAINERD_ADDRESS"
	}
	return ""
}

// listHint says how to see what a place has.
func listHint(kind string) string {
	switch kind {
	case "docker", "podman":
		return kind + " images lists what it has"
	case "containerd":
		return "ctr -n NAMESPACE images ls lists what it has; --containerd-namespace chooses the namespace"
	case "container":
		return "docker ps -a, podman ps -a and ctr -n NAMESPACE containers ls list containers"
	case "oci", "oci-archive", "docker-archive", "archive":
		return "check what is behind the path: it has to be the tag or digest of an image in it, or nothing"
	}
	return "check the image's name and tag"
}

// kinds are the prefixes of references.
var kinds = []string{"registry", "oci", "oci-archive", "docker-archive", "docker", "podman", "containerd", "container", "rootfs", "dir", "sbom"}

// likeKind returns the prefix that a word is a misspelling of, "" if none. A
// letter in four may be wrong.
func likeKind(word string) string {
	best, least := "", 99
	for _, kind := range kinds {
		if d := distance(word, kind); d > 0 && d <= (len(kind)+1)/4 && d < least {
			best, least = kind, d
		} else if d == 0 {
			return ""
		}
	}
	return best
}

// distance is how many letters differ between two words, a swap of two
// neighbours counting once (optimal string alignment).
func distance(a, b string) int {
	if len(a) > 32 {
		return 99
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
