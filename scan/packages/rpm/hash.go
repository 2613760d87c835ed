package rpm

import (
	"cmp"
	"encoding/binary"
)

// Numbers of Berkeley DB files.
// Source: src/dbinc/db_page.h of Berkeley DB 4.8 and 5.3.
const (
	hashMagic    = 0x061561
	metaMagicAt  = 12
	metaSizeAt   = 20
	metaCryptAt  = 24
	metaTypeAt   = 25
	metaFlagsAt  = 26
	metaChecksum = 1 // flag: pages begin with a longer header
	metaEnd      = 27

	pageNextAt    = 16
	pageEntriesAt = 20
	pageOffsetAt  = 22
	pageTypeAt    = 25
	pageHead      = 26

	pageHashUnsorted = 2
	pageOverflow     = 7
	pageHashMeta     = 8
	pageHash         = 13

	itemInline  = 1
	itemOffPage = 3
	offPageSize = 12 // bytes of a reference to overflow pages
)

// hashFile reads a hash file of Berkeley DB.
type hashFile struct {
	order binary.ByteOrder
	pages *pages
	chain []byte // buffer for overflow pages
	blob  []byte // buffer for a value
}

// hashOrder tells the byte order of a hash file by its beginning, nil if it is
// none. Files are written in the order of the machine that made them.
func hashOrder(head []byte) binary.ByteOrder {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if order.Uint32(head[metaMagicAt:]) == hashMagic {
			return order
		}
	}
	return nil
}

// walkHash is the walk of a hash file: keys are package numbers, and key 0
// holds the largest one instead of a header. All pages are visited in order
// instead of bucket by bucket, which finds the same pairs.
func walkHash(src *source, yield func(blob []byte) error) error {
	head, err := src.read(0, headBytes, make([]byte, headBytes))
	if err != nil {
		return err
	}
	order := hashOrder(head)
	size := order.Uint32(head[metaSizeAt:])
	switch {
	case size < 512 || size > 64<<10 || size&(size-1) != 0:
		return corrupt("Berkeley DB page of %d bytes", size)
	case head[metaTypeAt] != pageHashMeta:
		return corrupt("Berkeley DB file of type %d", head[metaTypeAt])
	case head[metaCryptAt] != 0 || head[metaFlagsAt]&metaChecksum != 0:
		return corrupt("Berkeley DB file is encrypted or has checksums")
	}
	h := hashFile{order: order, pages: newPages(src, int(size)), chain: make([]byte, size)}
	return h.walk(yield)
}

func (h *hashFile) walk(yield func(blob []byte) error) error {
	var broken error
	buf := make([]byte, h.pages.size)
	kind := make([]byte, 1)
	for i := uint32(1); i < h.pages.n; i++ {
		k, err := h.pages.src.read(int64(i)*int64(h.pages.size)+pageTypeAt, 1, kind)
		if err != nil {
			return err
		}
		if k[0] != pageHash && k[0] != pageHashUnsorted {
			continue
		}
		page, bad := h.pages.take(i, buf)
		if bad == nil {
			bad, err = h.pairs(page, yield)
		}
		if err != nil {
			return err
		}
		broken = cmp.Or(broken, bad)
	}
	return broken
}

// pairs yields the values of one page. Items fill the page from its end; an
// array of their offsets follows the page's head, key and value in turn.
func (h *hashFile) pairs(page []byte, yield func(blob []byte) error) (broken, err error) {
	entries := int(h.order.Uint16(page[pageEntriesAt:]))
	if pageHead+2*entries > len(page) || entries%2 != 0 {
		return corrupt("Berkeley DB page of %d items", entries), nil
	}
	end := len(page)
	for i := range entries {
		begin := int(h.order.Uint16(page[pageHead+2*i:]))
		if begin < pageHead+2*entries || begin >= end {
			return corrupt("Berkeley DB item from %d to %d", begin, end), nil
		}
		item := page[begin:end]
		end = begin
		if i%2 == 0 {
			continue // a key
		}
		blob, bad := h.value(item)
		if bad != nil {
			broken = bad
			continue
		}
		if len(blob) <= 4 {
			continue // key 0
		}
		if err := yield(blob); err != nil {
			return broken, err
		}
	}
	return broken, nil
}

// value returns the bytes of an item: they follow its type, or stand in a chain
// of overflow pages.
func (h *hashFile) value(item []byte) ([]byte, error) {
	switch {
	case item[0] == itemInline:
		return item[1:], nil
	case item[0] == itemOffPage && len(item) >= offPageSize:
		return h.overflow(h.order.Uint32(item[4:]), h.order.Uint32(item[8:]))
	}
	return nil, corrupt("Berkeley DB item of type %d", item[0])
}

// overflow reads a value of length bytes from the chain that begins at page.
func (h *hashFile) overflow(page, length uint32) ([]byte, error) {
	if length > maxBlob {
		return nil, corrupt("Berkeley DB value of %d bytes", length)
	}
	h.blob = h.blob[:0]
	for len(h.blob) < int(length) {
		if page == 0 {
			return nil, corrupt("Berkeley DB value ends after %d of %d bytes", len(h.blob), length)
		}
		p, err := h.pages.take(page, h.chain)
		if err != nil {
			return nil, err
		}
		n := int(h.order.Uint16(p[pageOffsetAt:]))
		if p[pageTypeAt] != pageOverflow || n == 0 || pageHead+n > len(p) {
			return nil, corrupt("Berkeley DB overflow page %d", page)
		}
		h.blob = append(h.blob, p[pageHead:][:min(n, int(length)-len(h.blob))]...)
		page = h.order.Uint32(p[pageNextAt:])
	}
	return h.blob, nil
}
