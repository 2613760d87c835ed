package inflate

// slow is fast for lean tables and for the end of the buffered input: it checks
// before every symbol that its bits are there. It stops with statusMore for
// output space or at the input position until, with statusNeed for input.
func slow(d *decoder, until int) status {
	t := d.tab
	litMask := uint64(1)<<t.litBits - 1
	for !d.full() && d.pos < until {
		d.literals(litMask)
		d.refill()
		bb, nb := d.bb, d.nb // nb may lack bits; missing bits read as 0
		used := uint(0)
		e := t.lit[bb&litMask%litAll]
		if e&(eX|kindMsk) == eX|kindSub {
			used = t.litBits
			e = t.lit[(uint(e>>8&0xffff)+uint(bb>>(used&63)&(1<<(e>>24&15)-1)))%litAll]
		}
		used += uint(e & 63)
		if e&(eX|kindMsk) == eX|kindBad {
			// All its bits must be there to call it invalid. A hole in an
			// incomplete code counts 0 bits here, but one bit tells.
			if max(used, 1) > nb {
				return statusNeed
			}
			return statusBad
		}
		if used > nb {
			return statusNeed
		}
		length, nlit := 0, 0
		switch {
		case e&eX == 0:
			nlit = int(e >> 6 & 3)
			if e&eM != 0 {
				length = int(e>>16&0xff) + 3
			}
		case e&kindMsk == kindEOB:
			d.take(used)
			return statusEnd
		default:
			x := uint(e >> 24 & 7)
			length = int(e>>8&0x1ff) + int(bb>>(used&63)&(1<<x-1))
			used += x
		}
		offset := 0
		if length != 0 {
			var st status
			if offset, used, st = d.distance(used); st != statusMore {
				return st
			}
		}
		d.take(used)
		for range nlit {
			d.win[d.wpos] = byte(e >> 8)
			e >>= 8
			d.wpos++
		}
		if offset > d.wpos {
			return statusBad
		}
		d.copyMatch(length, offset)
	}
	return statusMore
}

// literals does the literals whose bits are surely there. They are most of what
// lean tables decode.
func (d *decoder) literals(litMask uint64) {
	t, bb, nb, to := d.tab, d.bb, d.nb, d.wpos
	for nb >= litBits {
		e := t.lit[bb&litMask%litAll]
		if e&(eX|eM) != 0 {
			break
		}
		bb >>= e & 63
		nb -= uint(e & 63)
		store16(d, uint(to), uint16(e>>8))
		to += int(e >> 6 & 3)
	}
	d.bb, d.nb, d.wpos = bb, nb, to
}

// distance reads a distance that follows used bits; it returns what it is, the
// bits used now, and statusMore if all went well.
func (d *decoder) distance(used uint) (int, uint, status) {
	t := d.tab
	if used > d.nb {
		return 0, 0, statusNeed
	}
	bb := d.bb >> (used & 63)
	e := t.dist[bb&(1<<t.distBits-1)%distAll]
	if e&dX != 0 && e&63 != 0 {
		bb >>= t.distBits
		used += t.distBits
		e = t.dist[(uint(e>>8&0xffff)+uint(bb&(1<<(e>>24&15)-1)))%distAll]
	}
	if e&dX != 0 {
		n := uint(1) // a hole in an incomplete code
		if t == fixed {
			n = 5 // symbol 30 or 31
		}
		if used+n > d.nb {
			return 0, 0, statusNeed
		}
		return 0, 0, statusBad
	}
	n := uint(e & 63)
	used += n
	if used > d.nb {
		return 0, 0, statusNeed
	}
	return int(e>>16) + int(bb&(1<<n-1)>>(n-uint(e>>8&15))), used, statusMore
}

// copyMatch repeats length bytes from offset back.
func (d *decoder) copyMatch(length, offset int) {
	from, to := d.wpos-offset, d.wpos
	d.wpos += length
	for to < d.wpos {
		// Each round doubles what a later one can take at once.
		to += copy(d.win[to:d.wpos], d.win[from:to])
	}
}
