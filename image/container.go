package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// engineContainer is what Docker and Podman say about a container.
type engineContainer struct {
	ID          string `json:"Id"`
	Name        string
	Image       string // the image's ID
	ImageName   string // Podman
	Config      struct{ Image string }
	GraphDriver struct {
		Name string
		Data boundedMap[string]
	}
}

var containerName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$`)

// openContainer asks the engines in turn for a container, by name or ID: the
// layers of its image, and on top what it has changed. Where those cannot be
// reached (another machine's engine, a snapshotter that is not overlayfs), all
// the container's files are the only layer.
func openContainer(ctx context.Context, ref string, o *Options) (*Image, error) {
	if !containerName.MatchString(ref) {
		return nil, fmt.Errorf("%.300q is no name or ID of a container", ref)
	}
	var errs []error
	for _, look := range []struct {
		kind string
		in   func(context.Context, string, *Options) (*Image, error)
	}{
		{"docker", containerIn(dockerEngine)},
		{"podman", containerIn(podmanEngine)},
		{"containerd", containerdContainer},
	} {
		im, err := look.in(ctx, ref, o)
		if err == nil {
			im.Kind = "container"
			return im, nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", look.kind, err))
	}
	return nil, errors.Join(errs...)
}

func containerIn(connect func(*Options) (engine, error)) opener {
	return func(ctx context.Context, ref string, o *Options) (*Image, error) {
		e, err := connect(o)
		if err != nil {
			return nil, err
		}
		found, err := e.container(ctx, ref)
		if err != nil {
			e.close()
			return nil, err
		}
		c := container{
			name:  strings.TrimPrefix(found.Name, "/"),
			files: func(ctx context.Context) (io.ReadCloser, error) { return e.files(ctx, found.ID) },
		}
		if e.local() {
			c.upper = found.GraphDriver.Data["UpperDir"]
		}
		im, err := openEngine(ctx, e, found.Image, o)
		im, err = c.onto(im, err, o)
		if err == nil {
			im.onClose(e.close)
			im.addTags(found.ImageName, found.Config.Image)
		}
		return im, err
	}
}

// container is where a container's own files are.
type container struct {
	name  string
	upper string // the directory of its changes, "" when unknown
	// All its files are what files streams, or if that is nil what its first
	// process sees as its root; pid is 0 when it does not run.
	files func(context.Context) (io.ReadCloser, error)
	pid   int
}

// onto puts the container's changes on its image. When image (imErr) or changes
// cannot be had, it takes all the files of the container as one layer.
func (c container) onto(im *Image, imErr error, o *Options) (*Image, error) {
	upper := o.hostPath(c.upper)
	if imErr == nil && c.upper != "" {
		_, imErr = os.ReadDir(upper)
	} else if imErr == nil {
		imErr = errors.New("the engine does not tell the directory of its changes")
	}
	if imErr == nil {
		d := Descriptor{Index: len(im.Layers), Size: -1, CreatedBy: "changes in container " + c.name}
		im.Layers = append(im.Layers, TreeLayer(d, upper, TreeOptions{Overlay: true}))
		return im, nil
	}
	all, err := c.whole(o)
	if err != nil {
		if im != nil {
			im.Close()
		}
		return nil, errors.Join(imErr, err)
	}
	if im == nil {
		im = new(Image)
	}
	im.Layers = []Layer{all}
	im.Warnings = append(im.Warnings, fmt.Sprintf("the layers of container %s are not told apart, all its files were read as one: %v", c.name, imErr))
	return im, nil
}

// whole returns all files of a container as one layer.
func (c container) whole(o *Options) (Layer, error) {
	d := Descriptor{Size: -1, CreatedBy: "container " + c.name}
	if c.files != nil {
		return BlobLayer(d, c.files), nil
	}
	if c.pid == 0 {
		return nil, fmt.Errorf("container %s does not run", c.name)
	}
	root := o.hostPath("/proc/" + strconv.Itoa(c.pid) + "/root")
	if _, err := os.ReadDir(root); err != nil {
		return nil, err
	}
	return TreeLayer(d, root, TreeOptions{Skip: []string{"proc", "sys", "dev"}, OneFilesystem: true}), nil
}
