//go:build !unix

package update

import "context"

// lock does nothing where there is no flock: two updates at once then both
// work, and the later one's database stays.
func lock(_ context.Context, _ string, _ func()) (unlock func(), err error) {
	return func() {}, nil
}
