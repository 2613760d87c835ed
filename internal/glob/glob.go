// Package glob matches names and paths with patterns, in linear space and
// without regular expressions.
package glob

// Match says whether the whole name fits the pattern: "*" stands for any text
// without a slash, "**" for any text, "?" for one character other than a
// slash, anything else for itself. A "**/" may also stand for nothing, so that
// "**/x" is an x at any depth. Every pattern is valid. It takes time in
// proportion to the product of both lengths at most.
func Match(pattern, name string) bool {
	// reach holds which prefixes of the name the pattern so far can be.
	reach, next := make([]bool, len(name)+1), make([]bool, len(name)+1)
	reach[0] = true
	for i := 0; i < len(pattern); i++ {
		clear(next)
		switch c := pattern[i]; {
		case c == '*' && i+1 < len(pattern) && pattern[i+1] == '*':
			i++
			optional := i+1 < len(pattern) && pattern[i+1] == '/'
			if optional {
				i++
			}
			anything(reach, next, name, optional)
		case c == '*':
			for n, on := 0, false; n <= len(name); n++ {
				on = reach[n] || on && n > 0 && name[n-1] != '/'
				next[n] = on
			}
		default:
			for n := range len(name) {
				next[n+1] = reach[n] && (name[n] == c || c == '?' && name[n] != '/')
			}
		}
		reach, next = next, reach
	}
	return reach[len(name)]
}

// anything steps over "**", or over "**/" when the slash is part of it.
func anything(reach, next []bool, name string, slash bool) {
	on := false
	for n := range next {
		on = on || reach[n]
		if !slash {
			next[n] = on
			continue
		}
		next[n] = reach[n] || on && n > 0 && name[n-1] == '/'
	}
}
