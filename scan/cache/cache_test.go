package cache

import (
	"bytes"
	"crypto/rand"
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
	if err := c.Put(map[string][]byte{"a": []byte("one"), "b": bytes.Repeat([]byte("two"), 1000)}); err != nil {
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
		if err := c.Put(map[string][]byte{fmt.Sprint(i): random()}); err != nil {
			t.Fatal(err)
		}
		makeOlder(t, c)
		if got, err := c.Get("0"); got == nil || err != nil { // it is used each time and must survive
			t.Fatalf("after %d entries: %v, %v", i+1, got, err)
		}
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
}

// makeOlder moves the last use of all entries back by two hours.
func makeOlder(t *testing.T, c *Cache) {
	t.Helper()
	err := c.with(false, func(db *bolt.DB) error {
		return db.Update(func(tx *bolt.Tx) error {
			b := tx.Bucket(useBucket)
			older := map[string][]byte{}
			err := b.ForEach(func(k, v []byte) error {
				used, size := parseUse(v)
				older[string(k)] = useRecord(used.Add(-2*useGrain), int(size))
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
	if err := c.Put(map[string][]byte{"a": []byte("one")}); err != nil {
		t.Fatal(err)
	}
	for _, damage := range [][]byte{bytes.Repeat([]byte{0xff}, 64<<10), []byte("short")} {
		if err := os.WriteFile(c.path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.Get("a"); got != nil {
			t.Fatalf("read %q from a damaged file", got)
		}
		if err := c.Put(map[string][]byte{"b": []byte("two")}); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Get("b"); string(got) != "two" {
			t.Fatalf("after repair: %q, %v", got, err)
		}
	}
}

// A file that was cut or changed anywhere gives an error or a right answer.
func TestDamageAnywhere(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, 0)
	want := bytes.Repeat([]byte("result "), 3000)
	entries := map[string][]byte{}
	for i := range 200 {
		entries[fmt.Sprint(i)] = want
	}
	if err := c.Put(entries); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, damaged []byte) {
		if err := os.WriteFile(c.path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"0", "77", "199"} {
			if got, err := c.Get(name); err == nil && got != nil && !bytes.Equal(got, want) {
				t.Errorf("%s: entry %s has %d other bytes", what, name, len(got))
			}
		}
		if err := c.Put(map[string][]byte{"new": want}); err != nil {
			t.Logf("%s: %v", what, err)
		}
	}
	for size := 0; size < len(whole); size += 4096 {
		try(fmt.Sprintf("cut at %d", size), whole[:size])
	}
	for at := 0; at < min(len(whole), 32<<10); at += 509 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x55
		try(fmt.Sprintf("byte %d changed", at), damaged)
	}
}
