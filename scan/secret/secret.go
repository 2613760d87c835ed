// Package secret finds leaked credentials in the files of all layers and in an
// image's environment, labels, build history and arguments. What a secret is,
// package rule/secret and the rules in rules/secret say; which files to read,
// credential files whose whole content is a secret (keystores, password
// databases), the keyed hash and the finding are here.
//
// A secret is never kept: a finding has its first characters and a keyed hash.
// Start at New.
package secret

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"strings"

	"github.com/boltseal/boltseal/image"
	rule "github.com/boltseal/boltseal/rule/secret"
	"github.com/boltseal/boltseal/rules"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Options of New.
type Options struct {
	// Rules are users' files in gitleaks' TOML shape. They add to the shipped
	// rules; one with the same id replaces.
	Rules []string
	// KeyFile keeps the key of the hashes, made when it is not there. "", or a
	// file that can be neither read nor made: findings have no hash.
	KeyFile string
	// Verifier asks providers, nil for nobody.
	Verifier *Verifier
	// Warn is told of users' rules that are wrong, by file and line, and of what
	// their files ask for and do not get. Nil: nobody is told.
	Warn func(string)
}

// Scanner implements scanner.Scanner and scanner.ImageScanner.
type Scanner struct {
	set      *rule.Set
	key      []byte
	version  int
	verifier *Verifier
}

// codeVersion is raised when the same rules would give another result.
const codeVersion = 1

// New loads the rules. A user's rule that is wrong is left out and told to Warn; a
// user's file that cannot be read is an error.
func New(o Options) (*Scanner, error) {
	s := &Scanner{verifier: o.Verifier}
	sum := fnv.New32a()
	files, err := shipped(sum)
	if err != nil {
		return nil, err
	}
	for _, name := range o.Rules {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read secret rules: %w", err)
		}
		sum.Write(data)
		f, err := rule.ParseUser(name, data)
		o.warn(err, f.Notes)
		files = append(files, f)
	}
	if s.set, err = rule.NewSet(files...); err != nil {
		return nil, fmt.Errorf("compile secret rules: %w", err)
	}
	if o.KeyFile != "" {
		s.key = loadKey(o.KeyFile)
	}
	sum.Write(s.key)
	s.version = int(sum.Sum32())<<8 | codeVersion
	if o.Verifier != nil {
		s.version += o.Verifier.started // answers are not taken from a cache
	}
	return s, nil
}

// warn tells of everything that was wrong with a file.
func (o Options) warn(err error, notes []string) {
	if o.Warn == nil {
		return
	}
	if err != nil {
		notes = append(strings.Split(err.Error(), "\n"), notes...)
	}
	for _, n := range notes {
		o.Warn(n)
	}
}

// shipped parses the embedded rules.
func shipped(sum interface{ Write([]byte) (int, error) }) ([]*rule.File, error) {
	names, err := fs.Glob(rules.Secrets, "secret/*.toml")
	if err != nil {
		return nil, err
	}
	var files []*rule.File
	for _, name := range names {
		data, err := rules.Secrets.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read shipped rules: %w", err)
		}
		_, _ = sum.Write(data)
		f, err := rule.Parse(name, data)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "secret" }

// Version implements scanner.Scanner.
func (s *Scanner) Version() int { return s.version }

// Redact masks the secrets in a text that is shown: see rule/secret.
func (s *Scanner) Redact(text string) string { return s.set.Redact(text) }

// Wants implements scanner.Scanner.
func (*Scanner) Wants(e *image.Entry, head []byte) bool { return wants(e, head) }

// Scan implements scanner.Scanner.
func (s *Scanner) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	var res scanner.Result
	if store := keystore(f); store != nil {
		res.Findings = append(res.Findings, *store)
		return res, nil
	}
	if isShadow(f.Path) {
		data, err := f.Bytes(shadowBytes)
		if err != nil {
			return res, err
		}
		res.Findings = shadow(data)
		return res, nil
	}
	found, err := s.file(ctx, f)
	res.Findings = found
	return res, err
}
