package scanner

import "strings"

// At says whether path is want below some root: want itself, or a path that
// ends in "/" and want. It does not allocate.
func At(path, want string) bool {
	if !strings.HasSuffix(path, want) {
		return false
	}
	n := len(path) - len(want)
	return n == 0 || path[n-1] == '/'
}

// Split cuts path at its last slash. It does not allocate; dir is "" for a
// path without one.
func Split(path string) (dir, base string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}
