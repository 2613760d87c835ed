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
// It stands below authentication, so that token exchanges are repeated too.
type retrying struct {
	*http.Transport
	o *Options
}

func newTransport(o *Options) *retrying {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 30 * time.Second
	t.DisableCompression = true // digests are of the bytes as they are stored
	t.MaxIdleConnsPerHost = 8
	if o.Insecure {
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	return &retrying{t, o}
}

// RoundTrip implements http.RoundTripper.
func (r *retrying) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme == "http" && !r.o.Insecure && !isLoopback(req.URL.Hostname()) {
		return nil, &plainHTTPError{req.URL.Host}
	}
	for attempt := 0; ; attempt++ {
		resp, err := r.Transport.RoundTrip(req)
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
