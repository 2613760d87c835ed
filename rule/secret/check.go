package secret

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"
)

// verdict is what a look at a secret's own structure says.
type verdict struct {
	// reject: it is something else.
	reject bool
	// doubt: the form is right and the checksum or structure is not: made up,
	// or cut. It is reported low.
	doubt bool
	// severity replaces the rule's, if set.
	severity string
	// note tells people what the structure says; never a part of the secret
	// that grants anything.
	note string
}

// check looks at the structure of a secret. It must not keep it.
type check func(secret []byte) verdict

// checks are the values of a rule's "check".
var checks = map[string]check{
	"crc32-base62":   checkCRC62,
	"crc32-hex":      checkGrafana,
	"jwt":            checkJWT,
	"macaroon":       checkMacaroon,
	"aws-key-id":     checkAWSKey,
	"base64-json":    checkBase64JSON,
	"basic-auth":     checkBasicAuth,
	"discord":        checkDiscord,
	"azure-storage":  checkAzureStorage,
	"bech32":         checkBech32,
	"base58check":    checkBase58,
	"private-key":    checkPrivateKey,
	"bare-key":       checkBareKey,
	"mixed":          checkMixed,
	"password":       checkPassword,
	"alibaba-key-id": checkAlibaba,
}

func doubtUnless(ok bool, note string) verdict {
	if ok {
		return verdict{note: note}
	}
	return verdict{doubt: true, note: "its checksum or structure does not fit"}
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// checkCRC62 verifies tokens that end in six base62 digits of the CRC-32 of
// what stands between prefix and checksum. Source: GitHub's blog, "Behind
// GitHub's new authentication token formats"; npm uses the same.
func checkCRC62(secret []byte) verdict {
	_, body, ok := strings.Cut(string(secret), "_")
	if !ok || len(body) < 12 {
		return verdict{doubt: true}
	}
	n := len(body) - 6
	return doubtUnless(encode62(crc32.ChecksumIEEE([]byte(body[:n]))) == body[n:], "its checksum is right")
}

// encode62 writes n in six digits.
func encode62(n uint32) string {
	var out [6]byte
	for i := 5; i >= 0; i-- {
		out[i] = base62[n%62]
		n /= 62
	}
	return string(out[:])
}

// checkGrafana verifies <prefix>_<secret>_<CRC-32 of the rest, in hex, little
// endian>.
func checkGrafana(secret []byte) verdict {
	s := string(secret)
	i := strings.LastIndexByte(s, '_')
	if i < 0 {
		return verdict{doubt: true}
	}
	var sum [4]byte
	binary.LittleEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(s[:i])))
	return doubtUnless(hex.EncodeToString(sum[:]) == strings.ToLower(s[i+1:]), "its checksum is right")
}

// checkJWT wants a header with an algorithm and a JSON payload.
func checkJWT(secret []byte) verdict {
	parts := strings.Split(string(secret), ".")
	if len(parts) < 3 {
		return verdict{reject: true}
	}
	var header struct {
		Alg string `json:"alg"`
		Enc string `json:"enc"`
	}
	if !decodeJSON(parts[0], &header) || header.Alg == "" {
		return verdict{reject: true}
	}
	if header.Enc != "" {
		return verdict{severity: "low", note: "an encrypted token (JWE)"}
	}
	var claims map[string]any
	if !decodeJSON(parts[1], &claims) {
		return verdict{reject: true}
	}
	if claims["name"] == "John Doe" && claims["sub"] == "1234567890" {
		return verdict{reject: true} // jwt.io's example
	}
	note := "algorithm " + shorten(header.Alg)
	if iss, ok := claims["iss"].(string); ok {
		note += ", issued by " + shorten(iss)
		if iss == "kubernetes/serviceaccount" {
			return verdict{severity: "critical", note: note + ": a service account's token, which does not expire"}
		}
		if iss == "supabase-demo" {
			return verdict{severity: "low", note: "Supabase's demo key"}
		}
	}
	if claims["role"] == "service_role" {
		return verdict{severity: "critical", note: note + ": Supabase's service role, which passes all row rules"}
	}
	if exp, ok := claims["exp"].(float64); ok && exp > 0 && exp < 1e11 {
		note += ", expires " + time.Unix(int64(exp), 0).UTC().Format(time.DateOnly)
	} else {
		note += ", never expires"
	}
	return verdict{note: note}
}

func decodeJSON(part string, into any) bool {
	data, ok := decode64(part)
	return ok && json.Unmarshal(data, into) == nil
}

// decode64 takes both alphabets, with or without padding.
func decode64(s string) ([]byte, bool) {
	s = strings.TrimRight(s, "=")
	enc := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		enc = base64.RawURLEncoding
	}
	data, err := enc.DecodeString(s)
	return data, err == nil
}

// shorten makes text of a stranger fit for a note.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}

// checkMacaroon verifies the frame of PyPI's tokens: a version 2 macaroon with
// the location first and the signature at its end.
func checkMacaroon(secret []byte) verdict {
	_, body, _ := strings.Cut(string(secret), "-")
	data, ok := decode64(body)
	if !ok || len(data) < 40 || data[0] != 2 {
		return verdict{doubt: true, note: "it is no macaroon"}
	}
	n := len(data)
	return doubtUnless(data[n-34] == 6 && data[n-33] == 32, "a whole macaroon for "+shorten(field(data[1:])))
}

// field reads the text of a macaroon's first field.
func field(data []byte) string {
	if len(data) < 2 || len(data) < 2+int(data[1]) {
		return ""
	}
	return string(data[2 : 2+int(data[1])])
}

// checkAWSKey reads the account that newer key ids hold.
func checkAWSKey(secret []byte) verdict {
	if len(secret) != 20 {
		return verdict{}
	}
	var n uint64
	for _, c := range secret[4:14] {
		i := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", c)
		if i < 0 {
			return verdict{doubt: true, note: "not in the alphabet of key ids"}
		}
		n = n<<5 | uint64(i)
	}
	account := n >> 2 & 0x7fffffffff80 >> 7
	if account > 999_999_999_999 {
		return verdict{note: "an old key id, or made up"}
	}
	return verdict{note: fmt.Sprintf("of AWS account %012d", account)}
}

// checkBase64JSON wants JSON behind the last dot, dash or underscore that
// stands in front of "eyJ".
func checkBase64JSON(secret []byte) verdict {
	s := string(secret)
	i := strings.Index(s, "eyJ")
	if i < 0 {
		return verdict{reject: true}
	}
	s = s[i:]
	if j := strings.IndexAny(s, "._="); j > 0 {
		s = s[:j]
	}
	var v map[string]any
	return doubtUnless(decodeJSON(s, &v), "")
}

// checkBasicAuth wants base64 of user:password.
func checkBasicAuth(secret []byte) verdict {
	data, ok := decode64(string(secret))
	user, password, found := strings.Cut(string(data), ":")
	if !ok || !found || user == "" || !printable(data) || isPlaceholder(password) {
		return verdict{reject: true}
	}
	return verdict{note: "of user " + shorten(user)}
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return len(b) > 0
}

// checkDiscord wants a user's number in the first part.
func checkDiscord(secret []byte) verdict {
	id, _, _ := strings.Cut(string(secret), ".")
	data, ok := decode64(id)
	if !ok {
		return verdict{reject: true}
	}
	if _, err := strconv.ParseUint(string(data), 10, 64); err != nil || len(data) < 17 {
		return verdict{reject: true}
	}
	return verdict{note: "of bot " + string(data)}
}

// checkAzureStorage wants 64 bytes in base64.
func checkAzureStorage(secret []byte) verdict {
	data, ok := decode64(string(secret))
	if string(secret) == azuriteKey {
		return verdict{reject: true}
	}
	return doubtUnless(ok && (len(data) == 64 || len(data) == 32), "")
}

// azuriteKey is the public key of Azure's storage emulator.
const azuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/" + "K1SZFPTOtr/KBHBeksoGMGw=="

// checkAlibaba knows the lengths that key ids have had.
func checkAlibaba(secret []byte) verdict {
	switch len(secret) {
	case 16, 20, 22, 24:
		return verdict{}
	}
	return verdict{doubt: true, note: "of a length that no key id has had"}
}

// checkMixed wants letters and digits, so that no words and no numbers pass.
func checkMixed(secret []byte) verdict {
	var digits, letters int
	for _, c := range secret {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		}
	}
	return verdict{reject: digits == 0 || letters == 0 || wordy(string(secret))}
}

// checkPassword wants a value that is meant.
func checkPassword(secret []byte) verdict {
	return verdict{reject: isPlaceholder(string(secret))}
}
