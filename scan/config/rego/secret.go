package rego

import (
	"encoding/base64"
	"regexp"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// secretShapes are credentials whose form alone tells them; what needs context
// or a checksum is the secret scanner's.
var secretShapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z2-7]{16}\b`,                         // Amazon key ids
		`(?i)aws.{0,20}(?:key|token|secret).{0,10}["'=:\s][A-Za-z0-9/+]{40}(?:["'\s]|$)`, // Amazon secret keys
		`-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----`,
		`\bgh[pousr]_[A-Za-z0-9]{36}\b`,
		`\bxox[abprs]-[0-9A-Za-z-]{10,}`,
		`\bAIza[0-9A-Za-z_-]{35}\b`,
		`\bLTAI[A-Za-z0-9]{12,20}\b`, // Alibaba Cloud
		`\bAKID[A-Za-z0-9]{32}\b`,    // Tencent Cloud
		`(?i)(?:password|passwd|secret|token|api_key)[a-z_]*\\*["']?\s*[=:]\s*\\*["']?[^\s"'$\\{}<]{6,}`, // an assignment
		`[a-z][a-z0-9+.-]{1,20}://[^/\s:@"'$]{1,100}:[^/\s:@"'${}]{3,100}@[^\s/]{1,200}`,
	}, "|"))
})

const maxSecret = 64 << 10 // bytes of a text that is looked through

// secretIn says whether a text holds a credential.
func secretIn(s string) *ast.Term {
	found := len(s) <= maxSecret && secretShapes().MatchString(s)
	if plain, err := base64.StdEncoding.DecodeString(s); !found && err == nil && len(s) <= maxSecret {
		found = secretShapes().Match(plain)
	}
	what := ""
	if found {
		what = "a credential in plain text"
	}
	return ast.ObjectTerm(
		ast.Item(ast.StringTerm("transgressionFound"), ast.BooleanTerm(found)),
		ast.Item(ast.StringTerm("description"), ast.StringTerm(what)),
	)
}
