package secret

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// checkPrivateKey looks into a PEM, OpenSSH, PGP or PuTTY key: is it whole, of
// which kind, and encrypted or not.
func checkPrivateKey(secret []byte) verdict {
	text := string(secret)
	if strings.HasPrefix(text, "PuTTY-User-Key-File-") {
		return checkPuTTY(text)
	}
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "-----BEGIN "), "-----")
	if !ok {
		return verdict{reject: true}
	}
	// Keys in source code and JSON have their line breaks written out.
	body = unescapeLines.Replace(body)
	if i := strings.Index(body, "-----"); i >= 0 {
		body = body[:i]
	}
	kind := strings.TrimSuffix(strings.TrimSuffix(head, " BLOCK"), "PRIVATE KEY")
	encrypted := strings.Contains(body, "Proc-Type: 4,ENCRYPTED") || strings.Contains(head, "ENCRYPTED") || strings.Contains(body, "Comment: \"AES")
	data := pemBody(body)
	if len(data) < 16 {
		return verdict{reject: true}
	}
	if encrypted {
		return verdict{severity: "medium", note: "encrypted with a passphrase"}
	}
	switch {
	case strings.HasPrefix(kind, "OPENSSH"):
		return checkOpenSSH(data)
	case strings.HasPrefix(kind, "PGP"):
		return verdict{note: "an OpenPGP secret key"}
	}
	if what := describeKey(data); what != "" {
		return verdict{note: what}
	}
	return verdict{doubt: true, note: "not a whole key"}
}

var unescapeLines = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\\n`, "\n", `\/`, "/", `\r`, "", `\u000a`, "\n", `" +`, "", `"`, "", `' +`, "", `'`, "", `\u003d`, "=")

// pemBody decodes the base64 of a PEM block, without headers and checksum.
func pemBody(body string) []byte {
	var b strings.Builder
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(line), "// "), " \t#*>"))
		if strings.Contains(line, ":") || strings.HasPrefix(line, "=") && len(line) == 5 {
			continue
		}
		for _, c := range []byte(line) {
			if isBase64(c) {
				b.WriteByte(c)
			}
		}
	}
	s := b.String()
	data, _ := base64.RawStdEncoding.DecodeString(s[:len(s)/4*4])
	if len(s)%4 > 1 {
		if tail, err := base64.RawStdEncoding.DecodeString(s[len(s)/4*4:]); err == nil {
			data = append(data, tail...)
		}
	}
	return data
}

func isBase64(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// describeKey names a DER private key, "" if it is none.
func describeKey(der []byte) string {
	if k, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return fmt.Sprintf("RSA, %d bits, not encrypted", k.N.BitLen())
	}
	if k, err := x509.ParseECPrivateKey(der); err == nil {
		return fmt.Sprintf("ECDSA %s, not encrypted", k.Params().Name)
	}
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return describeASN1(der)
	}
	switch k := k.(type) {
	case *rsa.PrivateKey:
		return fmt.Sprintf("RSA, %d bits, not encrypted", k.N.BitLen())
	case *ecdsa.PrivateKey:
		return fmt.Sprintf("ECDSA %s, not encrypted", k.Params().Name)
	}
	return "not encrypted"
}

// describeASN1 takes keys that Go does not know (DSA, other curves, SM2): a
// sequence of the right length that starts with a small version number.
func describeASN1(der []byte) string {
	if len(der) < 32 || der[0] != 0x30 {
		return ""
	}
	size, head := int(der[1]), 2
	if size >= 0x80 {
		n := size & 0x7f
		if n < 1 || n > 3 || len(der) < 2+n {
			return ""
		}
		size, head = 0, 2+n
		for _, c := range der[2:head] {
			size = size<<8 | int(c)
		}
	}
	if size != len(der)-head || !bytes.HasPrefix(der[head:], []byte{2, 1}) {
		return ""
	}
	return "not encrypted"
}

// checkOpenSSH reads the name of the cipher. Source: OpenSSH's PROTOCOL.key.
func checkOpenSSH(data []byte) verdict {
	rest, ok := bytes.CutPrefix(data, []byte("openssh-key-v1\x00"))
	if !ok || len(rest) < 8 {
		return verdict{doubt: true, note: "not a whole key"}
	}
	n := binary.BigEndian.Uint32(rest)
	if n > 64 || int(n) > len(rest)-4 {
		return verdict{doubt: true, note: "not a whole key"}
	}
	if string(rest[4:4+n]) == "none" {
		return verdict{note: "OpenSSH, not encrypted"}
	}
	return verdict{severity: "medium", note: "OpenSSH, encrypted with a passphrase"}
}

func checkPuTTY(text string) verdict {
	if strings.Contains(text, "Encryption: none") {
		return verdict{note: "PuTTY, not encrypted"}
	}
	return verdict{severity: "medium", note: "PuTTY, encrypted with a passphrase"}
}

// checkBareKey wants a DER key in base64 without PEM's frame, as Alipay's SDKs
// take it.
func checkBareKey(secret []byte) verdict {
	data, ok := decode64(string(secret))
	if !ok {
		return verdict{reject: true}
	}
	what := describeKey(data)
	return verdict{reject: what == "", note: what}
}
