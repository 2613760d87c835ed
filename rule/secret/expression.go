package secret

import (
	"regexp"
	"regexp/syntax"
	"sync"
)

// expression is a regular expression that is compiled when it is first used:
// most rules never are, and compiling all takes longer than a cached scan.
type expression struct {
	groups  int
	compile func() *regexp.Regexp
}

// newExpression checks the syntax.
func newExpression(text string) (*expression, error) {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	return &expression{re.MaxCap(), sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}, nil
}

func (e *expression) FindSubmatchIndex(b []byte) []int { return e.compile().FindSubmatchIndex(b) }

func (e *expression) FindAllSubmatchIndex(b []byte, n int) [][]int {
	return e.compile().FindAllSubmatchIndex(b, n)
}

func (e *expression) MatchString(s string) bool { return e.compile().MatchString(s) }

func (e *expression) Match(b []byte) bool { return e.compile().Match(b) }
