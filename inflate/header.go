package inflate

// header reads a block header and prepares its tables.
func (d *decoder) header() error {
	if d.final {
		d.step = stepDone
		d.align()
		return nil
	}
	if err := d.need(3); err != nil {
		return err
	}
	h := d.take(3)
	d.final = h&1 == 1
	switch h >> 1 {
	case 0:
		return d.storedHeader()
	case 1:
		d.tab, d.lean = fixed, false
	case 2:
		if err := d.dynamicHeader(); err != nil {
			return err
		}
	default:
		return ErrCorrupt
	}
	d.step = stepHuffman
	return nil
}

func (d *decoder) storedHeader() error {
	d.align()
	if err := d.need(32); err != nil {
		return err
	}
	n := d.take(16)
	if n^d.take(16) != 0xffff {
		return ErrCorrupt
	}
	d.align()
	if n > 0 {
		d.stored, d.step = int(n), stepStored
	}
	return nil
}

// dynamicHeader reads the code lengths of a dynamic block and builds its tables.
func (d *decoder) dynamicHeader() error {
	if err := d.need(14); err != nil {
		return err
	}
	d.b.nlit = int(d.take(5)) + 257
	d.b.ndist = int(d.take(5)) + 1
	ncode := int(d.take(4)) + 4
	if d.b.nlit > 286 || d.b.ndist > 30 {
		return ErrCorrupt
	}
	tab, err := d.lengthCode(ncode)
	if err != nil {
		return err
	}
	if err := d.lengths(&tab); err != nil {
		return err
	}
	d.tab = &d.own
	d.lean = d.offset() < d.paid
	if d.lean {
		if !d.b.buildLean(&d.own) {
			return ErrCorrupt
		}
		return nil
	}
	d.paid += leanBytes
	if !d.b.buildFull(&d.own) {
		return ErrCorrupt
	}
	return nil
}

// codeOrder is the order in which the lengths of the code-length code are sent.
var codeOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// lengthTable decodes the code-length code, whose codes have at most 7 bits:
// symbol<<3 | code length, or 0 for what is no code.
type lengthTable [128]uint8

// lengthCode reads the code-length code, of which n lengths are sent.
func (d *decoder) lengthCode(n int) (tab lengthTable, err error) {
	lens := d.b.lens[:19]
	clear(lens)
	for _, s := range codeOrder[:n] {
		if err := d.need(3); err != nil {
			return tab, err
		}
		lens[s] = uint8(d.take(3))
	}
	if !d.b.sort(lens) || d.b.longest == 0 {
		return tab, ErrCorrupt
	}
	code, i := uint(0), 0
	for l := uint(1); l <= 7; l++ {
		code <<= 1
		for range d.b.count[l] {
			for c := reverse(code, l); c < 128; c += 1 << l {
				tab[c] = uint8(d.b.sorted[i])<<3 | uint8(l)
			}
			code++
			i++
		}
	}
	return tab, nil
}

// lengths reads the lengths of the literal/length and the distance code.
func (d *decoder) lengths(tab *lengthTable) error {
	lens := d.b.lens[:d.b.nlit+d.b.ndist]
	clear(lens)
	for i := 0; i < len(lens); {
		if d.nb < 14 {
			d.refill()
			if d.nb < 14 { // near the end of the input
				if err := d.needLength(tab); err != nil {
					return err
				}
			}
		}
		e := tab[d.bb&127]
		if e == 0 {
			return ErrCorrupt
		}
		d.take(uint(e & 7))
		s := e >> 3
		if s < 16 {
			lens[i] = s
			i++
			continue
		}
		var v uint8
		if s == 16 {
			if i == 0 {
				return ErrCorrupt
			}
			v = lens[i-1]
		}
		r := repeat[s-16]
		n := r.base + int(d.take(r.extra))
		if n > len(lens)-i {
			return ErrCorrupt
		}
		if v != 0 {
			for k := range lens[i : i+n] {
				lens[i+k] = v
			}
		}
		i += n
	}
	return nil
}

// repeat says how often the symbols 16, 17 and 18 repeat a length.
var repeat = [16]struct {
	base  int
	extra uint
}{{3, 2}, {3, 3}, {11, 7}}

// needLength makes sure that bb holds one whole code-length symbol with its
// extra bits. It goes bit by bit, for the input may end right after it.
func (d *decoder) needLength(tab *lengthTable) error {
	for {
		e := tab[d.bb&127]
		if e == 0 && d.nb > 0 { // only an incomplete code has holes; one bit tells
			return ErrCorrupt
		}
		n := uint(e & 7)
		if s := e >> 3; s >= 16 {
			n += repeat[s-16].extra
		}
		if e != 0 && d.nb >= n {
			return nil
		}
		if err := d.need(d.nb + 1); err != nil {
			return err
		}
	}
}
