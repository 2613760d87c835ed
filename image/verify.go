package image

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// digester computes a digest in the algorithm of the one that is promised.
// Source: OCI image specification, descriptor.md, "Digests".
type digester struct {
	hash.Hash
	algorithm string
}

// newDigester returns a digester for comparison with want, SHA-256 if want is
// empty. An algorithm that the specification does not register, or another
// length than its own, can not be verified.
func newDigester(want string) (*digester, error) {
	algorithm, sum, _ := strings.Cut(want, ":")
	d := &digester{algorithm: algorithm}
	switch algorithm {
	case "":
		return &digester{sha256.New(), "sha256"}, nil
	case "sha256":
		d.Hash = sha256.New()
	case "sha512":
		d.Hash = sha512.New()
	default:
		return nil, fmt.Errorf("%w: cannot verify digest %.100q", ErrDigest, want)
	}
	if len(sum) != 2*d.Size() {
		return nil, fmt.Errorf("%w: %.150q is not a digest", ErrDigest, want)
	}
	return d, nil
}

// digest returns the digest of what was written.
func (d *digester) digest() string {
	return d.algorithm + ":" + hex.EncodeToString(d.Sum(nil))
}

// verify compares what was written with the promise, if there is one.
func (d *digester) verify(want, what string) error {
	if got := d.digest(); want != "" && got != want {
		return fmt.Errorf("%w: the %s is %s, promised was %s", ErrDigest, what, got, want)
	}
	return nil
}
