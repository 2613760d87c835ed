package rpm

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// Tags and types of header entries.
// Source: rpm's include/rpm/rpmtag.h.
const (
	tagName         = 1000
	tagVersion      = 1001
	tagRelease      = 1002
	tagEpoch        = 1003
	tagVendor       = 1011
	tagLicense      = 1014
	tagArch         = 1022
	tagOldFilenames = 1027
	tagFileStates   = 1029
	tagFileModes    = 1030
	tagFileDigests  = 1035
	tagFileFlags    = 1037
	tagSourceRPM    = 1044
	tagVerifyFlags  = 1045
	tagDirIndexes   = 1116
	tagBasenames    = 1117
	tagDirnames     = 1118
	tagModularity   = 5096

	typeInt16       = 3
	typeInt32       = 4
	typeString      = 6
	typeStringArray = 8
	typeI18N        = 9
)

// maxEntries is rpm's own limit of a header's entries.
const maxEntries = 0xffff

// entry is one value of a header.
type entry struct {
	kind  uint32
	count int
	data  []byte // from its beginning to the end of the header
}

// header holds the entries of interest. Those that are absent are zero.
type header struct {
	name, version, release, epoch, arch  entry
	vendor, license, sourceRPM, module   entry
	basenames, dirnames, dirs, old, mode entry
	digests, flags, verify, states       entry
}

// parseHeader reads a header as databases store it: the number of entries, the
// size of the data, the entries, the data, all big-endian. Entries that were
// added at installation stand behind those that came with the package and
// replace them, so that of two with the same tag the last counts.
//
// When only the list of files is broken, the package is returned with an error.
func parseHeader(blob []byte, b *budget) (inventory.Package, error) {
	var h header
	if err := h.parse(blob); err != nil {
		return inventory.Package{}, err
	}
	p := inventory.Package{
		Type: "rpm", Evidence: inventory.Installed,
		Name: h.name.text(), Arch: h.arch.text(), Vendor: h.vendor.text(), Module: h.module.text(),
	}
	if p.Name == "" || h.version.text() == "" {
		return inventory.Package{}, corrupt("header without name or version")
	}
	if l := h.license.text(); l != "" {
		p.Licenses = []string{l}
	}
	p.Version = withEpoch(h.epoch.number(), h.version.text()+"-"+h.release.text())
	p.Source = sourceOf(h.sourceRPM.text(), h.epoch.number())
	var err error
	if p.Files, err = h.files(b); err != nil {
		err = corrupt("files of %s: %v", p.Name, err)
	}
	return p, err
}

func (h *header) parse(blob []byte) error {
	if len(blob) < 8 {
		return corrupt("header of %d bytes", len(blob))
	}
	entries, size := binary.BigEndian.Uint32(blob), binary.BigEndian.Uint32(blob[4:])
	if entries == 0 || entries > maxEntries || 8+16*uint64(entries)+uint64(size) > uint64(len(blob)) {
		return corrupt("header of %d bytes with %d entries and %d bytes of data", len(blob), entries, size)
	}
	index := blob[8 : 8+16*entries]
	data := blob[8+16*entries:][:size]
	for ; len(index) > 0; index = index[16:] {
		dst := h.slot(binary.BigEndian.Uint32(index))
		if dst == nil {
			continue
		}
		off, count := binary.BigEndian.Uint32(index[8:]), binary.BigEndian.Uint32(index[12:])
		if off > size || count > size-off { // every value takes a byte or more
			return corrupt("header entry of %d values at %d of %d bytes", count, off, size)
		}
		*dst = entry{kind: binary.BigEndian.Uint32(index[4:]), count: int(count), data: data[off:]}
	}
	return nil
}

// slot is where the entry of a tag is kept, nil for tags without interest.
func (h *header) slot(tag uint32) *entry {
	switch tag {
	case tagName:
		return &h.name
	case tagVersion:
		return &h.version
	case tagRelease:
		return &h.release
	case tagEpoch:
		return &h.epoch
	case tagVendor:
		return &h.vendor
	case tagLicense:
		return &h.license
	case tagArch:
		return &h.arch
	case tagOldFilenames:
		return &h.old
	case tagFileModes:
		return &h.mode
	case tagFileStates:
		return &h.states
	case tagFileDigests:
		return &h.digests
	case tagFileFlags:
		return &h.flags
	case tagVerifyFlags:
		return &h.verify
	case tagSourceRPM:
		return &h.sourceRPM
	case tagDirIndexes:
		return &h.dirs
	case tagBasenames:
		return &h.basenames
	case tagDirnames:
		return &h.dirnames
	case tagModularity:
		return &h.module
	}
	return nil
}

// text is the entry's first string.
func (e entry) text() string {
	if e.kind != typeString && e.kind != typeStringArray && e.kind != typeI18N {
		return ""
	}
	s, _, _ := bytes.Cut(e.data, []byte{0})
	return string(s)
}

// number is the entry's first 32-bit integer, 0 when it is absent.
func (e entry) number() uint32 {
	if e.kind != typeInt32 || e.count == 0 || len(e.data) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(e.data)
}

// withEpoch puts the epoch before the version, unless it is 0, which is the
// same as none.
func withEpoch(epoch uint32, version string) string {
	if epoch == 0 {
		return version
	}
	return strconv.FormatUint(uint64(epoch), 10) + ":" + version
}

// sourceOf reads a source package's name and version from its file name,
// "name-version-release.src.rpm". The name has no epoch: the package's own is
// taken, because packages inherit it from their source.
func sourceOf(file string, epoch uint32) inventory.Source {
	file = strings.TrimSuffix(strings.TrimSuffix(file, ".rpm"), ".src")
	file = strings.TrimSuffix(file, ".nosrc")
	r := strings.LastIndexByte(file, '-')
	if r < 0 {
		return inventory.Source{}
	}
	v := strings.LastIndexByte(file[:r], '-')
	if v <= 0 {
		return inventory.Source{}
	}
	return inventory.Source{Name: file[:v], Version: withEpoch(epoch, file[v+1:])}
}
