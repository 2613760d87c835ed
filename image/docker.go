package image

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// maxEngineJSON bounds an engine's answer about an image or container.
const maxEngineJSON = 32 << 20

// openDocker asks the Docker daemon for an image.
func openDocker(ctx context.Context, ref string, o *Options) (*Image, error) {
	e, err := dockerEngine(o)
	if err != nil {
		return nil, err
	}
	return openEngine(ctx, e, ref, o)
}

func dockerEngine(o *Options) (engine, error) { return dialAny(o.dockerHosts(), "") }

// api is an engine that speaks Docker's HTTP API, or with prefix "/libpod"
// Podman's own, which is shaped alike.
// Sources: Docker Engine API v1.24 and later; Podman API v4.
type api struct {
	prefix string
	base   string // "http://host"
	client *http.Client
}

// dialAny returns the API at the first address where something listens.
func dialAny(hosts []string, prefix string) (engine, error) {
	var errs []error
	for _, host := range hosts {
		a, err := dialAPI(host, prefix)
		if err == nil {
			return a, nil
		}
		errs = append(errs, err)
	}
	return nil, noEngine(hosts, errs)
}

// noEngine says where nothing listens, or what is wrong with the one socket
// that exists: most often that this user may not use it.
func noEngine(hosts []string, errs []error) error {
	for _, err := range errs {
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return fmt.Errorf("%w at %s", ErrNoEngine, strings.Join(hosts, ", "))
}

// dialAPI connects to "unix:///path" or "tcp://host:port".
func dialAPI(host, prefix string) (*api, error) {
	scheme, addr, _ := strings.Cut(host, "://")
	a := &api{prefix: prefix, base: "http://" + addr, client: &http.Client{}}
	switch scheme {
	case "unix":
		a.base = "http://engine"
		dialer := new(net.Dialer)
		conn, err := dialer.Dial("unix", addr)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoEngine, err)
		}
		conn.Close()
		a.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", addr)
		}}
	case "tcp", "http":
		if os.Getenv("DOCKER_TLS_VERIFY") != "" {
			return nil, &UnsupportedError{What: host + " over TLS", Next: "use the daemon's unix socket, or ssh -L to it"}
		}
		a.client.Transport = &http.Transport{}
	default:
		return nil, &UnsupportedError{What: fmt.Sprintf("the engine address %q", host), Next: "use unix:///path or tcp://host:port"}
	}
	return a, nil
}

// image implements engine.
func (a *api) image(ctx context.Context, ref string) (*engineImage, error) {
	im := new(engineImage)
	if err := a.json(ctx, "/images/"+ref+"/json", im); err != nil {
		return nil, err
	}
	if im.History == nil && a.prefix == "" {
		var steps bounded[engineStep]
		if err := a.json(ctx, "/images/"+im.ID+"/history", &steps); err != nil {
			return nil, err
		}
		im.History = historyOf(steps, len(im.RootFS.Layers))
	}
	return im, nil
}

// container implements engine.
func (a *api) container(ctx context.Context, id string) (*engineContainer, error) {
	c := new(engineContainer)
	return c, a.json(ctx, "/containers/"+id+"/json", c)
}

// export implements engine.
func (a *api) export(ctx context.Context, id string) (io.ReadCloser, error) {
	query := ""
	if a.prefix != "" {
		query = "?format=docker-archive"
	}
	resp, err := a.get(ctx, "/images/"+id+"/get", query)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func (a *api) close() error {
	a.client.CloseIdleConnections()
	return nil
}

// json reads one answer of the engine into v.
func (a *api) json(ctx context.Context, path string, v any) error {
	resp, err := a.get(ctx, path, "")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := readAll(resp.Body, maxEngineJSON)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("parse %s: %w: %w", path, ErrCorrupt, err)
	}
	return nil
}

// get asks the engine and turns its refusals into errors.
func (a *api) get(ctx context.Context, path, query string) (*http.Response, error) {
	target := a.base + (&url.URL{Path: a.prefix + path}).EscapedPath() + query
	if a.prefix != "" {
		target = a.base + "/v4.0.0" + (&url.URL{Path: a.prefix + path}).EscapedPath() + query
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	resp, err := a.client.Do(req)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) {
		return nil, fmt.Errorf("%w: %w", ErrNoEngine, err)
	}
	if err != nil || resp.StatusCode == http.StatusOK {
		return resp, err
	}
	defer resp.Body.Close()
	data, _ := readAll(resp.Body, 64<<10)
	var said struct{ Message string }
	if json.Unmarshal(data, &said); said.Message == "" {
		said.Message = resp.Status
	}
	if resp.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%w: %.500s", ErrNotFound, said.Message)
	}
	return nil, errors.New(said.Message)
}
