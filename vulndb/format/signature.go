package format

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrSignature is the cause of errors about a signature that is missing,
// damaged or not by the expected key.
var ErrSignature = errors.New("signature is not valid")

const (
	trailerMagic = "BOLTSIG\n"
	// TrailerSize is what a signature adds to a file, in bytes.
	TrailerSize = len(trailerMagic) + ed25519.PublicKeySize + ed25519.SignatureSize
	// signedPrefix keeps a signature from being taken for one of other data.
	signedPrefix = "boltseal vulnerability database\n"
)

// Signature is the trailer of a signed file: who signed, and the ed25519
// signature (RFC 8032) over signedPrefix and the header's checksum.
type Signature struct {
	PublicKey ed25519.PublicKey
	Bytes     []byte
}

// parseTrailer reads what follows the last section: nothing, or a signature.
func (f *File) parseTrailer(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if len(b) != TrailerSize || string(b[:len(trailerMagic)]) != trailerMagic {
		return fmt.Errorf("%w: %d bytes behind the last section", ErrFormat, len(b))
	}
	b = b[len(trailerMagic):]
	f.Signature = &Signature{PublicKey: b[:ed25519.PublicKeySize:ed25519.PublicKeySize], Bytes: b[ed25519.PublicKeySize:]}
	return nil
}

// Sign returns the trailer that, appended to an unsigned file with that header
// checksum, makes it a signed one.
func Sign(checksum [sha256.Size]byte, key ed25519.PrivateKey) []byte {
	trailer := append([]byte(trailerMagic), key.Public().(ed25519.PublicKey)...)
	return append(trailer, ed25519.Sign(key, append([]byte(signedPrefix), checksum[:]...))...)
}

// VerifySignature checks that the file is signed by the key. It says nothing
// about the sections: call Verify as well.
func (f *File) VerifySignature(key ed25519.PublicKey) error {
	switch {
	case f.Signature == nil:
		return fmt.Errorf("%w: the file is not signed", ErrSignature)
	case !f.Signature.PublicKey.Equal(key):
		return fmt.Errorf("%w: signed by %x, expected %x", ErrSignature, []byte(f.Signature.PublicKey), []byte(key))
	case !ed25519.Verify(key, append([]byte(signedPrefix), f.Checksum[:]...), f.Signature.Bytes):
		return fmt.Errorf("%w: made with another key or for other content", ErrSignature)
	}
	return nil
}
