package vulndb_test

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/format"
)

// reseal makes the header's own checksum right again, so that mutations reach
// the sections.
func reseal(data []byte) {
	const head = len(format.Magic) + 8
	if len(data) < head {
		return
	}
	end := head + int(binary.LittleEndian.Uint32(data[head-4:])%64)*56
	if len(data) >= end+sha256.Size {
		sum := sha256.Sum256(data[:end])
		copy(data[end:], sum[:])
	}
}

// FuzzOpen opens mutated databases and asks them everything.
func FuzzOpen(f *testing.F) {
	good := small(f)
	f.Add(good, uint16(0), byte(0), true)
	f.Add(good[:len(good)/2], uint16(20), byte(1), true)
	for i := 0; i < len(good); i += 97 {
		f.Add(good, uint16(i), byte(0x80), true)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, at uint16, flip byte, seal bool) {
		data = append([]byte(nil), data...)
		if int(at) < len(data) {
			data[at] ^= flip
		}
		if seal {
			reseal(data)
		}
		path := filepath.Join(dir, "v.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.Open(path)
		if err != nil {
			return
		}
		defer db.Close()
		askEverything(db)
	})
}

// askEverything calls every lookup; what they say does not matter.
func askEverything(db *vulndb.DB) {
	db.Verify()
	db.Meta()
	db.Has("debian:12")
	for i, n := range db.Namespaces() {
		if i < 8 {
			db.Advisories(n.Namespace, "openssl", nil)
		}
	}
	for _, key := range [][2]string{{"debian:12", "openssl"}, {"npm", "left-pad"}, {"", ""}, {"zzz", "zzz"}} {
		db.Advisories(key[0], key[1], nil)
	}
	for _, id := range []string{"CVE-2024-1", "GHSA-aaaa-bbbb-cccc", "", "zzz"} {
		db.Vulnerability(id)
		db.Brief(id)
		db.IDs(id)
	}
	db.Search("openssl overflow", 5)
	rows := 0
	db.Statements(func(*vulndb.Statement) error {
		if rows++; rows > 10_000 {
			return finding.ErrCVSS // any error ends it
		}
		return nil
	})
	rows = 0
	db.Descriptions(func(*vulndb.Description) error {
		if rows++; rows > 10_000 {
			return finding.ErrCVSS
		}
		return nil
	})
}

// TestTruncatedWhileOpen: the mapping of a file that loses its end, as no
// program of ours does to it, has pages that can't be read.
func TestTruncatedWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.db")
	if err := os.WriteFile(path, small(t), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Advisories("debian:12", "openssl", nil); !errors.Is(err, vulndb.ErrFormat) {
		t.Errorf("lookup: %v", err)
	}
	if _, err := db.Vulnerability("CVE-2024-1"); !errors.Is(err, vulndb.ErrFormat) {
		t.Errorf("vulnerability: %v", err)
	}
	if err := db.Verify(); !errors.Is(err, vulndb.ErrFormat) {
		t.Errorf("verify: %v", err)
	}
	askEverything(db)
}

// TestDamagedFile flips bytes all over a database, and cuts it at many lengths.
func TestDamagedFile(t *testing.T) {
	good := small(t)
	path := filepath.Join(t.TempDir(), "v.db")
	try := func(data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.Open(path)
		if err != nil {
			return
		}
		defer db.Close()
		askEverything(db)
	}
	step := max(1, len(good)/250)
	for i := 0; i < len(good); i += step {
		for _, flip := range []byte{1, 0x80, 0xff} {
			data := append([]byte(nil), good...)
			data[i] ^= flip
			try(data)
			reseal(data)
			try(data)
		}
		try(good[:i])
	}
}
