// Package cloudformation reads CloudFormation templates into the state of the
// cloud that checks expect, with the adapters of Trivy. Parameters have their
// defaults; what is not known before deployment is unknown.
package cloudformation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	adapters "github.com/aquasecurity/trivy/pkg/iac/adapters/cloudformation"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/cloudformation/parser"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// State parses one template. Its nodes are counted before, aliases followed.
func State(ctx context.Context, data []byte, file string) (map[string]any, error) {
	docs, err := manifest.Documents(data)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	if manifest.Get(docs[0], "Resources") == nil {
		return nil, nil
	}
	if _, err := manifest.Value(docs[0], file); err != nil {
		return nil, err
	}
	template, err := parser.New().ParseFile(ctx, single{file, data}, file)
	if err != nil || template == nil {
		return nil, err
	}
	state, _ := adapters.Adapt(*template).ToRego().(map[string]any)
	return state, nil
}

// single is a file system of one file, which is what the parser reads from.
type single struct {
	name string
	data []byte
}

// Format implements fmt.Formatter: the adapters print a file system into the
// metadata of every value, which must not become its whole content.
func (single) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "file") }

// Open implements fs.FS.
func (s single) Open(name string) (fs.File, error) {
	if name != s.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &opened{Reader: bytes.NewReader(s.data), single: s}, nil
}

type opened struct {
	*bytes.Reader
	single
}

func (o *opened) Close() error               { return nil }
func (o *opened) Stat() (fs.FileInfo, error) { return o, nil }
func (o *opened) Name() string               { return o.name }
func (o *opened) Size() int64                { return int64(len(o.data)) }
func (o *opened) Mode() fs.FileMode          { return 0o444 }
func (o *opened) ModTime() time.Time         { return time.Time{} }
func (o *opened) IsDir() bool                { return false }
func (o *opened) Sys() any                   { return nil }
