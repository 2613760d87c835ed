package image

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// retrying is an http.RoundTripper that repeats requests after transient
// failures, and refuses plain HTTP beyond this machine unless it was allowed.
// It stands below authentication, so that token exchanges are repeated too, and
// bounds the answers that authentication reads whole.
type retrying struct {
	host      string          // whose certificates own presents
	own, rest *http.Transport // to host, and to where it sends us
	o         *Options
}

// newTransport returns what speaks to a registry, with its certificates.
func newTransport(host string, o *Options) (*retrying, error) {
	certs, err := o.registryTLS(host)
	if err != nil {
		return nil, err
	}
	r := &retrying{host: host, own: plainTransport(o, certs), o: o}
	r.rest = r.own
	if certs != nil && certs.Certificates != nil {
		others := certs.Clone()
		others.Certificates = nil
		r.rest = plainTransport(o, others)
	}
	return r, nil
}

func plainTransport(o *Options, certs *tls.Config) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 30 * time.Second
	t.DisableCompression = true // digests are of the bytes as they are stored
	t.MaxIdleConnsPerHost = 8
	t.MaxResponseHeaderBytes = 1 << 20
	if certs != nil {
		t.TLSClientConfig = certs.Clone()
	}
	if o.Insecure {
		if t.TLSClientConfig == nil {
			t.TLSClientConfig = new(tls.Config)
		}
		t.TLSClientConfig.InsecureSkipVerify = true
	}
	return t
}

func (r *retrying) close() {
	r.own.CloseIdleConnections()
	r.rest.CloseIdleConnections()
}

// downloadHeader marks requests for content of any size. It is not sent.
const downloadHeader = "Boltseal-Download"

// maxRefusal bounds the text of a refusal.
const maxRefusal = 64 << 10

// RoundTrip implements http.RoundTripper.
func (r *retrying) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme == "http" && !r.o.Insecure && !isLoopback(req.URL.Hostname()) {
		return nil, &plainHTTPError{req.URL.Host}
	}
	limit := int64(maxManifest + 1)
	if req.Header.Get(downloadHeader) != "" {
		req = req.Clone(req.Context())
		req.Header.Del(downloadHeader)
		limit = -1
	}
	resp, err := r.repeat(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		limit = maxRefusal
	}
	if limit > 0 {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, limit), resp.Body}
	}
	return resp, nil
}

// repeat sends a request until its answer is final.
func (r *retrying) repeat(req *http.Request) (*http.Response, error) {
	transport := r.rest
	if req.URL.Host == r.host {
		transport = r.own
	}
	for attempt := 0; ; attempt++ {
		resp, err := transport.RoundTrip(req)
		if attempt >= r.o.Retries || !worthRepeating(resp, err) {
			return resp, err
		}
		again := req.Clone(req.Context())
		if req.Body != nil && req.Body != http.NoBody {
			if req.GetBody == nil {
				return resp, err
			}
			body, bodyErr := req.GetBody()
			if bodyErr != nil {
				return resp, err
			}
			again.Body = body
		}
		req = again
		r.o.tell(Event{Stage: "retry", Name: req.URL.Host, Err: describe(resp, err)})
		if resp != nil {
			io.CopyN(io.Discard, resp.Body, 64<<10) // lets the connection be used again
			resp.Body.Close()
		}
		if err := r.o.pause(req.Context(), attempt, resp); err != nil {
			return nil, err
		}
	}
}

func worthRepeating(resp *http.Response, err error) bool {
	if err != nil {
		return isTransient(err)
	}
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func describe(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	return errors.New(resp.Status)
}

// isTransient says whether a connection broke or stalled. A host that does not
// exist, refuses or has a bad certificate will do so again.
func isTransient(err error) bool {
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errStalled):
		return true
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return true
	}
	return errors.As(err, &timeout) && timeout.Timeout()
}

// maxPause bounds what a Retry-After header can make us wait.
const maxPause = 30 * time.Second

// pause waits before the next attempt: as long as the server asks, else twice
// as long as the last time, with some chance in it so that many clients do not
// come back together.
func (o *Options) pause(ctx context.Context, attempt int, resp *http.Response) error {
	wait := o.backoff << min(attempt, 6)
	wait += rand.N(wait/2 + 1)
	if resp != nil {
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			wait = time.Duration(min(seconds, int(maxPause/time.Second))) * time.Second
		}
	}
	timer := time.NewTimer(min(wait, maxPause))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// plainHTTPError: a registry, or where it redirects to, speaks no TLS.
type plainHTTPError struct{ host string }

func (e *plainHTTPError) Error() string {
	return fmt.Sprintf("%s speaks plain HTTP, over which anyone can change an image or read a password", e.host)
}

// Hint says how to allow it.
func (e *plainHTTPError) Hint() string { return "if that is intended add --insecure" }
