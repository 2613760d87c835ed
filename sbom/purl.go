package sbom

import (
	"errors"
	"net/url"
	"strings"
)

// errPURL is the cause when a string is no package URL.
var errPURL = errors.New("not a package URL")

// packageURL is a package URL taken apart and decoded.
type packageURL struct {
	typ, namespace, name, version string
	qualifiers                    map[string]string
}

// parsePURL reads a package URL. It is more lenient than the specification in
// what may stand unescaped, because what tools write is.
// Source: https://github.com/package-url/purl-spec, "How to parse a purl".
func parsePURL(s string) (packageURL, error) {
	var u packageURL
	rest, ok := strings.CutPrefix(s, "pkg:")
	if !ok {
		return u, errPURL
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	u.qualifiers = parseQualifiers(query)
	typ, rest, ok := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	if !ok || typ == "" {
		return u, errPURL
	}
	u.typ = strings.ToLower(typ)
	// The sign before a version never follows a slash; that of a scope does.
	if i := strings.LastIndexByte(rest, '@'); i > 0 && rest[i-1] != '/' {
		rest, u.version = rest[:i], unescape(rest[i+1:])
	}
	rest = strings.Trim(rest, "/")
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		u.namespace, rest = unescape(rest[:i]), rest[i+1:]
	}
	u.name = unescape(rest)
	if u.name == "" {
		return u, errPURL
	}
	return u, nil
}

func parseQualifiers(query string) map[string]string {
	if query == "" {
		return nil
	}
	q := map[string]string{}
	for part := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		if v, err := url.QueryUnescape(keepPlus(value)); err == nil && v != "" && len(q) < 64 {
			q[strings.ToLower(key)] = v
		}
	}
	return q
}

// keepPlus keeps a plus sign as it is: in a purl it is no space, and versions
// have it.
func keepPlus(value string) string { return strings.ReplaceAll(value, "+", "%2B") }

// unescape decodes percent signs; what is not decodable stays.
func unescape(s string) string {
	if v, err := url.PathUnescape(s); err == nil {
		return v
	}
	return s
}
