//go:build !unix

package scan

import (
	"errors"
	"os"
)

// mapSpill cannot map here.
func mapSpill(*os.File, int64) ([]byte, func(), error) {
	return nil, nil, errors.ErrUnsupported
}
