package rpm

import "encoding/binary"

// Numbers of ndb files; all integers are little-endian.
// Source: lib/backend/ndb/rpmpkg.c of rpm.
const (
	ndbMagic     = "RpmP"
	ndbSlotMagic = "Slot"
	ndbBlobMagic = "BlbS"

	ndbSlotPage = 4096 // bytes of a page of slots
	ndbSlot     = 16   // bytes of a slot; the file's header takes two of them
	ndbBlock    = 16   // unit of blob offsets and sizes
	ndbBlobHead = 16   // magic, package number, generation, length
)

// walkNDB is the walk of an ndb file (Packages.db): pages of slots, each slot
// a package number and where its blob is, in blocks.
func walkNDB(src *source, yield func(blob []byte) error) error {
	head, err := src.read(0, headBytes, make([]byte, headBytes))
	if err != nil {
		return err
	}
	if version := binary.LittleEndian.Uint32(head[4:]); version != 0 {
		return corrupt("ndb version %d", version)
	}
	slotPages := int64(binary.LittleEndian.Uint32(head[12:]))
	if slotPages == 0 || slotPages*ndbSlotPage > src.size {
		return corrupt("ndb file of %d bytes with %d pages of slots", src.size, slotPages)
	}
	n := ndb{src: src, room: src.size}
	for i := range slotPages {
		if err := n.slots(i, yield); err != nil {
			return err
		}
	}
	return n.broken
}

// ndb reads the blobs of an ndb file.
type ndb struct {
	src    *source
	blob   []byte // buffer
	room   int64  // bytes that blobs may still have: they do not overlap
	broken error
}

// slots yields the blobs of a page of slots. The first two slots of the file
// are its header.
func (n *ndb) slots(page int64, yield func(blob []byte) error) error {
	slots, err := n.src.read(page*ndbSlotPage, ndbSlotPage, make([]byte, ndbSlotPage))
	if err != nil {
		return err
	}
	if page == 0 {
		slots = slots[2*ndbSlot:]
	}
	for ; len(slots) > 0; slots = slots[ndbSlot:] {
		slot := slots[:ndbSlot]
		if string(slot[:4]) != ndbSlotMagic {
			n.broken = corrupt("ndb slot")
			continue
		}
		number, at := binary.LittleEndian.Uint32(slot[4:]), binary.LittleEndian.Uint32(slot[8:])
		if number == 0 || at == 0 {
			continue // free
		}
		blob, err := n.read(number, int64(at)*ndbBlock)
		if err != nil {
			n.broken = err
			continue
		}
		if err := yield(blob); err != nil {
			return err
		}
	}
	return nil
}

// read returns the blob of a package.
func (n *ndb) read(number uint32, at int64) ([]byte, error) {
	head, err := n.src.read(at, ndbBlobHead, make([]byte, ndbBlobHead))
	if err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head[12:])
	n.room -= ndbBlobHead + int64(length)
	if string(head[:4]) != ndbBlobMagic || binary.LittleEndian.Uint32(head[4:]) != number || length > maxBlob || n.room < 0 {
		return nil, corrupt("ndb blob of package %d at %d", number, at)
	}
	if n.src.data == nil && cap(n.blob) < int(length) {
		n.blob = make([]byte, length)
	}
	return n.src.read(at+ndbBlobHead, int(length), n.blob[:cap(n.blob)])
}
