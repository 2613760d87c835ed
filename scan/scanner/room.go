package scanner

import (
	"fmt"

	"github.com/boltseal/boltseal/image"
)

// How much text a scanner of a package database may keep of one file, in bytes.
const (
	// NameBytes is for the names and versions of packages. They are copied
	// several times on the way to a report; real databases have some 300 KB.
	NameBytes Room = 16 << 20
	// PathsBytes is for the paths that packages own; real databases have up to
	// 20 MB.
	PathsBytes Room = 96 << 20
)

// Room is how many bytes may still be kept. It is for one goroutine.
type Room int

// Take asks for text of n bytes and what it takes to hold it. Once there is no
// room the error is an image.ErrLimit.
func (r *Room) Take(n int) error {
	const header = 32 // of a string and its share of a list
	if *r -= Room(n + header); *r < 0 {
		return fmt.Errorf("%w: too many bytes of names and paths", image.ErrLimit)
	}
	return nil
}
