package secret

import (
	"math"
	"slices"
	"strings"
)

// entropy is Shannon's, in bits per byte, as gitleaks counts it.
func entropy(s []byte) float64 {
	if len(s) == 0 {
		return 0
	}
	var counts [256]int
	for _, c := range s {
		counts[c]++
	}
	var sum float64
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(s))
			sum -= p * math.Log2(p)
		}
	}
	return sum
}

// exampleWords make a value a placeholder wherever they stand in it.
var exampleWords = []string{
	"example", "changeme", "change_me", "change-me", "changethis", "change_this", "change-this", "changeit", "placeholder", "redacted", "replace",
	"your_", "your-", "yourpass", "yoursecret", "yourtoken", "yourkey", "youraccess", "yourapi", "my_secret", "mysecret", "my-secret", "mypass", "my_password", "s3cret", "p4ssw0rd", "p455w0rd",
	"dummy", "insert", "notreal", "not-real", "not_real", "not-a-", "not_a_", "fake", "xxxxx", "00000000", "11111111", "aaaaaaaa", "12345678901", "abcdefgh",
	"deadbeef", "foobar", "lorem", "goes_here", "goeshere", "goes-here", "to_be_", "undefined", "snakeoil", "....", "****", "<", "${", "$(", "{{", "#{", "%(", "@@", "todo",
}

// exampleValues are placeholders when they are all of the value.
var exampleValues = []string{
	"password", "passwd", "pass", "pwd", "secret", "token", "key", "apikey", "api_key", "api-key", "none", "null", "nil", "true", "false", "yes", "no", "test",
	"default", "required", "optional", "string", "empty", "value", "user", "username", "foo", "bar", "baz", "abc", "xxx", "xyz", "text", "hidden", "prompt",
	"password1", "password123", "passw0rd", "p@ssw0rd", "p@ssword", "pa55word", "secret123", "testtest", "testing", "test123", "test1234", "asdf", "qwerty", "hunter2", "s3cret", "s3cr3t",
	"enabled", "disabled", "unknown", "invalid", "username:password", "user:pass", "basic", "bearer", "unset", "md5", "plain", "plaintext", "sha256", "sha512",
}

// isPlaceholder says whether a value only stands for a secret: an example, a
// variable, a mask, one character over and over.
func isPlaceholder(v string) bool {
	if v == "" || len(v) > maxValue {
		return true
	}
	low := strings.ToLower(v)
	if slices.Contains(exampleValues, low) || containsAny(low, exampleWords) {
		return true
	}
	switch {
	case v[0] == '$', v[0] == '%' && v[len(v)-1] == '%', v[0] == '{' && v[len(v)-1] == '}', v[0] == '[' && v[len(v)-1] == ']', v[0] == ':', v[0] == '&':
		return true
	case strings.HasPrefix(v, "%s"), strings.HasPrefix(v, "%v"), strings.HasPrefix(v, "%d"), strings.HasPrefix(v, "__") && strings.HasSuffix(v, "__"):
		return true
	}
	return distinct(v) <= 2 && len(v) > 3 || sequence(v)
}

// distinct counts the different bytes.
func distinct(s string) int {
	var seen [256]bool
	n := 0
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			n++
		}
	}
	return n
}

// sequence says whether most bytes follow on the one before: abcdef, 0123456.
func sequence(s string) bool {
	n := 0
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1]+1 {
			n++
		}
	}
	return len(s) > 7 && n*4 >= len(s)*3
}

// bigrams are the commonest pairs of letters in English and in identifiers.
const bigrams = " th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur me ne ro ri io ic co ll om ma el ec ch us ss li la no ot ut tr nc ce em pe pr un fo ac ag am em id il im if ie ul um up ad ap ab da di do ct ts ns rs ta ge ke ey wo rd pa ss us ser po pl mp lo us su ut is am na ai ay ow ev ex po os op od ol oo fi ca ho ba be ba bo br bl cl cr ck dr tt rt rm rn ry ty ly ee gi gr im ir iv ki mi mo nk ny ob qu sc sh sk sp th tu vi wa we wh wi ye "

// wordy says whether a value is made of words, as names and messages are, and
// random text is not.
func wordy(v string) bool {
	pairs, known, digits := 0, 0, 0
	low := strings.ToLower(v)
	for i := range len(low) {
		if isDigit(low[i]) {
			digits++
		}
		if i == 0 || !isLetter(low[i]) || !isLetter(low[i-1]) {
			continue
		}
		pairs++
		// Within a word the case does not rise.
		if isLower(v[i]) == isLower(v[i-1]) || isLower(v[i]) {
			if strings.Contains(bigrams, low[i-1:i+1]) {
				known++
			}
		}
	}
	return pairs >= 4 && known*100 >= pairs*62 && digits*4 < len(v)
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
