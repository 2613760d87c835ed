package format

import (
	"encoding/binary"
	"fmt"
	"io"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Limits of the compressed blocks, in bytes before compression: a block is
// closed once it holds textBlock, and a reader refuses more than maxTextBlock.
const (
	textBlock    = 24 << 10
	maxTextBlock = 1 << 20
	maxDict      = 1 << 20
	textFrame    = 12
	dictID       = 1
	cachedBlocks = 16
	textEntry    = 8
)

// Texts is a list of records in blocks of about 24 KiB, each compressed by
// itself with zstd (RFC 8878) and a dictionary that they share. It keeps the
// last few blocks that it decompressed. It is safe for concurrent use.
//
// Its section is the dictionary, as plain content; the blocks; for each block
// the number of its first record and its offset behind the dictionary, as
// 32-bit numbers; and the dictionary's length and the numbers of blocks and of
// records. Within a block each record stands behind its length.
type Texts struct {
	data   []byte
	index  []byte
	blocks int
	count  int

	decoder func() (*zstd.Decoder, error)
	mu      sync.Mutex
	cache   map[int][]byte
	order   []int // of the cached blocks, oldest first
}

// ParseTexts reads the frame of compressed texts.
func ParseTexts(section []byte) (*Texts, error) {
	if len(section) < textFrame {
		return nil, fmt.Errorf("%w: truncated texts", ErrFormat)
	}
	end := len(section) - textFrame
	dict := int(binary.LittleEndian.Uint32(section[end:]))
	t := &Texts{
		blocks: int(binary.LittleEndian.Uint32(section[end+4:])),
		count:  int(binary.LittleEndian.Uint32(section[end+8:])),
		cache:  make(map[int][]byte),
	}
	if t.blocks > end/textEntry || dict > maxDict || dict > end-textEntry*t.blocks {
		return nil, fmt.Errorf("%w: %d blocks of text in %d bytes", ErrFormat, t.blocks, len(section))
	}
	split := end - textEntry*t.blocks
	t.data, t.index = section[dict:split:split], section[split:end:end]
	t.decoder = sync.OnceValues(func() (*zstd.Decoder, error) { return newDecoder(section[:dict]) })
	return t, nil
}

func newDecoder(dict []byte) (*zstd.Decoder, error) {
	o := []zstd.DOption{
		zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxTextBlock), zstd.WithDecoderLowmem(true),
	}
	if len(dict) > 0 {
		o = append(o, zstd.WithDecoderDictRaw(dictID, dict))
	}
	return zstd.NewReader(nil, o...)
}

// Len is the number of records.
func (t *Texts) Len() int { return t.count }

// first is the number of the first record of a block.
func (t *Texts) first(block int) int {
	return int(binary.LittleEndian.Uint32(t.index[textEntry*block:]))
}

// At returns record i. The bytes are shared: they must not be changed.
func (t *Texts) At(i int) ([]byte, error) {
	block := sort.Search(t.blocks, func(b int) bool { return t.first(b) > i }) - 1
	if i < 0 || i >= t.count || block < 0 {
		return nil, fmt.Errorf("%w: no text %d of %d", ErrFormat, i, t.count)
	}
	raw, err := t.block(block)
	if err != nil {
		return nil, err
	}
	c := NewCursor(raw)
	for n := i - t.first(block); n > 0 && c.More(); n-- {
		c.Bytes()
	}
	record := c.Bytes()
	return record, c.Err()
}

// Walk calls visit for all records in order until it returns false.
func (t *Texts) Walk(visit func(i int, record []byte) bool) error {
	for block := range t.blocks {
		raw, err := t.decompress(block)
		if err != nil {
			return err
		}
		c := NewCursor(raw)
		for i := t.first(block); c.More(); i++ {
			record := c.Bytes()
			if err := c.Err(); err != nil {
				return err
			}
			if !visit(i, record) {
				return nil
			}
		}
	}
	return nil
}

// block returns a decompressed block, from the cache if it is there.
func (t *Texts) block(b int) ([]byte, error) {
	t.mu.Lock()
	raw, ok := t.cache[b]
	t.mu.Unlock()
	if ok {
		return raw, nil
	}
	raw, err := t.decompress(b)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.cache[b]; !ok {
		if len(t.order) == cachedBlocks {
			delete(t.cache, t.order[0])
			t.order = append(t.order[:0], t.order[1:]...)
		}
		t.cache[b] = raw
		t.order = append(t.order, b)
	}
	return raw, nil
}

func (t *Texts) decompress(b int) ([]byte, error) {
	start := uint64(binary.LittleEndian.Uint32(t.index[textEntry*b+4:]))
	end := uint64(len(t.data))
	if b+1 < t.blocks {
		end = uint64(binary.LittleEndian.Uint32(t.index[textEntry*(b+1)+4:]))
	}
	if start > end || end > uint64(len(t.data)) {
		return nil, fmt.Errorf("%w: offset beyond the texts", ErrFormat)
	}
	d, err := t.decoder()
	if err != nil {
		return nil, err
	}
	raw, err := d.DecodeAll(t.data[start:end], make([]byte, 0, 2*textBlock))
	if err != nil {
		return nil, fmt.Errorf("%w: decompress text: %w", ErrFormat, err)
	}
	return raw, nil
}

// TextsWriter makes compressed texts.
type TextsWriter struct {
	w       io.Writer
	dict    []byte
	encoder *zstd.Encoder
	raw     []byte
	packed  []byte
	index   []byte
	first   int
	count   int
	size    uint64
	err     error
}

// NewTextsWriter writes the section to w. The dictionary is a sample of the
// texts, up to 1 MiB; it may be empty, and is kept until Close.
func NewTextsWriter(w io.Writer, dict []byte) *TextsWriter {
	t := &TextsWriter{w: w, dict: dict}
	o := []zstd.EOption{
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderCRC(false),
	}
	if len(dict) > 0 {
		o = append(o, zstd.WithEncoderDictRaw(dictID, dict))
	}
	if t.encoder, t.err = zstd.NewWriter(nil, o...); t.err == nil {
		_, t.err = w.Write(dict)
	}
	return t
}

// Add appends a record.
func (t *TextsWriter) Add(record []byte) {
	t.raw = binary.AppendUvarint(t.raw, uint64(len(record)))
	t.raw = append(t.raw, record...)
	t.count++
	if len(t.raw) > maxTextBlock {
		t.err = fmt.Errorf("write texts: record of %d bytes", len(record))
	}
	if len(t.raw) >= textBlock {
		t.flush()
	}
}

func (t *TextsWriter) flush() {
	if t.err != nil {
		return
	}
	t.packed = t.encoder.EncodeAll(t.raw, t.packed[:0])
	t.index = binary.LittleEndian.AppendUint32(t.index, uint32(t.first))
	t.index = binary.LittleEndian.AppendUint32(t.index, uint32(t.size))
	t.write(t.packed)
	t.raw, t.first = t.raw[:0], t.count
}

func (t *TextsWriter) write(b []byte) {
	if t.err == nil {
		_, t.err = t.w.Write(b)
		t.size += uint64(len(b))
	}
	if t.size > 1<<32-1 {
		t.err = fmt.Errorf("write texts: more than 4 GiB")
	}
}

// Close writes the frame and reports the first error.
func (t *TextsWriter) Close() error {
	if len(t.raw) > 0 {
		t.flush()
	}
	blocks := len(t.index) / textEntry
	t.write(t.index)
	frame := binary.LittleEndian.AppendUint32(nil, uint32(len(t.dict)))
	frame = binary.LittleEndian.AppendUint32(frame, uint32(blocks))
	t.write(binary.LittleEndian.AppendUint32(frame, uint32(t.count)))
	return t.err
}
