package image

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Options say how Open finds an image. The zero value does what the user's own
// container tools would do on this machine.
type Options struct {
	// Platform is "os/arch" or "os/arch/variant". Empty means Linux on this
	// machine's architecture, or what an index offers when it offers only one.
	Platform string

	// Insecure allows plain HTTP and unverified TLS to registries.
	Insecure bool
	// Mirrors lists, per registry host ("docker.io"), hosts with an optional
	// path prefix that are asked in order before the registry itself.
	Mirrors map[string][]string
	// Retries is how often a failed request is repeated, and how often a
	// download is resumed without having gained anything. 0 means 5, negative
	// never.
	Retries int
	// ForeignLayers allows downloads from the http(s) URLs that an image names
	// for layers that its registry may not distribute. Those URLs are chosen
	// by whoever wrote the image: addresses of private networks are refused
	// unless Insecure is set.
	ForeignLayers bool

	// AuthFile replaces the usual Docker and Podman credential files.
	AuthFile string
	// Username and Password, or Token (a registry bearer token), replace what
	// credential files hold, for the registry that the reference names; its
	// mirrors do not see them.
	Username, Password, Token string

	// CertDir replaces the usual folders with certificates of private
	// registries (/etc/docker/certs.d and /etc/containers/certs.d); it holds a
	// folder for each "host[:port]".
	CertDir string

	// DockerHost and PodmanHost are "unix:///path" or "tcp://host:port". Empty
	// means DOCKER_HOST, DOCKER_CONTEXT and CONTAINER_HOST, or the usual
	// sockets. DOCKER_TLS_VERIFY and DOCKER_CERT_PATH count as for docker.
	DockerHost, PodmanHost string
	// Containerd is the path of containerd's socket. Empty means
	// CONTAINERD_ADDRESS or the usual sockets.
	Containerd string
	// Namespace is containerd's. Empty means CONTAINERD_NAMESPACE, or
	// "default" and then "k8s.io".
	Namespace string

	// HostRoot is where this machine's file system is seen; empty means "/".
	// A scanner in a container gives the mount point of its host's root.
	HostRoot string
	// TempDir holds unlinked copies of compressed archives and of engine
	// exports; empty means os.TempDir.
	TempDir string
	// TempBytes bounds each of those copies. 0 means 64 GiB.
	TempBytes int64

	// Progress, if set, hears what happens. It is called from several
	// goroutines and must return quickly.
	Progress func(Event)

	backoff time.Duration // first pause between retries
}

// Event tells a user what Open and the layers it returned are doing.
type Event struct {
	// Stage is "try" (Name is a source that is asked), "download" or "export"
	// (Bytes of Total have arrived for the layer or image Name), or "retry"
	// (Name failed with Err and is asked again).
	Stage string
	Name  string
	// Bytes so far; Total is -1 when unknown.
	Bytes, Total int64
	Err          error
}

func (o *Options) tell(e Event) {
	if o.Progress != nil {
		o.Progress(e)
	}
}

// withDefaults fills what must not be empty.
func (o Options) withDefaults() *Options {
	switch {
	case o.Retries == 0:
		o.Retries = 5
	case o.Retries < 0:
		o.Retries = 0
	}
	o.TempBytes = cmp.Or(o.TempBytes, 64<<30)
	o.HostRoot = cmp.Or(o.HostRoot, "/")
	o.backoff = cmp.Or(o.backoff, 250*time.Millisecond)
	return &o
}

// defaultPlatform is what Options.Platform means when it is empty.
func defaultPlatform() platform { return platform{OS: "linux", Architecture: runtime.GOARCH} }

// hostPath is a path of this machine as seen below HostRoot.
func (o *Options) hostPath(path string) string { return filepath.Join(o.HostRoot, path) }

// containerdSockets are the paths where containerd may listen.
func (o *Options) containerdSockets() []string {
	if path := cmp.Or(o.Containerd, os.Getenv("CONTAINERD_ADDRESS")); path != "" {
		return []string{path}
	}
	return []string{"/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock"}
}

// namespaces are the containerd namespaces to look into, in order.
func (o *Options) namespaces() []string {
	if ns := cmp.Or(o.Namespace, os.Getenv("CONTAINERD_NAMESPACE")); ns != "" {
		return []string{ns}
	}
	return []string{"default", "k8s.io"}
}
