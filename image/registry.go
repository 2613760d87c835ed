package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// repository is a store: one repository at its mirrors, in order, and at its
// origin. Source: OCI distribution specification, "Pull".
type repository struct {
	endpoints []*endpoint
	o         *Options
}

// openRegistry finds ref in a registry. A tag is resolved to a digest with the
// first request, and everything after that is asked for by digest.
func openRegistry(ctx context.Context, ref string, o *Options) (*Image, error) {
	parsed, err := parseReference(ref, o)
	if err != nil {
		return nil, err
	}
	r := newRepository(parsed.Context(), o)
	root, data, err := r.manifest(ctx, parsed)
	if err != nil {
		return nil, err
	}
	im, err := resolve(ctx, r, root, data, o)
	if err != nil {
		return nil, err
	}
	im.onClose(r.close)
	im.addTags(fullName(parsed))
	return im, nil
}

// parseReference reads "name[:tag][@digest]"; what is left out is Docker Hub's
// and "latest", as with docker pull.
func parseReference(ref string, o *Options) (name.Reference, error) {
	opts := []name.Option{name.WeakValidation}
	if o.Insecure {
		opts = append(opts, name.Insecure)
	}
	parsed, err := name.ParseReference(ref, opts...)
	if err != nil {
		return nil, &hinted{fmt.Errorf("parse reference: %w", err), "write [registry/]name[:tag][@sha256:digest], the name in lower case"}
	}
	return parsed, nil
}

// fullName writes a reference with registry and tag as Docker does.
func fullName(ref name.Reference) string {
	if rest, ok := strings.CutPrefix(ref.Name(), name.DefaultRegistry+"/"); ok {
		return "docker.io/" + rest
	}
	return ref.Name()
}

func newRepository(repo name.Repository, o *Options) *repository {
	r := &repository{o: o}
	others := *o // a mirror must not see the credentials that are meant for the registry
	others.Username, others.Password, others.Token = "", "", ""
	for _, mirror := range mirrorsOf(repo, o) {
		r.endpoints = append(r.endpoints, &endpoint{repo: mirror, o: &others})
	}
	r.endpoints = append(r.endpoints, &endpoint{repo: repo, o: o})
	return r
}

// mirrorsOf returns repo as its registry's mirrors name it. Mirrors that do
// not parse are left to fail when they are asked.
func mirrorsOf(repo name.Repository, o *Options) []name.Repository {
	var hosts []string
	for _, key := range []string{repo.RegistryStr(), strings.Replace(repo.RegistryStr(), name.DefaultRegistry, "docker.io", 1)} {
		if hosts = o.Mirrors[key]; hosts != nil {
			break
		}
	}
	var repos []name.Repository
	opts := []name.Option{name.WeakValidation}
	if o.Insecure {
		opts = append(opts, name.Insecure)
	}
	for _, mirror := range hosts {
		mirror = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(mirror, "https://"), "http://"), "/")
		host, prefix, _ := strings.Cut(mirror, "/")
		reg, err := name.NewRegistry(host, opts...)
		if err != nil {
			continue
		}
		repos = append(repos, reg.Repo(prefix, repo.RepositoryStr()))
	}
	return repos
}

// manifest resolves a reference. A tag costs reading its manifest; that is the
// second result, nil for a digest.
func (r *repository) manifest(ctx context.Context, ref name.Reference) (descriptor, []byte, error) {
	if digest, ok := ref.(name.Digest); ok {
		d := descriptor{Digest: digest.DigestStr()}
		return d, nil, checkDigest(d.Digest)
	}
	var errs []error
	for _, e := range r.endpoints {
		d, data, err := e.tag(ctx, ref.Identifier())
		if err == nil {
			return d, data, nil
		}
		errs = append(errs, err)
	}
	return descriptor{}, nil, errors.Join(errs...)
}

// open implements store. The reader resumes at the byte where a connection
// broke, at the same endpoint or the next.
func (r *repository) open(ctx context.Context, d descriptor) (io.ReadCloser, error) {
	kind := "blobs"
	if d.isManifest() {
		kind = "manifests"
	}
	var urls []source
	for _, e := range r.endpoints {
		urls = append(urls, func(ctx context.Context, offset int64) (*http.Response, error) {
			return e.get(ctx, kind, d.Digest, offset, d.Size)
		})
	}
	return newDownload(ctx, d, urls, r.o)
}

func (r *repository) close() error {
	for _, e := range r.endpoints {
		e.close()
	}
	return nil
}

// endpoint is a repository at one host. It logs in with its first request.
type endpoint struct {
	repo name.Repository
	o    *Options

	mu     sync.Mutex
	base   *retrying // nil before the first request
	client *http.Client
	noAuth error // why credentials could not be read
}

// login does the challenge and token exchange that the host demands.
func (e *endpoint) login(ctx context.Context) (*http.Client, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client != nil {
		return e.client, nil
	}
	if e.base == nil {
		base, err := newTransport(e.repo.RegistryStr(), e.o)
		if err != nil {
			return nil, err
		}
		e.base = base
	}
	auth, err := e.o.authenticator(e.repo)
	e.noAuth = err
	rt, err := transport.NewWithContext(ctx, e.repo.Registry, auth, e.base, []string{e.repo.Scope(transport.PullScope)})
	if err != nil {
		return nil, err
	}
	e.client = &http.Client{Transport: rt}
	return e.client, nil
}

func (e *endpoint) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.base != nil {
		e.base.close()
	}
}

// get asks for a manifest or blob of size bytes (0: unknown) from offset on.
// The response has status 200 or 206.
func (e *endpoint) get(ctx context.Context, kind, id string, offset, size int64) (*http.Response, error) {
	client, err := e.login(ctx)
	if err != nil {
		return nil, e.explain(err)
	}
	url := fmt.Sprintf("%s://%s/v2/%s/%s/%s", e.repo.Scheme(), e.repo.RegistryStr(), e.repo.RepositoryStr(), kind, id)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if kind == "manifests" {
		req.Header.Set("Accept", strings.Join([]string{typeOCIIndex, typeDockerList, typeOCIManifest, typeDockerManifest}, ", "))
	}
	if kind == "blobs" {
		req.Header.Set(downloadHeader, "1")
	}
	setRange(req, offset, size)
	resp, err := client.Do(req)
	if err == nil {
		err = checkStatus(resp)
	}
	if err != nil {
		return nil, e.explain(err)
	}
	return resp, nil
}

// tag reads the manifest behind a tag. A body that breaks off is asked for
// again as a whole, because the tag may move in between.
func (e *endpoint) tag(ctx context.Context, tag string) (descriptor, []byte, error) {
	for attempt := 0; ; attempt++ {
		resp, err := e.get(ctx, "manifests", tag, 0, 0)
		if err != nil {
			return descriptor{}, nil, err
		}
		data, err := readAll(resp.Body, maxManifest)
		resp.Body.Close()
		if err == nil {
			d := descriptor{Digest: digestOf(data), MediaType: mediaType(resp), Size: int64(len(data))}
			if promised := resp.Header.Get("Docker-Content-Digest"); strings.HasPrefix(promised, "sha256:") && promised != d.Digest {
				return d, nil, fmt.Errorf("%s:%s: %w: the registry says %.100s, the bytes have %s", e.repo, tag, ErrDigest, promised, d.Digest)
			}
			return d, data, nil
		}
		if attempt >= e.o.Retries || !isTransient(err) {
			return descriptor{}, nil, fmt.Errorf("read manifest %s:%s: %w", e.repo, tag, err)
		}
		if err := e.o.pause(ctx, attempt, nil); err != nil {
			return descriptor{}, nil, err
		}
	}
}

func mediaType(resp *http.Response) string {
	t, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(t)
}

// explain turns a registry's refusal into the error that callers know.
func (e *endpoint) explain(err error) error {
	var refused *transport.Error
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &AuthError{Registry: e.repo.RegistryStr(), Err: errors.Join(err, e.noAuth)}
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

func checkStatus(resp *http.Response) error {
	err := transport.CheckError(resp, http.StatusOK, http.StatusPartialContent)
	if err != nil {
		resp.Body.Close()
	}
	return err
}
