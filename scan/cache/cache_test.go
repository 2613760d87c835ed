package cache

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"
)

func open(t *testing.T, dir string, limit int64) *Cache {
	t.Helper()
	c, err := Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGetReturnsWhatWasPut(t *testing.T) {
	c := open(t, t.TempDir(), 0)
	if got, err := c.Get("a"); got != nil || err != nil {
		t.Fatalf("empty cache: %q, %v", got, err)
	}
	if err := c.Put(map[string][]byte{"a": []byte("one"), "b": bytes.Repeat([]byte("two"), 1000)}, nil); err != nil {
		t.Fatal(err)
	}
	other := open(t, filepath.Dir(c.path), 0)
	if got, err := other.Get("a"); string(got) != "one" || err != nil {
		t.Fatalf("get: %q, %v", got, err)
	}
	if err := c.Clear(); err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Get("a"); got != nil {
		t.Fatalf("after clear: %q", got)
	}
}

func TestPutForgetsTheLeastRecentlyUsed(t *testing.T) {
	const entry = 10 << 10
	c := open(t, t.TempDir(), 10*entry)
	random := func() []byte {
		b := make([]byte, entry)
		rand.Read(b)
		return b
	}
	for i := range 30 {
		// Entry 0 is used each time and must survive.
		if err := c.Put(map[string][]byte{fmt.Sprint(i): random()}, []string{"0"}); err != nil {
			t.Fatal(err)
		}
		makeOlder(t, c, "0")
	}
	kept := 0
	for i := range 30 {
		if got, _ := c.Get(fmt.Sprint(i)); got != nil {
			kept++
		}
	}
	if kept > 10 || kept < 5 {
		t.Errorf("%d of 30 entries kept, bound is 10", kept)
	}
	if got, _ := c.Get("0"); got == nil {
		t.Error("the entry in use was forgotten")
	}
}

// makeOlder moves the last use of all entries but one back by a minute, since
// uses are counted in seconds.
func makeOlder(t *testing.T, c *Cache, but string) {
	t.Helper()
	err := c.with(false, func(db *bolt.DB) error {
		return db.Update(func(tx *bolt.Tx) error {
			b := tx.Bucket(useBucket)
			older := map[string][]byte{}
			err := b.ForEach(func(k, v []byte) error {
				if string(k) != but {
					used := binary.BigEndian.Uint64(v)
					older[string(k)] = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, used-60), binary.BigEndian.Uint64(v[8:]))
				}
				return nil
			})
			for k, v := range older {
				err = errors.Join(err, b.Put([]byte(k), v))
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFileIsAnEmptyCache(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, 0)
	if err := c.Put(map[string][]byte{"a": []byte("one")}, nil); err != nil {
		t.Fatal(err)
	}
	for _, damage := range [][]byte{bytes.Repeat([]byte{0xff}, 64<<10), []byte("short")} {
		if err := os.WriteFile(c.path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.Get("a"); got != nil {
			t.Fatalf("read %q from a damaged file", got)
		}
		if err := c.Put(map[string][]byte{"b": []byte("two")}, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Get("b"); string(got) != "two" {
			t.Fatalf("after repair: %q, %v", got, err)
		}
	}
}
