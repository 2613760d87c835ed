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
	"strings"
	"syscall"
	"time"
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

func dockerEngine(o *Options) (engine, error) {
	addresses, err := o.dockerAddresses()
	if err != nil {
		return nil, err
	}
	return dialAny(addresses, "")
}

// api is an engine that speaks Docker's HTTP API, or with prefix "/libpod"
// Podman's own, which is shaped alike.
// Sources: Docker Engine API v1.24 and later; Podman API v4.
type api struct {
	prefix string
	base   string // "http://host"
	client *http.Client
	unix   bool // it is this machine's
}

// dialAny returns the API at the first address where something listens.
func dialAny(addresses []engineAddress, prefix string) (engine, error) {
	var hosts []string
	var errs []error
	for _, address := range addresses {
		a, err := dialAPI(address, prefix)
		if err == nil {
			return a, nil
		}
		hosts = append(hosts, address.host)
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

// dialAPI connects to an engine.
func dialAPI(address engineAddress, prefix string) (*api, error) {
	scheme, addr, _ := strings.Cut(address.host, "://")
	a := &api{prefix: prefix, base: "http://" + addr, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	switch scheme {
	case "unix":
		if err := probeSocket(addr); err != nil {
			return nil, err
		}
		a.base, a.unix = "http://engine", true
		a.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", addr)
		}}
		return a, nil
	case "tcp", "http", "https":
		if scheme == "https" && address.tls == nil {
			address.tls = new(tlsFiles)
		}
		return a, a.overTCP(addr, address.tls)
	case "ssh":
		return nil, &UnsupportedError{
			What: "an engine over SSH: " + address.host,
			Next: fmt.Sprintf("forward its socket (ssh -fNL /tmp/docker.sock:/var/run/docker.sock %s) and set DOCKER_HOST=unix:///tmp/docker.sock", addr),
		}
	}
	return nil, &UnsupportedError{What: fmt.Sprintf("the engine address %q", address.host), Next: "use unix:///path or tcp://host:port"}
}

// probeSocket says why a socket of this machine cannot be used.
func probeSocket(path string) error {
	conn, err := net.Dial("unix", path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return &AccessError{Path: path}
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNoEngine, err)
	}
	return conn.Close()
}

func (a *api) overTCP(addr string, keys *tlsFiles) error {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	a.client.Transport = transport
	if keys == nil {
		return nil
	}
	a.base = "https://" + addr
	var err error
	transport.TLSClientConfig, err = keys.config()
	return err
}

// local implements engine.
func (a *api) local() bool { return a.unix }

// image implements engine.
func (a *api) image(ctx context.Context, ref string) (*engineImage, error) {
	im := new(engineImage)
	server, err := a.json(ctx, "/images/"+ref+"/json", im)
	if err != nil {
		return nil, err
	}
	// Podman also answers where Docker's socket is expected, by its own name.
	im.verified = a.unix && strings.HasPrefix(server, "Docker/")
	if im.History == nil && a.prefix == "" {
		var steps bounded[engineStep]
		if _, err := a.json(ctx, "/images/"+im.ID+"/history", &steps); err != nil {
			return nil, err
		}
		im.History = historyOf(steps, len(im.RootFS.Layers))
	}
	return im, nil
}

// container implements engine.
func (a *api) container(ctx context.Context, id string) (*engineContainer, error) {
	c := new(engineContainer)
	_, err := a.json(ctx, "/containers/"+id+"/json", c)
	return c, err
}

// files implements engine.
func (a *api) files(ctx context.Context, id string) (io.ReadCloser, error) {
	resp, err := a.get(ctx, "/containers/"+id+"/export", "")
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
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

// engineTime bounds how long an engine may take to describe something.
const engineTime = time.Minute

// json reads one answer of the engine into v and says who gave it.
func (a *api) json(ctx context.Context, path string, v any) (server string, err error) {
	ctx, cancel := context.WithTimeout(ctx, engineTime)
	defer cancel()
	resp, err := a.get(ctx, path, "")
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := readAll(resp.Body, maxEngineJSON)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return "", fmt.Errorf("parse %s: %w: %w", path, ErrCorrupt, err)
	}
	return resp.Header.Get("Server"), nil
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
	return nil, refusal(resp)
}

// refusal is the error that an engine's answer tells.
func refusal(resp *http.Response) error {
	data, _ := readAll(resp.Body, 64<<10)
	var said struct{ Message string }
	if json.Unmarshal(data, &said); said.Message == "" {
		said.Message = resp.Status
	}
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w: %.500s", ErrNotFound, said.Message)
	case resp.StatusCode == http.StatusBadRequest && strings.Contains(string(data), "HTTPS server"):
		return &UnsupportedError{What: "the engine without TLS, it wants TLS", Next: "set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem"}
	}
	return fmt.Errorf("%.500s", said.Message)
}
