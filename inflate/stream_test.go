package inflate

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// stream writes valid DEFLATE streams of a kind that no compressor writes, and
// keeps what they decode to.
type stream struct {
	bitWriter
	rng  *rand.Rand
	text []byte // decoded so far
}

// code is a Huffman code: the lengths and the codes of its symbols, in the order
// in which they are sent. A symbol of length 0 is unused.
type code struct {
	lens  []uint
	codes []uint
	used  []uint // symbols
}

// newStream returns a whole stream of a few random blocks.
func newStream(seed uint64) *stream {
	s := &stream{rng: rand.New(rand.NewPCG(seed, 0))}
	for n := s.rng.IntN(12); n >= 0; n-- {
		final := uint(0)
		if n == 0 {
			final = 1
		}
		switch s.rng.IntN(8) {
		case 0:
			s.storedBlock(final)
		case 1:
			s.put(final|1<<1, 3)
			lit, dist := fixedCodes()
			s.symbols(lit, dist)
		default:
			s.dynamicBlock(final)
		}
	}
	if s.cnt > 0 {
		s.put(s.rng.UintN(1<<(8-s.cnt)), 8-s.cnt) // what pads the last byte means nothing
	}
	return s
}

// size is mostly small, and seldom large enough to fill buffers.
func (s *stream) size() int {
	return s.rng.IntN(1 << s.rng.IntN(15))
}

func (s *stream) storedBlock(final uint) {
	n := s.size()
	if s.rng.IntN(10) == 0 {
		n = 1<<16 - 1
	}
	s.put(final, 3)
	s.put(0, (8-s.cnt)%8)
	s.put(uint(n)|uint(n^0xffff)<<16, 32)
	for range n {
		c := byte(s.rng.Uint32())
		s.put(uint(c), 8)
		s.text = append(s.text, c)
	}
}

func fixedCodes() (lit, dist code) {
	var b builder
	fixedLengths(&b)
	lens := make([]uint, maxLit+maxDist)
	for i, l := range b.lens {
		lens[i] = uint(l)
	}
	lit, dist = newCode(lens[:maxLit]), newCode(lens[maxLit:])
	lit.used, dist.used = lit.used[:286], dist.used[:30] // the others must not occur
	return lit, dist
}

// newCode makes the canonical code of the lengths.
func newCode(lens []uint) code {
	c := code{lens: lens, codes: make([]uint, len(lens))}
	next := uint(0)
	for l := uint(1); l <= maxCodeLen; l++ {
		next <<= 1
		for s := range lens {
			if lens[s] == l {
				c.codes[s] = reverse(next, l)
				next++
			}
		}
	}
	for s := range lens {
		if lens[s] != 0 {
			c.used = append(c.used, uint(s))
		}
	}
	return c
}

// randomCode makes a code for n of size symbols, among them those in must. It
// is complete unless n is 1, and anything from balanced to as deep as limit.
func (s *stream) randomCode(size, n int, limit uint, must ...uint) code {
	lens := make([]uint, size)
	chosen := map[uint]bool{}
	for _, m := range must {
		chosen[m] = true
	}
	for len(chosen) < n {
		chosen[s.rng.UintN(uint(size))] = true
	}
	depths := s.depths(len(chosen), limit)
	for sym := range lens {
		if chosen[uint(sym)] {
			i := s.rng.IntN(len(depths))
			lens[sym] = depths[i]
			depths[i] = depths[len(depths)-1]
			depths = depths[:len(depths)-1]
		}
	}
	return newCode(lens)
}

// depths returns the depths of the leaves of a random binary tree.
func (s *stream) depths(n int, limit uint) []uint {
	if n == 1 {
		return []uint{1}
	}
	deep := s.rng.IntN(3) // 0: balanced by chance; 2: mostly one chain
	leaves := []uint{1, 1}
	for len(leaves) < n {
		i := s.rng.IntN(len(leaves))
		if s.rng.IntN(3) < deep {
			i = len(leaves) - 1
		}
		if leaves[i] < limit {
			leaves[i]++
			leaves = append(leaves, leaves[i])
		}
	}
	return leaves
}

// dynamicBlock sends random codes and some symbols in them.
func (s *stream) dynamicBlock(final uint) {
	nlit, ndist := 257+s.rng.IntN(30), 1+s.rng.IntN(30)
	lit := s.randomCode(nlit, 1+s.rng.IntN(nlit), maxCodeLen, 256)
	dist := s.randomCode(ndist, s.rng.IntN(ndist+1), maxCodeLen)
	s.put(final|2<<1, 3)
	s.put(uint(nlit-257), 5)
	s.put(uint(ndist-1), 5)
	s.sendCodes(append(lit.lens[:nlit:nlit], dist.lens...))
	s.symbols(lit, dist)
}

// sendCodes sends code lengths, run-length coded or not, in a random code.
func (s *stream) sendCodes(lens []uint) {
	var out []struct{ sym, extra, bits uint }
	need := map[uint]bool{}
	send := func(sym, extra, bits uint) {
		need[sym] = true
		out = append(out, struct{ sym, extra, bits uint }{sym, extra, bits})
	}
	for i := 0; i < len(lens); {
		run := 1
		for i+run < len(lens) && lens[i+run] == lens[i] {
			run++
		}
		again := i > 0 && lens[i-1] == lens[i]
		switch pick := s.rng.IntN(8); {
		case pick > 0 && lens[i] == 0 && run >= 11:
			run = min(run, 11+s.rng.IntN(128))
			send(18, uint(run-11), 7)
		case pick > 0 && lens[i] == 0 && run >= 3:
			run = min(run, 3+s.rng.IntN(8))
			send(17, uint(run-3), 3)
		case pick > 0 && again && run >= 3:
			run = min(run, 3+s.rng.IntN(4))
			send(16, uint(run-3), 2)
		default:
			run = 1
			send(lens[i], 0, 0)
		}
		i += run
	}
	var must []uint
	for sym := range need {
		must = append(must, sym)
	}
	c := s.randomCode(19, s.rng.IntN(20), 7, must...)
	last := 19
	for last > 4 && c.lens[codeOrder[last-1]] == 0 && s.rng.IntN(8) > 0 {
		last--
	}
	s.put(uint(last-4), 4)
	for _, sym := range codeOrder[:last] {
		s.put(c.lens[sym], 3)
	}
	for _, o := range out {
		s.put(c.codes[o.sym], c.lens[o.sym])
		s.put(o.extra, o.bits)
	}
}

// symbols sends random symbols and the end of the block.
func (s *stream) symbols(lit, dist code) {
	for range s.size() {
		sym := lit.used[s.rng.IntN(len(lit.used))]
		switch {
		case sym < 256:
			s.put(lit.codes[sym], lit.lens[sym])
			s.text = append(s.text, byte(sym))
		case sym > 256 && len(dist.used) > 0:
			s.match(lit, dist, sym, dist.used[s.rng.IntN(len(dist.used))])
		}
	}
	s.put(lit.codes[256], lit.lens[256])
}

// match sends one match with the given symbols, if there is text for it.
func (s *stream) match(lit, dist code, sym, dsym uint) {
	bits, dbits := uint(litProto[sym]>>24&7), uint(distProto[dsym]>>8&15)
	extra, dextra := s.rng.UintN(1<<bits), s.rng.UintN(1<<dbits)
	length := int(uint(litProto[sym]>>8&0x1ff) + extra)
	offset := int(uint(distProto[dsym]>>16) + dextra)
	if offset > len(s.text) {
		return
	}
	s.put(lit.codes[sym], lit.lens[sym])
	s.put(extra, bits)
	s.put(dist.codes[dsym], dist.lens[dsym])
	s.put(dextra, dbits)
	for range length {
		s.text = append(s.text, s.text[len(s.text)-offset])
	}
}

// checkStream checks one valid stream, then damaged copies of it.
func checkStream(t *testing.T, seed uint64) {
	t.Helper()
	s := newStream(seed)
	got, err := io.ReadAll(NewReader(bytes.NewReader(s.out)))
	if err != nil || !bytes.Equal(got, s.text) {
		t.Fatalf("seed %d: wrong output, or error %v", seed, err)
	}
	check(t, s.out)
	check(t, append(s.out[:len(s.out):len(s.out)], "and more"...))
	check(t, s.out[:s.rng.IntN(len(s.out))])
	for range 3 {
		b := bytes.Clone(s.out)
		for n := s.rng.IntN(3); n >= 0; n-- {
			b[s.rng.IntN(len(b))] ^= 1 << s.rng.IntN(8)
		}
		check(t, b)
	}
}

func TestStreams(t *testing.T) {
	n := uint64(200)
	if testing.Short() {
		n = 40
	}
	for seed := range n {
		checkStream(t, seed)
	}
}

// TestNoHistory makes sure that a match cannot reach what the decoder had in its
// window before the stream: of another stream, or of another gzip member.
func TestNoHistory(t *testing.T) {
	secret := bytes.Repeat([]byte("secret"), 20000)
	for dist := range uint(30) {
		w := &bitWriter{}
		w.put(1|1<<1, 3)
		w.put(reverse(0x30+'a', 8), 8)
		w.put(reverse(1, 7), 7) // length 3
		w.put(reverse(dist, 5), 5)
		w.put(0, uint(distProto[dist]>>8&15))
		w.put(0, 40)
		want := "aaaa"
		if dist > 0 {
			want = "a"
		}
		z := NewReader(bytes.NewReader(deflate(secret, 6)))
		if _, err := io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
		z.Reset(bytes.NewReader(w.out))
		got, err := io.ReadAll(z)
		if string(got) != want || errors.Is(err, ErrCorrupt) != (dist > 0) {
			t.Errorf("distance symbol %d: got %d bytes, error %v", dist, len(got), err)
		}
		member := gzipped(t, secret, 6)
		file := append(append(bytes.Clone(member), member[:10]...), w.out...)
		got, err = io.ReadAll(NewGzipReader(bytes.NewReader(file)))
		if string(got) != string(secret)+want || err == nil {
			t.Errorf("distance symbol %d: got %d bytes, error %v", dist, len(got), err)
		}
	}
}

// FuzzStream does the same for as long as one likes.
func FuzzStream(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(checkStream)
}
