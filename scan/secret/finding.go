package secret

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
	rule "github.com/boltseal/boltseal/rule/secret"
)

const keyBytes = 32

// loadKey reads the key of this installation or makes one. Nil when neither is
// possible: then findings have no hash, rather than one that can be guessed.
func loadKey(name string) []byte {
	key, err := os.ReadFile(name)
	if err == nil && len(key) == keyBytes {
		return key
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	key = make([]byte, keyBytes)
	_, _ = rand.Read(key)
	if os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		if key, err = os.ReadFile(name); err == nil && len(key) == keyBytes {
			return key // another process was faster
		}
		return nil
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil
	}
	return key
}

// fingerprint is a keyed hash: equal secrets have equal ones within an
// installation, and nobody without the key can try guesses.
func (s *Scanner) fingerprint(secret []byte) string {
	if s.key == nil {
		return ""
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write(secret)
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// counter tells apart findings that would have the same identity.
type counter map[string]int

func (c *counter) id(key string) string {
	if *c == nil {
		*c = counter{}
	}
	(*c)[key]++
	if n := (*c)[key]; n > 1 {
		key += "#" + strconv.Itoa(n)
	}
	return key
}

// finding tells of a match. Its identity within the file is the rule and what is
// shown of the secret, which neither the key nor the line changes.
func (s *Scanner) finding(ctx context.Context, m *rule.Match, text []byte, seen *counter) finding.Finding {
	mask := rule.Mask(m.Secret)
	evidence := mask + " (" + strconv.Itoa(len(m.Secret)) + " characters"
	if print := s.fingerprint(m.Secret); print != "" {
		evidence += ", keyed hash " + print
	}
	evidence += ")"
	if m.Note != "" {
		evidence += "; " + m.Note
	}
	severity, _ := finding.ParseSeverity(m.Severity)
	f := finding.Finding{
		ID: seen.id(m.Rule.ID + " " + mask), Kind: finding.KindSecret, Severity: severity, Title: title(m.Rule),
		Rule: ruleOf(m.Rule), Confidence: finding.Confidence(m.Confidence), Evidence: evidence, Remedy: remedy,
	}
	f.Location.Line = m.Line
	if n := strings.Count(string(m.Secret), "\n"); n > 0 {
		f.Location.EndLine = m.Line + n
	}
	s.verifier.ask(ctx, m, text, &f)
	return f
}

const remedy = "Revoke the secret where it was issued and issue a new one: whoever has the image has it. Then build without it: give it at run time or by a build secret, and keep it out of every layer."

func title(r *rule.Rule) string {
	if r.Title != "" {
		return r.Title
	}
	return r.ID
}

func ruleOf(r *rule.Rule) *finding.Rule {
	out := &finding.Rule{ID: "secret/" + strings.ToLower(r.ID), Title: title(r), TitleZH: r.TitleZH, Techniques: []string{"T1552.001"}}
	if r.User() {
		out.Source = r.Source
	}
	return out
}
