package cli

import (
	"cmp"
	"os"
	"strings"

	"golang.org/x/term"
)

// terminalWidth is the number of columns of a terminal.
func terminalWidth(f *os.File) (int, bool) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0, false
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		width = 80
	}
	return width, true
}

// locale is the language for people: the flag's, else the environment's.
// Source: POSIX.1-2017, section 8.2 (LC_ALL before LC_MESSAGES before LANG).
func locale(flag string) string {
	if flag != "" && flag != "auto" {
		return flag
	}
	env := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if strings.HasPrefix(strings.ToLower(env), "zh") {
		return "zh-CN"
	}
	return "en"
}
