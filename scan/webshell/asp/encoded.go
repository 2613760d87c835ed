package asp

import "strings"

// The alphabets of Microsoft's Script Encoder, each for the characters tab and
// 0x20 to 0x7f, and which of them stands for the nth character of a script.
var alphabets = [3]string{
	"W.GzVBj/&IA42[vrC89pEhqO\x09bD#uJ~J^@wJa]\"KoN;LPg*}tT+-,0nkf5%!dMRc?{x)(sY3\x7fmUS|:_eFX1ilZH'\\=$y7`Q 6",
	"n-uR`q^I\\b})6 |z\x7fkc3+hQfv1dTCL:L~LE,*t'7DyY/o&rj9{?8wgSG4x]0#Z[lHUpi.L!$NP\x09Vs5aKX;W\"mM%(FJ2A=_OBe",
	"{20!)[83=X:5e9\\VsfNEkbYx^}JmqA`AS@B'Hru17MR\"TjGd- \x7f.L]~loytC&v%$+(#A4\x09*D?w;UiacPgQIOFh|6pnz/_KZ,W",
}

const turns = "0120121221210212021200122102122100212120200120210212001220012021"

var encoderEscapes = strings.NewReplacer("@&", "\n", "@#", "\r", "@*", ">", "@!", "<", "@$", "@")

// unscramble decodes the scripts between "#@~^" and "^#~@" in a page, in their
// places.
func unscramble(page string) string {
	var b strings.Builder
	for {
		i := strings.Index(page, "#@~^")
		if i < 0 || len(page) < i+12 {
			b.WriteString(page)
			return b.String()
		}
		b.WriteString(page[:i])
		page = page[i+12:] // the mark, and the length in base64
		end := strings.Index(page, "^#~@")
		if end < 0 {
			end = len(page)
		}
		b.WriteString(decode(page[:max(0, end-8)])) // a checksum in base64 stands before the end
		page = page[min(end+4, len(page)):]
	}
}

func decode(script string) string {
	out := []byte(encoderEscapes.Replace(script))
	n := -1
	for i, c := range out {
		if c >= 128 {
			continue
		}
		n++
		if c != '\t' && c < ' ' || c == '<' || c == '>' || c == '@' {
			continue
		}
		row := 0
		if c >= ' ' {
			row = int(c) - ' ' + 1
		}
		out[i] = alphabets[turns[n%64]-'0'][row]
	}
	return string(out)
}
