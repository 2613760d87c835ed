package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	contentapi "github.com/containerd/containerd/api/services/content/v1"
	imagesapi "github.com/containerd/containerd/api/services/images/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// containerd is a store: the content of one namespace of a containerd daemon.
// It speaks the daemon's gRPC API because the daemon holds an exclusive lock
// on its database. Source: github.com/containerd/containerd/api.
type containerd struct {
	conn      *grpc.ClientConn
	namespace string
}

// openContainerd finds an image.
func openContainerd(ctx context.Context, ref string, o *Options) (*Image, error) {
	return askContainerd(ctx, ref, o, containerd.image)
}

// askContainerd asks the namespaces in turn.
func askContainerd(ctx context.Context, ref string, o *Options, find func(containerd, context.Context, string, *Options) (*Image, error)) (*Image, error) {
	conn, err := dialContainerd(o)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, ns := range o.namespaces() {
		im, err := find(containerd{conn, ns}, ctx, ref, o)
		if err == nil {
			im.onClose(conn.Close)
			return im, nil
		}
		errs = append(errs, fmt.Errorf("namespace %s: %w", ns, err))
	}
	conn.Close()
	return nil, errors.Join(errs...)
}

func dialContainerd(o *Options) (*grpc.ClientConn, error) {
	var errs []error
	sockets := o.containerdSockets()
	for _, path := range sockets {
		if err := probeSocket(path); err != nil {
			errs = append(errs, err)
			continue
		}
		return grpc.NewClient("passthrough:///"+path,
			grpc.WithContextDialer(func(ctx context.Context, path string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "unix", path)
			}),
			grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxConfig)))
	}
	return nil, noEngine(sockets, errs)
}

// in adds the namespace to a call.
func (c containerd) in(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "containerd-namespace", c.namespace)
}

// image resolves a name as containerd's clients file it.
func (c containerd) image(ctx context.Context, ref string, o *Options) (*Image, error) {
	names := []string{ref}
	if parsed, err := parseReference(ref, o); err == nil {
		names = append(names, fullName(parsed))
	}
	for _, name := range names {
		resp, err := imagesapi.NewImagesClient(c.conn).Get(c.in(ctx), &imagesapi.GetImageRequest{Name: name})
		if status.Code(err) == codes.NotFound {
			continue
		}
		if err != nil {
			return nil, explainGRPC(err)
		}
		target := resp.GetImage().GetTarget()
		root := descriptor{MediaType: target.GetMediaType(), Digest: target.GetDigest(), Size: target.GetSize()}
		if err := root.check(); err != nil {
			return nil, err
		}
		im, err := resolve(ctx, c, root, nil, o)
		if err != nil {
			return nil, err
		}
		im.addTags(name)
		return im, nil
	}
	return nil, fmt.Errorf("%s: %w", ref, ErrNotFound)
}

// has implements holder: an index names platforms that were never pulled.
func (c containerd) has(ctx context.Context, d descriptor) bool {
	_, err := contentapi.NewContentClient(c.conn).Info(c.in(ctx), &contentapi.InfoRequest{Digest: d.Digest})
	return err == nil
}

// open implements store.
func (c containerd) open(ctx context.Context, d descriptor) (io.ReadCloser, error) {
	client := contentapi.NewContentClient(c.conn)
	info, err := client.Info(c.in(ctx), &contentapi.InfoRequest{Digest: d.Digest})
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", d.Digest, explainGRPC(err))
	}
	ctx, cancel := context.WithCancel(c.in(ctx))
	stream, err := client.Read(ctx, &contentapi.ReadContentRequest{Digest: d.Digest, Size: info.GetInfo().GetSize()})
	if err != nil {
		cancel()
		return nil, explainGRPC(err)
	}
	return &contentStream{stream: stream, cancel: cancel}, nil
}

// contentStream reads a blob. Close may be called during Read.
type contentStream struct {
	stream contentapi.Content_ReadClient
	cancel context.CancelFunc
	rest   []byte
}

// Read implements io.Reader.
func (s *contentStream) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		msg, err := s.stream.Recv()
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, explainGRPC(err)
		}
		s.rest = msg.GetData()
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (s *contentStream) Close() error {
	s.cancel()
	return nil
}

// explainGRPC turns a refusal into the errors that callers know.
func explainGRPC(err error) error {
	switch status.Code(err) {
	case codes.NotFound:
		return fmt.Errorf("%w: %s", ErrNotFound, status.Convert(err).Message())
	case codes.Unavailable:
		return fmt.Errorf("%w: %s", ErrNoEngine, status.Convert(err).Message())
	case codes.Canceled:
		return context.Canceled
	}
	return err
}
