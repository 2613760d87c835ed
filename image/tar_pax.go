package image

import (
	"bytes"
	"strconv"
)

// tarExtension is what the extension headers before an entry say of it. Values
// stay text until the entry is there, since a later record replaces an earlier
// one unread. Sources: POSIX.1-2017, pax, "pax Extended Header"; GNU tar
// manual, "Storing Sparse Files" for the GNU.sparse records.
type tarExtension struct {
	gnuName, gnuLink               string
	path, linkPath, size, uid, gid string
	modTime                        string
	sparse                         paxSparse
}

// paxSparse are the GNU.sparse records: formats 0.0, 0.1 and 1.0.
type paxSparse struct {
	major, minor, name string
	size, realSize     string
	blocks, mapped     string
	offsets, sizes     int    // records of format 0.0 seen
	pairs              []byte // those records, as format 0.1 has them
}

// slot returns where the value of a record goes, nil for one that does not
// matter here.
func (x *tarExtension) slot(key []byte) *string {
	switch string(key) {
	case "path":
		return &x.path
	case "linkpath":
		return &x.linkPath
	case "size":
		return &x.size
	case "uid":
		return &x.uid
	case "gid":
		return &x.gid
	case "mtime":
		return &x.modTime
	case "GNU.sparse.major":
		return &x.sparse.major
	case "GNU.sparse.minor":
		return &x.sparse.minor
	case "GNU.sparse.name":
		return &x.sparse.name
	case "GNU.sparse.size":
		return &x.sparse.size
	case "GNU.sparse.realsize":
		return &x.sparse.realSize
	case "GNU.sparse.numblocks":
		return &x.sparse.blocks
	case "GNU.sparse.map":
		return &x.sparse.mapped
	}
	return nil
}

// parsePAX replaces all PAX records of x by those in b.
func (x *tarExtension) parsePAX(b []byte) error {
	*x = tarExtension{gnuName: x.gnuName, gnuLink: x.gnuLink}
	for len(b) > 0 {
		key, value, rest, ok := cutRecord(b)
		if !ok || !x.record(key, value) {
			return corrupt("bad PAX record")
		}
		b = rest
	}
	if len(x.sparse.pairs) > 0 {
		x.sparse.mapped = string(x.sparse.pairs)
	}
	return nil
}

// record notes one record and says whether it is valid.
func (x *tarExtension) record(key, value []byte) bool {
	switch string(key) {
	case "GNU.sparse.offset":
		x.sparse.offsets++
		return x.sparse.pair(value)
	case "GNU.sparse.numbytes":
		x.sparse.sizes++
		return x.sparse.pair(value)
	case "path", "linkpath", "uname", "gname":
		if bytes.IndexByte(value, 0) >= 0 {
			return false
		}
	}
	if to := x.slot(key); to != nil {
		*to = string(value)
	}
	return len(key) > 0 && bytes.IndexByte(key, 0) < 0
}

// pair adds one number of format 0.0, in which an offset and a size alternate.
func (s *paxSparse) pair(value []byte) bool {
	if d := s.offsets - s.sizes; d != 0 && d != 1 || bytes.IndexByte(value, ',') >= 0 {
		return false
	}
	if len(s.pairs) > 0 {
		s.pairs = append(s.pairs, ',')
	}
	s.pairs = append(s.pairs, value...)
	return true
}

// cutRecord splits "LENGTH KEY=VALUE\n" off b; LENGTH counts the whole record.
func cutRecord(b []byte) (key, value, rest []byte, ok bool) {
	digits, _, found := bytes.Cut(b, []byte{' '})
	if !found {
		return nil, nil, nil, false
	}
	n, err := strconv.Atoi(string(digits))
	if err != nil || n <= len(digits)+1 || n > len(b) || b[n-1] != '\n' {
		return nil, nil, nil, false
	}
	key, value, ok = bytes.Cut(b[len(digits)+1:n-1], []byte{'='})
	return key, value, b[n:], ok
}

// applyPAX gives h the values of the records; an empty value leaves the
// header's own.
func (h *tarHeader) applyPAX(x *tarExtension) error {
	if x.path != "" {
		h.name = x.path
	}
	if x.linkPath != "" {
		h.link = x.linkPath
	}
	for _, f := range []struct {
		text string
		to   *int64
	}{{x.size, &h.size}, {x.uid, &h.uid}, {x.gid, &h.gid}} {
		if f.text == "" {
			continue
		}
		n, err := strconv.ParseInt(f.text, 10, 64)
		if err != nil {
			return corrupt("bad number in a PAX record")
		}
		*f.to = n
	}
	if x.modTime != "" {
		t, ok := parseTime(x.modTime)
		if !ok {
			return corrupt("bad time in a PAX record")
		}
		h.modTime = t
	}
	return nil
}
