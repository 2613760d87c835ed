package secret

import (
	"bytes"
	"strings"

	"github.com/GehirnInc/crypt"
	_ "github.com/GehirnInc/crypt/md5_crypt" // registers the scheme
	_ "github.com/GehirnInc/crypt/sha256_crypt"
	_ "github.com/GehirnInc/crypt/sha512_crypt"

	"github.com/boltseal/boltseal/finding"
)

const (
	shadowBytes = 1 << 20
	// maxTries bounds how many passwords are tried on one file, of which each
	// costs some milliseconds; maxRounds what one may cost.
	maxTries  = 120
	maxRounds = "rounds=" // followed by a number; only the default is tried
)

// weak are the passwords that are tried, beside the user's name.
var weak = []string{
	"root", "toor", "admin", "password", "123456", "12345678", "123456789", "1234", "12345", "test", "changeme", "secret", "docker", "ubuntu", "qwerty", "password123", "admin123", "root123", "passw0rd", "P@ssw0rd", "111111", "000000", "abc123", "vagrant", "letmein", "Admin123",
}

// shadow judges a password database: empty and guessed passwords, and weak
// hashes. Schemes without a Go implementation here (yescrypt, DES, bcrypt) are
// told as present only.
func shadow(data []byte) []finding.Finding {
	var out []finding.Finding
	tries := maxTries
	line := 0
	for text := range bytes.Lines(data) {
		line++
		user, rest, ok := strings.Cut(strings.TrimRight(string(text), "\r\n"), ":")
		if !ok || user == "" || strings.HasPrefix(user, "#") || strings.HasPrefix(user, "+") || len(out) > 100 {
			continue
		}
		hash, _, _ := strings.Cut(rest, ":")
		if f := judgeHash(user, hash, &tries); f != nil {
			f.ID = user
			f.Location.Line = line
			out = append(out, *f)
		}
	}
	return out
}

func judgeHash(user, hash string, tries *int) *finding.Finding {
	switch {
	case hash == "":
		return shadowFinding(finding.High, "shadow-empty-password", "User without a password", "用户没有密码", "user "+user+" logs in with an empty password")
	case hash[0] == '!' || hash[0] == '*' || len(hash) < 13:
		return nil
	}
	if password, ok := guess(user, hash, tries); ok {
		what := "a password that everyone tries first"
		if password == user {
			what = "its own name as password"
		}
		return shadowFinding(finding.Critical, "shadow-weak-password", "User with a guessable password", "用户使用弱密码", "user "+user+" has "+what)
	}
	scheme := "traditional DES"
	if parts := strings.Split(hash, "$"); len(parts) > 2 {
		scheme = map[string]string{"1": "MD5", "5": "SHA-256", "6": "SHA-512", "y": "yescrypt", "7": "scrypt", "2a": "bcrypt", "2b": "bcrypt", "2y": "bcrypt"}[parts[1]]
	}
	severity := finding.Medium
	if scheme == "traditional DES" || scheme == "MD5" {
		severity = finding.High
	}
	return shadowFinding(severity, "shadow-password-hash", "Password hash of a user", "用户密码哈希", "user "+user+" has a password, hashed with "+scheme)
}

// guess tries the weak passwords.
func guess(user, hash string, tries *int) (string, bool) {
	if !crypt.IsHashSupported(hash) || strings.Contains(hash, maxRounds) || len(hash) > 200 {
		return "", false
	}
	c := crypt.NewFromHash(hash)
	for _, p := range append([]string{user}, weak...) {
		if *tries--; *tries < 0 {
			return "", false
		}
		if c.Verify(hash, []byte(p)) == nil {
			return p, true
		}
	}
	return "", false
}

func shadowFinding(severity finding.Severity, id, title, zh, evidence string) *finding.Finding {
	return &finding.Finding{
		Kind: finding.KindSecret, Severity: severity, Confidence: finding.ConfidenceHigh, Title: title, Evidence: evidence,
		Rule:   &finding.Rule{ID: "secret/" + id, Title: title, TitleZH: zh, Techniques: []string{"T1003.008"}},
		Remedy: "Lock the account in the image (passwd -l) and set passwords, if there must be any, when a container starts.",
	}
}
