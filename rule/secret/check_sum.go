package secret

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"strings"
)

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// checkBech32 verifies age's secret keys. Source: BIP 173.
func checkBech32(secret []byte) verdict {
	s := strings.ToLower(string(secret))
	i := strings.LastIndexByte(s, '1')
	if i < 1 || len(s) > 200 {
		return verdict{reject: true}
	}
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for j, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>j&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, c := range []byte(s[:i]) {
		step(c >> 5)
	}
	step(0)
	for _, c := range []byte(s[:i]) {
		step(c & 31)
	}
	for _, c := range []byte(s[i+1:]) {
		v := strings.IndexByte(bech32Alphabet, c)
		if v < 0 {
			return verdict{reject: true}
		}
		step(byte(v))
	}
	return doubtUnless(sum == 1, "its checksum is right")
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// checkBase58 verifies Bitcoin's private keys: the last four bytes are of the
// double SHA-256 of the rest. One that does not fit is some other text.
func checkBase58(secret []byte) verdict {
	if len(secret) > 128 {
		return verdict{reject: true}
	}
	n := new(big.Int)
	for _, c := range secret {
		v := strings.IndexByte(base58, c)
		if v < 0 {
			return verdict{reject: true}
		}
		n.Mul(n, big.NewInt(58)).Add(n, big.NewInt(int64(v)))
	}
	data := n.Bytes()
	if len(data) < 33 {
		return verdict{reject: true}
	}
	at := len(data) - 4
	first := sha256.Sum256(data[:at])
	second := sha256.Sum256(first[:])
	return verdict{reject: !bytes.Equal(second[:4], data[at:]), note: "its checksum is right"}
}
