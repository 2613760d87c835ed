package feed

import (
	"hash/maphash"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/vulndb"
)

// Once drops advisories that repeat an earlier one of the same Once word for
// word, and passes everything else on. Sources repeat a statement for every
// repository or architecture; the database needs it once. It remembers eight
// bytes per advisory, and is safe for concurrent use.
func Once(out Sink) Sink {
	return &once{Sink: out, seed: maphash.MakeSeed(), seen: map[uint64]struct{}{}}
}

type once struct {
	Sink
	seed maphash.Seed
	mu   sync.Mutex
	seen map[uint64]struct{}
}

func (o *once) Advisory(a *vulndb.Advisory) error {
	key := o.hash(a)
	o.mu.Lock()
	_, known := o.seen[key]
	o.seen[key] = struct{}{}
	o.mu.Unlock()
	if known {
		return nil
	}
	return o.Sink.Advisory(a)
}

// hash covers all that a statement says; Modified is when, not what.
func (o *once) hash(a *vulndb.Advisory) uint64 {
	var h maphash.Hash
	h.SetSeed(o.seed)
	for _, s := range [...]string{
		a.Namespace, a.Package, a.Module, a.Vulnerability, a.Advisory, a.Source, string(a.Status),
		strings.Join(a.Arch, ","), strings.Join(a.Versions, ","),
	} {
		h.WriteString(s)
		h.WriteByte(0)
	}
	for _, r := range a.Ranges {
		h.WriteString(r.Introduced)
		h.WriteByte(0)
		h.WriteString(r.Fixed)
		h.WriteByte(0)
		h.WriteString(r.LastAffected)
		h.WriteByte(0)
	}
	h.WriteByte(byte(a.Severity))
	return h.Sum64()
}
