// Package shell reads shell command lines the way a shell cuts them into
// pipelines, words and substitutions, without running or expanding anything,
// and says what is suspicious in what they do: a download that is run, decoded
// text that is run, a shell on a network connection, mining, traces removed.
//
// It does not decide how bad that is: the same pipe from curl into sh is daily
// use in a build and an alarm in a cron job. Callers rank a Sign by where the
// command stands. Quotes, backslashes and $'\x62' do not hide a word; variables
// do. Texts are bounded by MaxText; what is broken is read as far as it goes.
//
// Start at New and Reader.Judge. A Reader is immutable and safe for concurrent
// use.
package shell

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/rules"
)

// Kind is what sort of thing a command does.
type Kind string

// The kinds of Sign.
const (
	RunDownload  Kind = "run-download"  // runs what it downloads
	RunDecoded   Kind = "run-decoded"   // runs what it decodes
	ReverseShell Kind = "reverse-shell" // puts a shell on a network connection
	Mining       Kind = "mining"        // names a mining pool, wallet or program
	RunTemporary Kind = "run-temporary" // runs a file of /tmp, /var/tmp or /dev/shm
	RunHidden    Kind = "run-hidden"    // runs a file of a hidden directory
	HideTraces   Kind = "hide-traces"   // hides what was done, or stops who watches
	Persist      Kind = "persist"       // installs keys, preloads or cron jobs
	Escape       Kind = "escape"        // reaches for the host
	Tunnel       Kind = "tunnel"        // starts a tunnel through firewalls
	RemoteShell  Kind = "remote-shell"  // starts a service that gives a shell
	Attack       Kind = "attack"        // starts a program that attacks others
	Exfiltrate   Kind = "exfiltrate"    // sends away names, variables or key files
	InsecureTLS  Kind = "insecure-tls"  // downloads without checking the certificate
	Unsigned     Kind = "unsigned"      // installs packages without checking signatures
)

// Trust is what is known of the place that something is downloaded from.
type Trust uint8

// The trusts, worst first.
const (
	TrustNone  Trust = iota // nothing is downloaded, or the place is a variable
	TrustBad                // a bare address, an onion or a place for anonymous files
	TrustPlain              // HTTP or FTP: whoever is on the way can change it
	TrustTLS                // HTTPS, of anyone
	TrustKnown              // the publisher of a well-known installer, over HTTPS
)

// Sign is one suspicious thing in a text.
type Sign struct {
	Kind Kind
	Line int // counts from 1
	// Code is the command as written, shortened, without passwords.
	Code string
	// Why names what decided: a program, an address, an option.
	Why string
	// URL is where a RunDownload comes from, "" when unknown.
	URL   string
	Trust Trust
	// Checked is set when the text also checks a digest or signature.
	Checked bool
}

// Reader knows the places and names that commands are compared with.
type Reader struct {
	installers, drops, pools []string // host suffixes, some with a path
	monero                   *regexp.Regexp
	version                  int
}

// Version changes when the shipped lists do.
func (r *Reader) Version() int { return r.version }

// New loads the shipped lists.
func New() *Reader {
	r := &Reader{
		installers: rules.Lines(rules.Commands, "commands/installers.txt"),
		drops:      rules.Lines(rules.Commands, "commands/drops.txt"),
		pools:      rules.Lines(rules.Commands, "commands/pools.txt"),
		monero:     regexp.MustCompile(`\b[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b`),
	}
	h := fnv.New32a()
	for _, list := range [][]string{r.installers, r.drops, r.pools} {
		fmt.Fprintln(h, list)
	}
	r.version = int(h.Sum32())
	return r
}

// Judge reads a script or command line and returns its signs, by line; each
// kind once per line.
func (r *Reader) Judge(text string) []Sign {
	left := maxWords
	j := judge{r: r, left: &left, fetched: map[string]place{}, seen: map[seenKey]bool{}}
	j.text(text, 1, 0)
	for i := range j.signs {
		j.signs[i].Checked = j.checked
	}
	return j.signs
}

// Args judges a command that is given as a list of words, as an image's
// entrypoint is.
func (r *Reader) Args(args []string) []Sign {
	var b strings.Builder
	for i, a := range args {
		if i > 0 {
			b.WriteByte(' ')
		}
		if a != "" && !strings.ContainsAny(a, " \t\n'\"\\$`;&|<>()#*?~") {
			b.WriteString(a)
			continue
		}
		b.WriteString("'" + strings.ReplaceAll(a, "'", `'\''`) + "'")
	}
	return r.Judge(b.String())
}
