package format

import (
	"encoding/binary"
	"fmt"
)

// Cursor reads the parts of a record one after the other. Its error is sticky:
// after the first part that isn't there, every read gives zero, and Err tells.
type Cursor struct {
	rest []byte
	bad  bool
}

// NewCursor starts at the beginning of b.
func NewCursor(b []byte) Cursor { return Cursor{rest: b} }

// Uvarint reads an unsigned number.
func (c *Cursor) Uvarint() uint64 {
	if len(c.rest) > 0 && c.rest[0] < 0x80 {
		v := c.rest[0]
		c.rest = c.rest[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

// Int reads an unsigned number that must be less than limit, such as an index.
func (c *Cursor) Int(limit int) int {
	v := c.Uvarint()
	if v >= uint64(limit) {
		c.fail()
		return 0
	}
	return int(v)
}

// Varint reads a signed number.
func (c *Cursor) Varint() int64 {
	v, n := binary.Varint(c.rest)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

// Byte reads one byte.
func (c *Cursor) Byte() byte {
	if len(c.rest) == 0 {
		c.fail()
		return 0
	}
	v := c.rest[0]
	c.rest = c.rest[1:]
	return v
}

// Bytes reads a length and as many bytes, which are not copied.
func (c *Cursor) Bytes() []byte {
	n := c.Uvarint()
	if n > uint64(len(c.rest)) {
		c.fail()
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

// Count reads the number of parts that follow, each at least one byte long, so
// that a false number can't make the caller allocate more than the record has.
func (c *Cursor) Count() int { return c.Int(len(c.rest) + 1) }

// More says if anything is left.
func (c *Cursor) More() bool { return len(c.rest) > 0 }

// Err returns an error that wraps ErrFormat when a part was missing.
func (c *Cursor) Err() error {
	if c.bad {
		return fmt.Errorf("%w: damaged record", ErrFormat)
	}
	return nil
}

func (c *Cursor) fail() { c.bad, c.rest = true, nil }
