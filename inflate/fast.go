package inflate

// status is why one of the two loops over symbols stopped.
type status uint8

const (
	statusMore status = iota // a margin or a limit was reached
	statusEnd                // end of block
	statusBad                // invalid data
	statusNeed               // more input is needed to go on
)

// Margins of the fast loop. One round refills at most three times, which reads 8
// bytes at up to 7 bytes apart, and writes at most 5 literals (stored two at a
// time), one match of 258 bytes, and the up to 31 that the wide copies write past
// its end. A round of the slow loop writes at most 63 literals and a match.
const (
	inMargin  = 7 + 7 + 8
	outMargin = 258 + 64
)

// fast decodes symbols with full tables while at least inMargin input bytes and
// outMargin bytes of window space remain. It reports why it stopped: statusMore
// (a margin was reached), statusEnd or statusBad.
//
// It is one long function because a call, or state that leaves its registers,
// costs a tenth of the speed.
func fast(d *decoder) status {
	if d.end-d.pos < inMargin || d.full() {
		return statusMore
	}
	var (
		ip     = uint(d.pos)
		ipEnd  = uint(d.end - inMargin)
		op     = uint(d.wpos)
		tab    = d.tab
		bb     = d.bb
		nb     = d.nb
		st     = statusMore
		e, de  uint32
		length uint
		offset uint
	)
	bb |= load64in(d, ip) << (nb & 63)
	ip += (nb ^ 63) >> 3 & 7
	nb |= 56
	e = tab.lit[bb&litMask]
	// Here and at every continue: bb holds at least 56 bits, and e is the entry
	// that its low bits select but has not been dropped from it. Looking e up
	// before the copy of a match, not after, keeps the look-up going when the
	// processor has mispredicted the branches of the copy.
	//
	// Bit budget: two literal entries of at most 12 bits, a match entry of at
	// most 12 and a distance of at most 28 would be 64, so the third entry
	// comes after another refill; a match right after one literal entry makes
	// 52. Exceptional entries refill first: 15+5 and 28 bits make 48.
	for ip <= ipEnd && op <= winSize-outMargin {
		if e&(eX|eM) == 0 {
			bb >>= e & 63
			nb -= uint(e)
			store16(d, op, uint16(e>>8))
			op += uint(e >> 6 & 3)
			e = tab.lit[bb&litMask]
			if e&(eX|eM) == 0 {
				bb >>= e & 63
				nb -= uint(e)
				store16(d, op, uint16(e>>8))
				op += uint(e >> 6 & 3)
				e = tab.lit[bb&litMask]
				if e&(eX|eM) == 0 {
					bb >>= e & 63
					nb -= uint(e)
					store16(d, op, uint16(e>>8))
					op += uint(e >> 6 & 3)
					bb |= load64in(d, ip) << (nb & 63)
					ip += (nb ^ 63) >> 3 & 7
					nb |= 56
					e = tab.lit[bb&litMask]
					continue
				}
				bb |= load64in(d, ip) << (nb & 63)
				ip += (nb ^ 63) >> 3 & 7
				nb |= 56
			}
		}
		if e&eX == 0 {
			bb >>= e & 63
			nb -= uint(e)
			store16(d, op, uint16(e>>8))
			op += uint(e >> 6 & 3)
			length = uint(uint8(e>>16)) + 3
		} else {
			bb |= load64in(d, ip) << (nb & 63)
			ip += (nb ^ 63) >> 3 & 7
			nb |= 56
			if e&kindMsk == kindSub {
				bb >>= litBits
				nb -= litBits
				e = tab.lit[(uint(e>>8&0xffff)+uint(bb&(1<<(e>>24&15)-1)))%litAll]
			}
			bb >>= e & 63
			nb -= uint(e)
			if e&eX == 0 { // a literal with a long code
				store16(d, op, uint16(e>>8))
				op++
				bb |= load64in(d, ip) << (nb & 63)
				ip += (nb ^ 63) >> 3 & 7
				nb |= 56
				e = tab.lit[bb&litMask]
				continue
			}
			if e&kindMsk != kindLen {
				st = statusBad
				if e&kindMsk == kindEOB {
					st = statusEnd
				}
				break
			}
			x := uint(e >> 24 & 7)
			length = uint(e>>8&0x1ff) + uint(bb&(1<<x-1))
			bb >>= x
			nb -= x
		}

		de = tab.dist[bb&distMask]
		if de&dX != 0 {
			if de&63 == 0 {
				st = statusBad
				break
			}
			bb >>= distBits
			nb -= distBits
			de = tab.dist[(uint(de>>8&0xffff)+uint(bb&(1<<(de>>24&15)-1)))%distAll]
			if de&dX != 0 {
				st = statusBad
				break
			}
		}
		// base + (the extra bits: below bit n of bb, above the code)
		offset = uint(de>>16) + uint(((bb<<(-de&63))>>1)>>((63-de>>8)&63))
		bb >>= de & 63
		nb -= uint(de)
		if offset > op {
			st = statusBad
			break
		}

		bb |= load64in(d, ip) << (nb & 63)
		ip += (nb ^ 63) >> 3 & 7
		nb |= 56
		e = tab.lit[bb&litMask]
		from := op - offset
		if offset >= 16 {
			// Most matches are at most 32 bytes long: copy that much
			// without looking, so that there is one branch to predict.
			copy32(d, op, from)
			if length > 32 {
				end := op + length
				for op += 32; op < end; op += 32 {
					from += 32
					copy32(d, op, from)
				}
				op = end
				continue
			}
			op += length
			continue
		}
		end := op + length
		if offset >= 8 {
			for ; op < end; op += 8 {
				store64(d, op, load64(d, from))
				from += 8
			}
		} else {
			v := load64(d, from) & (1<<(offset*8) - 1)
			v |= v << (offset * 8)
			v |= v << (offset * 16)
			v |= v << (offset * 32)
			step := uint(stride[offset&7])
			for ; op < end; op += step {
				store64(d, op, v)
			}
		}
		op = end
	}
	// Hand back whole unread bytes.
	nb &= 63
	ip -= nb >> 3
	nb &= 7
	d.bb = bb & (1<<nb - 1)
	d.nb = nb
	d.pos = int(ip)
	d.wpos = int(op)
	return st
}

// stride[d] is the largest multiple of d that is at most 8.
var stride = [8]uint8{8, 8, 8, 6, 8, 5, 6, 7}
