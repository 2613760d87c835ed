package redhat

import "strings"

// splitNEVR splits "openssl-1:3.0.7-18.el9_2" into name and
// "1:3.0.7-18.el9_2". Modules ("httpd:2.4-8070020230131.bd1311ed") and
// container images ("rhel9/openssl:9.0-25") give "".
func splitNEVR(s string) (name, evr string) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return "", ""
	}
	i = strings.LastIndexByte(s[:i], '-')
	if i <= 0 || strings.ContainsAny(s[:i], ":/") {
		return "", ""
	}
	return s[:i], s[i+1:]
}

// splitModule splits "httpd:2.4/mod_http2" into the package and its module
// "httpd:2.4". Container images ("openshift4/ose-installer") give "".
func splitModule(s string) (name, module string) {
	before, after, ok := strings.Cut(s, "/")
	switch {
	case !ok && strings.Contains(s, ":"):
		return "", ""
	case !ok:
		return s, ""
	case strings.Count(before, ":") == 1 && after != "" && !strings.Contains(after, "/"):
		return after, before
	}
	return "", ""
}
