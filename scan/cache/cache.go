// Package cache keeps what layers and images said, under names that the caller
// chose, in one bbolt file. It is bounded in size, forgets what was least
// recently used, and may be shared by concurrent processes.
//
// It holds conclusions, so whoever can write to the file can make an image look
// clean: the directory is created for its owner only. The caller must use names
// that were verified against the bytes that the conclusions are about.
package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Cache is a file that is opened for every call and closed again, because
// bbolt locks it for a single writer. It is safe for concurrent use.
type Cache struct {
	path string
	max  int64
	enc  *zstd.Encoder
	dec  *zstd.Decoder
}

// DefaultBytes bounds a cache when nothing else is said.
const DefaultBytes = 1 << 30

// lockTimeout is how long a call waits for another process.
const lockTimeout = 5 * time.Second

// useGrain is how exactly uses are counted: a mark costs a write.
const useGrain = time.Hour

// maxEntryBytes bounds one unpacked entry.
const maxEntryBytes = 512 << 20

var (
	dataBucket = []byte("data") // name -> zstd frame
	useBucket  = []byte("use")  // name -> last use, Unix seconds (8 bytes), size (8 bytes)
)

// Open makes the directory if need be. maxBytes bounds the stored entries, 0
// means DefaultBytes; the file itself may be somewhat larger.
func Open(dir string, maxBytes int64) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open cache %s: %w", dir, err)
	}
	if maxBytes <= 0 {
		maxBytes = DefaultBytes
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("open cache %s: %w", dir, err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxEntryBytes))
	if err != nil {
		return nil, fmt.Errorf("open cache %s: %w", dir, err)
	}
	return &Cache{filepath.Join(dir, "scan.db"), maxBytes, enc, dec}, nil
}

// Get returns the entry, nil when there is none. The entry counts as used now.
func (c *Cache) Get(name string) ([]byte, error) {
	if _, err := os.Stat(c.path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var frame []byte
	var used time.Time
	err := c.with(true, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if b := tx.Bucket(dataBucket); b != nil {
				frame = slices.Clone(b.Get([]byte(name)))
			}
			if b := tx.Bucket(useBucket); b != nil {
				used, _ = parseUse(b.Get([]byte(name)))
			}
			return nil
		})
	})
	if err != nil || frame == nil {
		return nil, err
	}
	data, err := c.dec.DecodeAll(frame, nil)
	if err != nil {
		return nil, fmt.Errorf("read cache entry %s: %w", name, err)
	}
	if time.Since(used) > useGrain {
		// An entry that cannot be marked is forgotten earlier, no more.
		_ = c.with(false, func(db *bolt.DB) error { return touch(db, name, len(frame)) })
	}
	return data, nil
}

// touch marks an entry as used now, if it is still there.
func touch(db *bolt.DB, name string, size int) error {
	return db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(useBucket)
		if b == nil || b.Get([]byte(name)) == nil {
			return nil
		}
		return b.Put([]byte(name), useRecord(time.Now(), size))
	})
}

// Put stores entries in one transaction and forgets the least recently used
// ones beyond the bound.
func (c *Cache) Put(entries map[string][]byte) error {
	return c.with(false, func(db *bolt.DB) error {
		return db.Update(func(tx *bolt.Tx) error {
			data, err := tx.CreateBucketIfNotExists(dataBucket)
			if err != nil {
				return err
			}
			use, err := tx.CreateBucketIfNotExists(useBucket)
			if err != nil {
				return err
			}
			now := time.Now()
			for name, entry := range entries {
				frame := c.enc.EncodeAll(entry, nil)
				if int64(len(frame)) > c.max/4 {
					continue // one giant must not empty the cache
				}
				if err := data.Put([]byte(name), frame); err != nil {
					return err
				}
				if err := use.Put([]byte(name), useRecord(now, len(frame))); err != nil {
					return err
				}
			}
			return evict(data, use, c.max)
		})
	})
}

func useRecord(t time.Time, size int) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.Unix()))
	return binary.BigEndian.AppendUint64(b, uint64(size))
}

// parseUse reads what useRecord wrote.
func parseUse(b []byte) (used time.Time, size int64) {
	if len(b) != 16 {
		return time.Time{}, 0
	}
	return time.Unix(int64(binary.BigEndian.Uint64(b)), 0), int64(binary.BigEndian.Uint64(b[8:]))
}

// evict deletes the least recently used entries until the rest fits.
func evict(data, use *bolt.Bucket, limit int64) error {
	type entry struct {
		name []byte
		used time.Time
		size int64
	}
	var all []entry
	var total int64
	err := use.ForEach(func(k, v []byte) error {
		used, size := parseUse(v)
		all = append(all, entry{slices.Clone(k), used, size})
		total += size
		return nil
	})
	if err != nil || total <= limit {
		return err
	}
	slices.SortFunc(all, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range all {
		if total <= limit {
			break
		}
		if err := errors.Join(data.Delete(e.name), use.Delete(e.name)); err != nil {
			return err
		}
		total -= e.size
	}
	return nil
}

// with opens the file for one call. A file that is not a database any more is
// moved aside: a cache that cannot be read is an empty cache.
func (c *Cache) with(readOnly bool, f func(*bolt.DB) error) (err error) {
	// bbolt reads mapped memory by offsets from the file and panics on some
	// damage; where the file was cut, reading faults.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			os.Rename(c.path, c.path+".broken")
			err = fmt.Errorf("use cache %s: damaged, set aside as %s.broken: %v", c.path, filepath.Base(c.path), p)
		}
	}()
	db, err := bolt.Open(c.path, 0o600, &bolt.Options{Timeout: lockTimeout, ReadOnly: readOnly})
	if errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch) {
		os.Rename(c.path, c.path+".broken")
		return nil
	}
	if err != nil {
		return fmt.Errorf("use cache %s: %w", c.path, err)
	}
	defer db.Close()
	if err := f(db); err != nil {
		return fmt.Errorf("use cache %s: %w", c.path, err)
	}
	return nil
}

// Bytes is the size of the file, 0 when there is none.
func (c *Cache) Bytes() int64 {
	info, err := os.Stat(c.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// Clear deletes everything.
func (c *Cache) Clear() error {
	if err := os.Remove(c.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear cache: %w", err)
	}
	return nil
}
