package image

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// openPodman asks the Podman service for an image, or the podman command when
// no service runs: Podman needs none, and its storage is its own.
func openPodman(ctx context.Context, ref string, o *Options) (*Image, error) {
	e, err := podmanEngine(o)
	if err != nil {
		return nil, err
	}
	return openEngine(ctx, e, ref, o)
}

func podmanEngine(o *Options) (engine, error) {
	e, err := dialAny(o.podmanAddresses(), "/libpod")
	if err == nil {
		return e, nil
	}
	path, lookErr := exec.LookPath("podman")
	if o.PodmanHost != "" || lookErr != nil || !podmanHasImages() {
		return nil, err
	}
	return podmanCommand{path}, nil
}

// podmanHasImages says whether this user's Podman has a store, so that nothing
// is run, and no store made, where Podman is installed but not used.
func podmanHasImages() bool {
	dirs := []string{"/var/lib/containers/storage"}
	if os.Getuid() != 0 {
		home, _ := os.UserHomeDir()
		dirs = []string{filepath.Join(home, ".local/share/containers/storage")}
	}
	if os.Getenv("CONTAINERS_STORAGE_CONF") != "" || os.Getenv("CONTAINERS_CONF") != "" {
		return true // the store may be anywhere
	}
	for _, dir := range dirs {
		if found, _ := filepath.Glob(filepath.Join(dir, "*-images", "images.json")); found != nil {
			return true
		}
	}
	return false
}

// podmanCommand is an engine: the podman binary at a path.
type podmanCommand struct{ path string }

// image implements engine.
func (p podmanCommand) image(ctx context.Context, ref string) (*engineImage, error) {
	var found bounded[engineImage]
	if err := p.inspect(ctx, "image", ref, &found); err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s: %w", ref, ErrNotFound)
	}
	return &found[0], nil
}

// container implements engine.
func (p podmanCommand) container(ctx context.Context, id string) (*engineContainer, error) {
	var found bounded[engineContainer]
	if err := p.inspect(ctx, "container", id, &found); err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s: %w", id, ErrNotFound)
	}
	return &found[0], nil
}

// inspect runs "podman image|container inspect -- NAME".
func (p podmanCommand) inspect(ctx context.Context, what, name string, v any) error {
	cmd := exec.CommandContext(ctx, p.path, what, "inspect", "--", name)
	var stderr bytes.Buffer
	cmd.Stderr = &complaints{&stderr}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	data, err := readAll(out, maxEngineJSON)
	if err != nil {
		cmd.Process.Kill()
	}
	if err = errors.Join(err, cmd.Wait()); err != nil {
		said := strings.TrimSpace(stderr.String())
		if strings.Contains(said, "no such") || strings.Contains(said, "not known") {
			return fmt.Errorf("%w: %.500s", ErrNotFound, said)
		}
		return fmt.Errorf("podman %s inspect: %w: %.500s", what, err, said)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("parse podman %s inspect: %w: %w", what, ErrCorrupt, err)
	}
	return nil
}

// export implements engine.
func (p podmanCommand) export(ctx context.Context, id string) (io.ReadCloser, error) {
	return p.stream(ctx, "image", "save", "--quiet", "--format", "docker-archive", "--", strings.TrimPrefix(id, "sha256:"))
}

// files implements engine.
func (p podmanCommand) files(ctx context.Context, id string) (io.ReadCloser, error) {
	return p.stream(ctx, "container", "export", "--", id)
}

// local implements engine.
func (podmanCommand) local() bool { return true }

// stream runs podman and returns what it writes.
func (p podmanCommand) stream(ctx context.Context, args ...string) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, p.path, args...)
	stream := &commandStream{cmd: cmd, cancel: cancel}
	cmd.Stderr = &complaints{&stream.stderr}
	var err error
	if stream.ReadCloser, err = cmd.StdoutPipe(); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return stream, nil
}

// maxSaid bounds what is kept of a command's complaints.
const maxSaid = 64 << 10

// complaints keeps the beginning of what is written to it.
type complaints struct{ buf *bytes.Buffer }

// Write implements io.Writer.
func (c *complaints) Write(p []byte) (int, error) {
	c.buf.Write(p[:min(len(p), maxSaid-c.buf.Len())])
	return len(p), nil
}

func (podmanCommand) close() error { return nil }

// commandStream is the output of a command. Its end is the command's success.
type commandStream struct {
	io.ReadCloser
	cmd    *exec.Cmd
	cancel context.CancelFunc
	stderr bytes.Buffer
	waited bool
}

// Read implements io.Reader.
func (s *commandStream) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err == io.EOF && !s.waited {
		s.waited = true
		if failed := s.cmd.Wait(); failed != nil {
			return n, fmt.Errorf("podman %s: %w: %.500s", s.cmd.Args[2], failed, strings.TrimSpace(s.stderr.String()))
		}
	}
	return n, err
}

// Close implements io.Closer. It stops a command that still runs.
func (s *commandStream) Close() error {
	s.cancel()
	if !s.waited {
		s.waited = true
		s.cmd.Wait()
	}
	return nil
}
