package secret

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/rules"
)

// shipped parses the rules that ship.
func shipped(t testing.TB) *Set {
	t.Helper()
	names, err := fs.Glob(rules.Secrets, "secret/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatal("no rules", err)
	}
	var files []*File
	for _, name := range names {
		data, err := rules.Secrets.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	s, err := NewSet(files...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sample is one line of samples.txt.
type sample struct{ id, template string }

func samples(t testing.TB) []sample {
	t.Helper()
	data, err := os.ReadFile("../../rules/secret/testdata/samples.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for line := range strings.Lines(string(data)) {
		id, template, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if ok && !strings.HasPrefix(line, "#") {
			list = append(list, sample{id, template})
		}
	}
	return list
}

// maker fills templates: <b:30> is thirty characters of class b.
type maker struct{ rnd *mathrand.Rand }

func newMaker(seed uint64) *maker { return &maker{mathrand.New(mathrand.NewPCG(seed, 7))} }

var classes = map[string]string{
	"h": "0123456789abcdef", "H": "0123456789ABCDEF", "n": "0123456789", "a": "0123456789abcdefghijklmnopqrstuvwxyz",
	"A": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "b": base62, "w": base62 + "_-", "z": base62 + "+/", "l": "abcdefghijklmnopqrstuvwxyz",
	"lL": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "A2": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
}

var part = regexp.MustCompile(`<(\w+)(?::(\d+))?>`)

func (m *maker) fill(template string) string {
	template = strings.ReplaceAll(template, "¶", "\n")
	var out strings.Builder
	at := 0
	for _, loc := range part.FindAllStringSubmatchIndex(template, -1) {
		out.WriteString(template[at:loc[0]])
		at = loc[1]
		name := template[loc[2]:loc[3]]
		n := 0
		if loc[4] >= 0 {
			n, _ = strconv.Atoi(template[loc[4]:loc[5]])
		}
		if class, ok := classes[name]; ok && n > 0 {
			out.WriteString(m.text(class, n))
		} else if made := m.made(name, out.String()); made != "" {
			out.WriteString(made)
		} else {
			out.WriteString(template[loc[0]:loc[1]]) // XML
		}
	}
	return out.String() + template[at:]
}

// text makes n characters with at least a digit or so, never a word.
func (m *maker) text(class string, n int) string {
	for {
		b := make([]byte, n)
		for i := range b {
			b[i] = class[m.rnd.IntN(len(class))]
		}
		s := string(b)
		v := checkMixed(b)
		first := isLetter(s[0]) || isDigit(s[0])
		if first && !isPlaceholder(s) && (!v.reject || n < 12 || !strings.Contains(class, "7") || !strings.ContainsAny(class, "aA")) {
			return s
		}
	}
}

// made makes what has a checksum or a structure.
func (m *maker) made(name, before string) string {
	switch name {
	case "uuid", "uuid4":
		h := m.text(classes["h"], 32)
		return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
	case "crc":
		body := before[strings.LastIndexByte(before, '_')+1:]
		return encode62(crc32.ChecksumIEEE([]byte(body)))
	case "grafana":
		var sum [4]byte
		binary.LittleEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(strings.TrimSuffix(before, "_"))))
		return hex.EncodeToString(sum[:])
	case "jwt":
		enc := base64.RawURLEncoding.EncodeToString
		return enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc([]byte(`{"sub":"`+m.text(base62, 20)+`","iss":"shop"}`)) + "." + m.text(classes["w"], 43)
	case "json64":
		return base64.RawURLEncoding.EncodeToString([]byte(`{"u":"` + m.text(base62, 40) + `","a":"` + m.text(base62, 12) + `"}`))
	case "json64long":
		return base64.RawStdEncoding.EncodeToString([]byte(`{"k":"` + m.text(base62, 300) + `"}`))
	case "basic":
		return base64.StdEncoding.EncodeToString([]byte("robot:Zk" + m.text(base62, 14)))
	case "discord":
		id := "1" + m.text(classes["n"], 18)
		return base64.RawURLEncoding.EncodeToString([]byte(id))
	case "A22":
		return strings.Repeat("A", 22)
	case "pypi":
		data := append([]byte{2, 1, 8}, "pypi.org"...)
		data = append(append(data, 2, 36), m.text(classes["h"], 36)...)
		data = append(append(data, 0, 0, 6, 32), m.text(base62, 32)...)
		return "pypi-" + base64.RawURLEncoding.EncodeToString(data)
	case "pem", "derkey", "gcp":
		return m.key(name)
	case "age":
		return ageKey()
	case "wif":
		key := sha256.Sum256([]byte{9})
		return encode58(append([]byte{0x80}, key[:]...))
	case "xprv":
		data := append([]byte{0x04, 0x88, 0xad, 0xe4}, []byte(m.text(base62, 74))...)
		return encode58(data)
	}
	return ""
}

func (m *maker) key(form string) string {
	k, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	der, _ := x509.MarshalPKCS8PrivateKey(k)
	if form == "derkey" {
		k, _ := rsa.GenerateKey(rand.Reader, 2048)
		der, _ := x509.MarshalPKCS8PrivateKey(k)
		return base64.StdEncoding.EncodeToString(der)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE" + " KEY", Bytes: der}))
	if form == "gcp" {
		out, _ := json.Marshal(text)
		return `{"type": "service_account", "project_id": "shop", "private_key": ` + string(out) + `}`
	}
	return text
}

// encode58 adds the checksum and writes base58.
func encode58(data []byte) string {
	a := sha256.Sum256(data)
	b := sha256.Sum256(a[:])
	n := new(big.Int).SetBytes(append(bytes.Clone(data), b[:4]...))
	var out []byte
	for n.Sign() > 0 {
		var r big.Int
		n.DivMod(n, big.NewInt(58), &r)
		out = append(out, base58[r.Int64()])
	}
	slices.Reverse(out)
	return string(out)
}

// ageKey tries the last digits until the checksum is right: there is one
// solution, found digit by digit.
func ageKey() string {
	body := strings.Repeat("QYSZ", 13)
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
	prefix := "age-secret-key-"
	for _, c := range []byte(prefix) {
		step(c >> 5)
	}
	step(0)
	for _, c := range []byte(prefix) {
		step(c & 31)
	}
	for _, c := range []byte(strings.ToLower(body)) {
		step(byte(strings.IndexByte(bech32Alphabet, c)))
	}
	for range 6 {
		step(0)
	}
	sum ^= 1
	var check []byte
	for i := range 6 {
		check = append(check, bech32Alphabet[sum>>(5*(5-i))&31])
	}
	return strings.ToUpper(prefix + "1" + body + string(check))
}

// pathFor is where a sample would stand.
func pathFor(id string) string {
	return map[string]string{"pgpass": "root/.pgpass", "freemius-secret": "www/x.php"}[id]
}

// TestSamples finds the sample of every rule by that rule, on several fillings,
// with the right severity class: never low because a checksum is wrong.
func TestSamples(t *testing.T) {
	set := shipped(t)
	tried := map[string]bool{}
	for _, s := range samples(t) {
		tried[s.id] = true
		t.Run(s.id, func(t *testing.T) {
			for seed := range uint64(3) {
				text := newMaker(seed).fill(s.template)
				for _, around := range []string{"%s", "first line\n%s\nlast line\n", "# %s"} {
					if around == "# %s" && strings.Contains(s.template, "¶") {
						continue
					}
					got, err := set.Scan(pathFor(s.id), []byte(fmt.Sprintf(around, text)), false)
					if err != nil {
						t.Fatal(err)
					}
					i := slices.IndexFunc(got, func(m Match) bool { return m.Rule.ID == s.id })
					if i < 0 && around == "# %s" {
						continue // rules that want the beginning of a line
					}
					if i < 0 {
						t.Fatalf("seed %d: not found in %q; got %v", seed, text, ids(got))
					}
					if m := got[i]; m.Confidence == "low" && m.Rule.Severity != "low" {
						t.Errorf("doubtful: %s", m.Note)
					}
				}
			}
		})
	}
	for _, r := range set.Rules() {
		if !tried[r.ID] {
			t.Errorf("rule %s has no sample", r.ID)
		}
	}
	if n := len(set.Rules()); n < 250 {
		t.Errorf("%d rules", n)
	}
}

func ids(list []Match) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.Rule.ID)
	}
	return out
}

// TestAnchored wants a literal for every rule: one without costs every text
// a pass of its own.
func TestAnchored(t *testing.T) {
	set := shipped(t)
	for _, i := range set.whole {
		if set.rules[i].path != nil {
			continue // only files of that name are read twice
		}
		t.Errorf("rule %s has no literal that its match must contain", set.rules[i].ID)
	}
	t.Logf("%d rules start at %d literals", len(set.rules), set.Literals())
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[[rules]]\nid = \"x\"\nregex = '''a(b)'''\n[allowlist]\npaths = ['x', \"y\"]\n"))
	f.Add([]byte("a = {b.c = 1, d = [1, [2]]}\n[extend]\nuseDefault = true\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("f", data)
		if err != nil && !strings.HasPrefix(err.Error(), "f:") {
			t.Errorf("error without a line: %v", err)
		}
		if _, err := NewSet(file); err != nil {
			t.Error(err)
		}
	})
}

// FuzzScan wants matches in order, without overlaps, inside the text, and a
// redacted text without them.
func FuzzScan(f *testing.F) {
	set := shipped(f)
	for _, s := range samples(f) {
		f.Add([]byte(newMaker(1).fill(s.template)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := set.Scan("app/.env", data, false)
		if err != nil && !errors.Is(err, ErrLimit) {
			t.Fatal(err)
		}
		end := 0
		for _, m := range found {
			if m.Start < end || m.End > len(data) || m.Line < 1 {
				t.Fatalf("match %s at %d-%d behind %d", m.Rule.ID, m.Start, m.End, end)
			}
			end = m.End
			Mask(m.Secret)
		}
		set.Redact(string(data))
	})
}

// FuzzChecks gives every check what it wants.
func FuzzChecks(f *testing.F) {
	f.Add([]byte("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.x"))
	f.Add([]byte("-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range checks {
			c(data)
		}
	})
}
