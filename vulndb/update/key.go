package update

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// ErrKey is the cause of errors about files that hold no ed25519 key.
var ErrKey = errors.New("not an ed25519 key in PEM form")

// ReadPrivateKey reads an ed25519 private key (PKCS #8, PEM), such as
// `openssl genpkey -algorithm ed25519` writes.
func ReadPrivateKey(name string) (ed25519.PrivateKey, error) {
	block, err := readPEM(name)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(block)
	private, ok := key.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("read private key %s: %w", name, ErrKey)
	}
	return private, nil
}

// ReadPublicKey reads an ed25519 public key (PKIX, PEM), such as
// `openssl pkey -pubout` writes.
func ReadPublicKey(name string) (ed25519.PublicKey, error) {
	block, err := readPEM(name)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(block)
	public, ok := key.(ed25519.PublicKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("read public key %s: %w", name, ErrKey)
	}
	return public, nil
}

func readPEM(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("read key %s: %w", name, ErrKey)
	}
	return block.Bytes, nil
}

// GenerateKey makes a key pair: the private key in the file name, readable by
// its owner only, the public key in name.pub. It overwrites neither.
func GenerateKey(name string) (ed25519.PrivateKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err == nil {
		err = writePEM(name, "PRIVATE KEY", der, 0o600)
	}
	if err == nil {
		if der, err = x509.MarshalPKIXPublicKey(public); err == nil {
			err = writePEM(name+".pub", "PUBLIC KEY", der, 0o644)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	return private, nil
}

func writePEM(name, kind string, der []byte, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	return errors.Join(pem.Encode(f, &pem.Block{Type: kind, Bytes: der}), f.Close())
}
