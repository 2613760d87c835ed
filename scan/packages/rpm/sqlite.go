package rpm

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const (
	sqliteMagic = "SQLite format 3\x00"
	sqliteHead  = 100 // bytes of the file header, at the beginning of page 1
	// maxDepth is more than any tree can have: pages hold at least two children.
	maxDepth = 40
	// maxBlob bounds a header: a fourth of rpm's own limit.
	maxBlob = 64 << 20

	leafTable     = 0x0d
	interiorTable = 0x05
)

// sqlite walks the trees of an SQLite database file.
// Source: https://www.sqlite.org/fileformat2.html, sections 1.2-1.6 and 2.1.
type sqlite struct {
	pages  *pages
	usable int      // bytes of a page without the reserved ones
	levels [][]byte // page buffers by depth in the tree
	chain  []byte   // buffer for overflow pages
	row    []byte   // buffer for a row that does not fit into its page
	broken error    // the first broken part
}

// walkSQLite is the walk of rpmdb.sqlite: the column "blob" of the table
// "Packages (hnum INTEGER PRIMARY KEY, blob BLOB)".
func walkSQLite(src *source, yield func(blob []byte) error) error {
	db, err := openSQLite(src)
	if err != nil {
		return err
	}
	root, err := db.packagesRoot()
	if err != nil {
		return err
	}
	err = db.tree(root, 0, func(row []byte) error {
		columns, err := columns(row)
		if err != nil || len(columns) < 2 {
			return db.fail(corrupt("row of table Packages"))
		}
		return yield(columns[1])
	})
	return errors.Join(err, db.broken)
}

func openSQLite(src *source) (*sqlite, error) {
	head, err := src.read(0, sqliteHead, make([]byte, sqliteHead))
	if err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 1 << 16
	}
	reserved := int(head[20])
	if size < 512 || size&(size-1) != 0 || size-reserved < 480 {
		return nil, corrupt("SQLite page of %d bytes", size)
	}
	if enc := binary.BigEndian.Uint32(head[56:]); enc > 1 {
		return nil, corrupt("SQLite text encoding %d", enc) // rpm's is UTF-8
	}
	return &sqlite{pages: newPages(src, size), usable: size - reserved, chain: make([]byte, size)}, nil
}

// fail notes a broken part and lets the walk go on.
func (db *sqlite) fail(err error) error {
	if db.broken == nil {
		db.broken = err
	}
	return nil
}

// packagesRoot finds the root page of the table Packages in the schema table,
// whose root is page 1 and whose columns are type, name, tbl_name, rootpage and
// sql.
func (db *sqlite) packagesRoot() (uint32, error) {
	var root uint32
	err := db.tree(1, 0, func(row []byte) error {
		c, err := columns(row)
		if err != nil || len(c) < 5 {
			return db.fail(corrupt("row of the schema table"))
		}
		if string(c[0]) == "table" && string(c[1]) == "Packages" && len(c[3]) <= 4 &&
			bytes.Contains(c[4], []byte("hnum INTEGER PRIMARY KEY")) && bytes.Contains(c[4], []byte("blob BLOB")) {
			for _, digit := range c[3] {
				root = root<<8 | uint32(digit)
			}
		}
		return nil
	})
	if err == nil && root < 2 {
		err = db.broken
		if err == nil {
			err = corrupt("SQLite database without a table Packages")
		}
	}
	return root, err
}

// tree calls do with the rows below a page of a table tree, in order. Parts
// that are broken are noted and passed over.
func (db *sqlite) tree(number uint32, depth int, do func(row []byte) error) error {
	page, err := db.page(number, depth)
	if err != nil {
		return db.fail(err)
	}
	head := page
	if number == 1 {
		head = page[sqliteHead:]
	}
	cells := int(binary.BigEndian.Uint16(head[3:]))
	switch head[0] {
	case leafTable:
		return db.leaf(page, head[8:], cells, do)
	case interiorTable:
		return db.interior(page, head, cells, depth, do)
	}
	return db.fail(corrupt("SQLite page of type %#x", head[0]))
}

// page loads a page, counted from 1, into the buffer of its depth.
func (db *sqlite) page(number uint32, depth int) ([]byte, error) {
	if depth >= maxDepth || number == 0 {
		return nil, corrupt("SQLite page %d at depth %d", number, depth)
	}
	if depth == len(db.levels) {
		db.levels = append(db.levels, make([]byte, db.pages.size))
	}
	return db.pages.take(number-1, db.levels[depth])
}

// interior visits the children of a page.
func (db *sqlite) interior(page, head []byte, cells, depth int, do func(row []byte) error) error {
	const pointers = 12 // where they begin
	for i := range cells {
		at := pointers + 2*i
		if at+2 > len(head) {
			return db.fail(corrupt("SQLite page of %d cells", cells))
		}
		cell := int(binary.BigEndian.Uint16(head[at:]))
		if cell+4 > db.usable {
			return db.fail(corrupt("SQLite cell at %d", cell))
		}
		if err := db.tree(binary.BigEndian.Uint32(page[cell:]), depth+1, do); err != nil {
			return err
		}
	}
	return db.tree(binary.BigEndian.Uint32(head[8:]), depth+1, do)
}

// leaf calls do with the rows of a page.
func (db *sqlite) leaf(page, pointers []byte, cells int, do func(row []byte) error) error {
	for i := range cells {
		if 2*i+2 > len(pointers) {
			return db.fail(corrupt("SQLite page of %d cells", cells))
		}
		cell := int(binary.BigEndian.Uint16(pointers[2*i:]))
		if cell >= db.usable {
			return db.fail(corrupt("SQLite cell at %d", cell))
		}
		row, err := db.payload(page[cell:db.usable])
		if err == nil {
			err = do(row)
		} else {
			err = db.fail(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// payload returns the row of a leaf cell: its length, the row number, the part
// that is in the page, and the number of the page where the rest begins.
func (db *sqlite) payload(cell []byte) ([]byte, error) {
	length, n := varint(cell)
	if n == 0 || length > maxBlob {
		return nil, corrupt("SQLite row of %d bytes", length)
	}
	_, m := varint(cell[n:])
	if m == 0 {
		return nil, corrupt("SQLite row number")
	}
	cell = cell[n+m:]
	local := db.local(int(length))
	if local == int(length) {
		if local > len(cell) {
			return nil, corrupt("SQLite row of %d bytes in %d", length, len(cell))
		}
		return cell[:local], nil
	}
	if local+4 > len(cell) {
		return nil, corrupt("SQLite row of %d bytes in %d", local, len(cell))
	}
	db.row = append(db.row[:0], cell[:local]...)
	next := binary.BigEndian.Uint32(cell[local:])
	for len(db.row) < int(length) {
		if next == 0 {
			return nil, corrupt("SQLite row ends after %d of %d bytes", len(db.row), length)
		}
		page, err := db.pages.take(next-1, db.chain)
		if err != nil {
			return nil, err
		}
		next = binary.BigEndian.Uint32(page)
		db.row = append(db.row, page[4:min(db.usable, 4+int(length)-len(db.row))]...)
	}
	return db.row, nil
}

// local is how much of a row of length bytes is in its page.
func (db *sqlite) local(length int) int {
	if length <= db.usable-35 {
		return length
	}
	smallest := (db.usable-12)*32/255 - 23
	if k := smallest + (length-smallest)%(db.usable-4); k <= db.usable-35 {
		return k
	}
	return smallest
}

// maxColumns is more than the tables that are read have.
const maxColumns = 8

// columns divides a row into the bytes of its columns; integers are big-endian,
// as they are stored.
func columns(row []byte) ([][]byte, error) {
	size, n := varint(row)
	if n == 0 || size < uint64(n) || size > uint64(len(row)) {
		return nil, corrupt("SQLite row header of %d bytes", size)
	}
	types, rest := row[n:size], row[size:]
	out := make([][]byte, 0, maxColumns)
	for len(types) > 0 && len(out) < maxColumns {
		kind, n := varint(types)
		if n == 0 {
			return nil, corrupt("SQLite column type")
		}
		types = types[n:]
		width := columnBytes(kind)
		if width > uint64(len(rest)) {
			return nil, corrupt("SQLite column of %d bytes", width)
		}
		out = append(out, rest[:width])
		rest = rest[width:]
	}
	return out, nil
}

// columnBytes is the size of a column by its serial type.
func columnBytes(kind uint64) uint64 {
	switch {
	case kind >= 12:
		return (kind - 12) / 2 // text and blobs, odd and even
	case kind <= 4:
		return kind
	case kind == 5:
		return 6
	case kind <= 7:
		return 8
	}
	return 0 // the constants 0 and 1, and reserved types
}

// varint reads SQLite's big-endian integer of 1 to 9 bytes, n = 0 if b is too
// short.
func varint(b []byte) (v uint64, n int) {
	for i := range min(8, len(b)) {
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	if len(b) < 9 {
		return 0, 0
	}
	return v<<8 | uint64(b[8]), 9
}
