package image

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// web is a store of the URLs that a foreign layer names. They come from whoever
// wrote the image, so they get no credentials and must not lead to this machine
// or its network, whose services may trust whoever can reach them.
type web struct {
	urls   []string
	client *http.Client
	o      *Options
}

func newWeb(urls []string, o *Options) *web {
	base := plainTransport(o, nil)
	if !o.Insecure {
		base.DialContext = (&net.Dialer{Timeout: 30 * time.Second, Control: onlyPublic}).DialContext
	}
	base.Proxy = nil
	direct := &retrying{own: base, rest: base, o: o}
	proxied := &retrying{own: plainTransport(o, nil), o: o}
	proxied.rest = proxied.own
	return &web{urls: urls, client: &http.Client{Transport: &byProxy{direct, proxied}}, o: o}
}

// byProxy sends requests to the proxy that is configured for them, which then
// decides what may be reached, and the others straight to their host.
type byProxy struct{ direct, proxied *retrying }

// RoundTrip implements http.RoundTripper.
func (b *byProxy) RoundTrip(req *http.Request) (*http.Response, error) {
	if proxy, err := http.ProxyFromEnvironment(req); err != nil || proxy != nil {
		return b.proxied.RoundTrip(req)
	}
	return b.direct.RoundTrip(req)
}

// onlyPublic refuses to connect to addresses of this machine and of private
// networks. It sees what the name was resolved to.
func onlyPublic(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return &privateAddressError{ip}
	}
	return nil
}

// privateAddressError: a URL in an image leads to an address that only insiders
// reach.
type privateAddressError struct{ ip netip.Addr }

func (e *privateAddressError) Error() string {
	return fmt.Sprintf("the image's own URL leads to %s, an address of a private network", e.ip)
}

// Hint says how to allow it.
func (e *privateAddressError) Hint() string { return "if that is intended add --insecure" }

// open implements store. URLs that are not http or https are passed over.
func (w *web) open(ctx context.Context, d descriptor) (io.ReadCloser, error) {
	var sources []source
	for _, url := range w.urls {
		if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
			continue
		}
		sources = append(sources, func(ctx context.Context, offset int64) (*http.Response, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return nil, err
			}
			req.Header.Set(downloadHeader, "1")
			setRange(req, offset, d.Size)
			resp, err := w.client.Do(req)
			if err != nil {
				return nil, err
			}
			return resp, checkStatus(resp)
		})
	}
	if sources == nil {
		return nil, fmt.Errorf("layer %s: %w: it names no http(s) URL", d.Digest, ErrNotFound)
	}
	return newDownload(ctx, d, sources, w.o)
}

func (w *web) close() error {
	by := w.client.Transport.(*byProxy)
	by.direct.close()
	by.proxied.close()
	return nil
}
