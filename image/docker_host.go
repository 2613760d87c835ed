package image

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// engineAddress is where an engine may listen: "unix:///path",
// "tcp://host:port" or "https://host:port".
type engineAddress struct {
	host string
	tls  *tlsFiles // nil: no TLS
}

// unixAddresses are sockets of this machine.
func unixAddresses(paths ...string) []engineAddress {
	var list []engineAddress
	for _, path := range paths {
		list = append(list, engineAddress{host: "unix://" + path})
	}
	return list
}

// dockerAddresses are where the docker command would look, in its order:
// DOCKER_HOST, the context that DOCKER_CONTEXT or "docker context use" chose,
// the usual sockets. Source: docker(1), "Environment variables"; docker-context(1).
func (o *Options) dockerAddresses() ([]engineAddress, error) {
	if host := cmp.Or(o.DockerHost, os.Getenv("DOCKER_HOST")); host != "" {
		return []engineAddress{{host, dockerTLS()}}, nil
	}
	if name := dockerContext(); name != "" && name != "default" {
		a, err := readContext(name)
		return []engineAddress{a}, err
	}
	paths := []string{"/var/run/docker.sock"}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append(paths, dir+"/docker.sock")
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, home+"/.docker/run/docker.sock")
	}
	return unixAddresses(paths...), nil
}

// podmanAddresses are where a Podman service may listen.
func (o *Options) podmanAddresses() []engineAddress {
	if host := cmp.Or(o.PodmanHost, os.Getenv("CONTAINER_HOST")); host != "" {
		return []engineAddress{{host: host}}
	}
	paths := []string{"/run/podman/podman.sock"}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append([]string{dir + "/podman/podman.sock"}, paths...)
	}
	return unixAddresses(paths...)
}

// dockerTLS is what the environment says about TLS to a DOCKER_HOST.
func dockerTLS() *tlsFiles {
	verify := os.Getenv("DOCKER_TLS_VERIFY") != ""
	if !verify && os.Getenv("DOCKER_TLS") == "" {
		return nil
	}
	return &tlsFiles{dir: cmp.Or(os.Getenv("DOCKER_CERT_PATH"), dockerConfigDir()), insecure: !verify}
}

// dockerConfigDir is where the docker command keeps its configuration, "" if
// this user has no home.
func dockerConfigDir() string {
	if dir := os.Getenv("DOCKER_CONFIG"); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".docker")
}

// dockerContext is the name of the context in use, "" if none was chosen.
func dockerContext() string {
	if name := os.Getenv("DOCKER_CONTEXT"); name != "" {
		return name
	}
	cfg, err := loadAuthFile(filepath.Join(dockerConfigDir(), "config.json"))
	if err != nil {
		return ""
	}
	return cfg.CurrentContext
}

// maxContext bounds the description of a context.
const maxContext = 1 << 20

// readContext finds the engine of a context. Its description and its keys lie
// below the SHA-256 of its name.
func readContext(name string) (engineAddress, error) {
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
	dir := filepath.Join(dockerConfigDir(), "contexts")
	f, err := openRegular(filepath.Join(dir, "meta", id, "meta.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return engineAddress{}, &contextError{name, errors.New("there is none of that name")}
	}
	if err != nil {
		return engineAddress{}, &contextError{name, err}
	}
	defer f.Close()
	data, err := readAll(f, maxContext)
	if err != nil {
		return engineAddress{}, &contextError{name, err}
	}
	var meta struct {
		Endpoints struct {
			Docker struct {
				Host          string
				SkipTLSVerify bool
			} `json:"docker"`
		}
	}
	if err := json.Unmarshal(data, &meta); err != nil {
		return engineAddress{}, &contextError{name, fmt.Errorf("%w: %w", ErrCorrupt, err)}
	}
	endpoint := meta.Endpoints.Docker
	if endpoint.Host == "" {
		return engineAddress{}, &contextError{name, errors.New("it has no Docker engine")}
	}
	a := engineAddress{host: endpoint.Host}
	keys := &tlsFiles{dir: filepath.Join(dir, "tls", id, "docker"), insecure: endpoint.SkipTLSVerify}
	if _, err := os.Stat(keys.dir); err == nil || keys.insecure {
		a.tls = keys
	}
	return a, nil
}

// contextError: the chosen Docker context cannot be used.
type contextError struct {
	name string
	err  error
}

func (e *contextError) Error() string { return fmt.Sprintf("use Docker context %q: %v", e.name, e.err) }

func (e *contextError) Unwrap() error { return e.err }

// Hint says where contexts are.
func (*contextError) Hint() string {
	return "docker context ls lists them; DOCKER_CONTEXT or docker context use chooses one"
}
