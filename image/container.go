package image

import (
	"context"
	"errors"
	"fmt"
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
	State       struct{ Pid int }
	GraphDriver struct {
		Name string
		Data map[string]string
	}
}

var containerName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$`)

// openContainer asks the engines in turn for a container, by name or ID: the
// layers of its image, and on top what it has changed. Where those cannot be
// reached, the running container's root directory is the only layer.
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
		c, err := e.container(ctx, ref)
		if err != nil {
			e.close()
			return nil, err
		}
		changes := container{
			name: strings.TrimPrefix(c.Name, "/"), pid: c.State.Pid,
			upper: c.GraphDriver.Data["UpperDir"],
		}
		im, err := openEngine(ctx, e, c.Image, o)
		im, err = changes.onto(im, err, o)
		if err == nil {
			for _, name := range []string{c.ImageName, c.Config.Image} {
				im.addTags(name)
			}
		}
		return im, err
	}
}

// container is where a container's own files are.
type container struct {
	name  string
	pid   int    // 0 when it does not run
	upper string // the directory of its changes, "" when unknown
}

// onto puts the container's changes on its image. When image (imErr) or changes
// cannot be had, it takes the root directory of the running container.
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
	if c.pid == 0 {
		if im != nil {
			im.Close()
		}
		return nil, fmt.Errorf("container %s does not run, and: %w", c.name, imErr)
	}
	root := o.hostPath("/proc/" + strconv.Itoa(c.pid) + "/root")
	if _, err := os.ReadDir(root); err != nil {
		if im != nil {
			im.Close()
		}
		return nil, errors.Join(imErr, err)
	}
	if im == nil {
		im = new(Image)
	}
	im.Layers = []Layer{TreeLayer(Descriptor{Size: -1, CreatedBy: "container " + c.name}, root, TreeOptions{Skip: hostSkips, OneFilesystem: true})}
	im.Warnings = append(im.Warnings, fmt.Sprintf("layers are not told apart, %s was read instead: %v", root, imErr))
	return im, nil
}
