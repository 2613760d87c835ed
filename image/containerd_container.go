package image

import (
	"context"
	"fmt"
	"strings"

	"github.com/containerd/containerd/api/services/containers/v1"
	"github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/api/services/tasks/v1"
)

// containerdContainer finds a container, by ID, the beginning of one, or the
// name that nerdctl gave it.
func containerdContainer(ctx context.Context, ref string, o *Options) (*Image, error) {
	return askContainerd(ctx, ref, o, containerd.container)
}

func (c containerd) container(ctx context.Context, ref string, o *Options) (*Image, error) {
	found, err := c.findContainer(ctx, ref)
	if err != nil {
		return nil, err
	}
	place := container{name: found.GetID(), upper: c.upperDir(ctx, found), pid: c.pid(ctx, found.GetID())}
	im, err := c.image(ctx, found.GetImage(), o)
	if im, err = place.onto(im, err, o); err != nil {
		return nil, err
	}
	im.addTags(found.GetImage())
	return im, nil
}

func (c containerd) findContainer(ctx context.Context, ref string) (*containers.Container, error) {
	resp, err := containers.NewContainersClient(c.conn).List(c.in(ctx), &containers.ListContainersRequest{
		Filters: []string{
			fmt.Sprintf("id~=%q", "^"+strings.ReplaceAll(ref, ".", "[.]")),
			fmt.Sprintf(`labels."nerdctl/name"==%q`, ref),
		},
	})
	if err != nil {
		return nil, explainGRPC(err)
	}
	list := resp.GetContainers()
	for _, one := range list {
		if one.GetID() == ref {
			return one, nil
		}
	}
	switch len(list) {
	case 0:
		return nil, fmt.Errorf("container %s: %w", ref, ErrNotFound)
	case 1:
		return list[0], nil
	}
	return nil, fmt.Errorf("container %s: the beginning of %d IDs", ref, len(list))
}

// upperDir is the directory of a container's changes, "" when its snapshotter
// has none (any but overlayfs).
func (c containerd) upperDir(ctx context.Context, found *containers.Container) string {
	resp, err := snapshots.NewSnapshotsClient(c.conn).Mounts(c.in(ctx), &snapshots.MountsRequest{
		Snapshotter: found.GetSnapshotter(), Key: found.GetSnapshotKey(),
	})
	if err != nil || len(resp.GetMounts()) != 1 {
		return ""
	}
	for _, option := range resp.GetMounts()[0].GetOptions() {
		if dir, ok := strings.CutPrefix(option, "upperdir="); ok {
			return dir
		}
	}
	return ""
}

// pid is the container's first process, 0 when it does not run.
func (c containerd) pid(ctx context.Context, id string) int {
	resp, err := tasks.NewTasksClient(c.conn).Get(c.in(ctx), &tasks.GetRequest{ContainerID: id})
	if err != nil {
		return 0
	}
	return int(resp.GetProcess().GetPid())
}
