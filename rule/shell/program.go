package shell

import (
	"path"
	"strings"
)

// downloads says whether the program fetches something from a network address.
func (c call) downloads() bool {
	switch c.name {
	case "curl", "wget", "wget2", "fetch", "aria2c", "axel", "lynx", "w3m", "links", "http", "https", "xh", "get", "lwp-request", "lwp-download", "tftp", "ftpget", "curlie":
		return c.url() != ""
	}
	return false
}

// url is the address that a download names, "" for none.
func (c call) url() string {
	bare := ""
	for i, a := range c.args {
		t := strings.TrimPrefix(a.text, "--url=")
		switch {
		case strings.Contains(t, "://"):
			return t
		case strings.HasPrefix(t, "-") || i > 0 && takesValue(c.name, c.args[i-1].text):
		case bare == "" && (strings.ContainsAny(t, ".$:") || len(a.subs) > 0):
			bare = t
			if bare == "" {
				bare = "$"
			}
		}
	}
	return bare
}

// takesValue says whether the option before a word takes it as its value.
func takesValue(name, option string) bool {
	if len(option) < 2 || option[0] != '-' {
		return false
	}
	if strings.HasPrefix(option, "--") {
		switch option {
		case "--output", "--header", "--data", "--user", "--retry", "--max-time", "--connect-timeout", "--output-document", "--request", "--user-agent", "--tries", "--timeout", "--cacert", "--directory-prefix", "--proto":
			return true
		}
		return false
	}
	last := option[len(option)-1]
	if strings.HasPrefix(name, "wget") {
		return strings.IndexByte("OPtTwUoia", last) >= 0
	}
	return strings.IndexByte("oHdumAXexFTCcKbrwyYzQDE", last) >= 0
}

// output is the file that a download is written to; keeps is false when it goes
// to standard output.
func (c call) output() (file string, keeps bool) {
	base := path.Base(strings.TrimRight(strings.SplitN(c.url(), "?", 2)[0], "/"))
	wget := c.name != "curl" && c.name != "curlie" && c.name != "lynx" && c.name != "w3m" && c.name != "links" && c.name != "get" && c.name != "http" && c.name != "https" && c.name != "xh" && c.name != "lwp-request"
	for i, a := range c.args {
		t := a.text
		value := ""
		if i+1 < len(c.args) {
			value = c.args[i+1].text
		}
		if strings.HasPrefix(t, "--") {
			name, v, ok := strings.Cut(t, "=")
			if !ok {
				v = value
			}
			switch name {
			case "--output", "--output-document":
				return v, v != "-" && v != "/dev/stdout"
			case "--remote-name", "--remote-name-all":
				return base, true
			}
			continue
		}
		if len(t) < 2 || t[0] != '-' {
			continue
		}
		flag := byte('o')
		if wget {
			flag = 'O'
		}
		if k := strings.IndexByte(t, flag); k > 0 {
			if k+1 < len(t) {
				value = t[k+1:]
			}
			return value, value != "-" && value != "/dev/stdout"
		}
		if !wget && strings.IndexByte(t, 'O') > 0 {
			return base, true
		}
	}
	return base, wget
}

// decodes says whether the program turns text into something unreadable
// before: an encoding, a cipher.
func (c call) decodes() bool {
	switch c.name {
	case "base64", "base32", "base58", "basenc":
		return c.option('d', "--decode") || c.option('D', "")
	case "xxd":
		return c.option('r', "")
	case "openssl":
		return c.option('d', "") && (c.word("enc") || c.word("base64") || c.word("-base64"))
	case "uudecode":
		return true
	case "rev":
		return true
	case "tr":
		return len(c.args) >= 2 && strings.Contains(strings.ToLower(c.args[0].text), "a-z") && rotated(c.args[1].text)
	}
	return false
}

// rotated says whether a set of tr(1) is an alphabet that does not begin with
// its first letter, as rot13's.
func rotated(set string) bool {
	lower := strings.ToLower(set)
	return strings.Contains(lower, "-z") && !strings.HasPrefix(lower, "a-z") && strings.Contains(lower, "a-") && len(set) > 4
}

// encoded says whether the program prints text that is written in codes.
func (c call) encoded() bool {
	if c.name != "echo" && c.name != "printf" {
		return false
	}
	const few = 8
	for _, a := range c.args {
		if strings.Count(a.text, `\x`) >= few || c.name == "printf" && strings.Count(a.text, `\1`) >= few {
			return true
		}
	}
	return false
}

// consumes says whether the program takes its input for itself.
func (c call) consumes() bool {
	switch c.name {
	case "tar", "bsdtar", "cpio", "unzip", "apt-key", "gpg", "gpg2", "dpkg", "rpm", "jq", "docker", "kubectl", "sha256sum", "md5sum", "wc", "psql", "mysql", "crontab", "patch", "git":
		return true
	}
	return false
}

// option says whether a letter stands in a group of short options, or the long
// option is there.
func (c call) option(letter byte, long string) bool {
	for _, a := range c.args {
		t := a.text
		if long != "" && (t == long || strings.HasPrefix(t, long+"=")) {
			return true
		}
		if letter != 0 && len(t) > 1 && t[0] == '-' && t[1] != '-' && strings.IndexByte(t, letter) > 0 {
			return true
		}
	}
	return false
}

// word says whether one of the arguments is w.
func (c call) word(w string) bool {
	for _, a := range c.args {
		if a.text == w {
			return true
		}
	}
	return false
}

// contains says whether one of the arguments contains s.
func (c call) contains(s string) bool {
	for _, a := range c.args {
		if strings.Contains(a.text, s) {
			return true
		}
	}
	return false
}
