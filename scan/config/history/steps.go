package history

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// commandHits asks about every command of every RUN and says each thing once.
func commandHits(v *view, ask func(words []string) string) []hit {
	var hits []hit
	seen := map[string]bool{}
	for _, s := range v.steps {
		for _, words := range s.commands {
			what := ask(plain(words))
			if what == "" || seen[what] {
				continue
			}
			seen[what] = true
			hits = append(hits, hit{what: what, layer: s.layer, key: what, code: shorten(redact(strings.Join(words, " ")))})
		}
	}
	return hits
}

// plain takes quotes off and leaves out what stands before the program: sudo, env, and
// assignments.
func plain(words []string) []string {
	var out []string
	for _, w := range words {
		w = strings.Trim(w, `"'`)
		if len(out) == 0 && (w == "sudo" || w == "env" || w == "exec" || w == "-E" || strings.Contains(w, "=") && !strings.HasPrefix(w, "-")) {
			continue
		}
		out = append(out, w)
	}
	return out
}

// program is the name of what a command runs.
func program(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return path.Base(words[0])
}

func sudo(v *view) []hit {
	for i := range v.Inventory.Packages {
		if p := &v.Inventory.Packages[i]; p.Name == "sudo" && p.Type != "pypi" && p.Type != "npm" {
			return []hit{{what: "the package sudo " + p.Version + " is installed", key: "package"}}
		}
	}
	for _, s := range v.steps {
		if slices.ContainsFunc(s.commands, func(w []string) bool { return program(w) == "sudo" }) {
			return []hit{{what: "a RUN of the build uses sudo", layer: s.layer, key: "run"}}
		}
	}
	return nil
}

func sshServer(v *view) []hit {
	for i := range v.Inventory.Packages {
		if p := &v.Inventory.Packages[i]; slices.Contains([]string{"openssh-server", "dropbear", "dropbear-bin"}, p.Name) {
			return []hit{{what: "the package " + p.Name + " " + p.Version + " is installed", key: "package"}}
		}
	}
	for _, w := range slices.Concat(v.Config.Entrypoint, v.Config.Cmd) {
		if base := path.Base(w); base == "sshd" || base == "dropbear" {
			return []hit{{what: "the image starts " + w, key: "start"}}
		}
	}
	return nil
}

// updates are the package managers' words for renewing lists.
var updates = map[string]string{"apt-get": "update", "apt": "update", "apk": "update", "zypper": "refresh", "pacman": "-Sy"}

func updateAlone(v *view) []hit {
	var hits []hit
	for _, s := range v.steps {
		if len(s.commands) == 0 || len(hits) > 0 {
			continue
		}
		only := !slices.ContainsFunc(s.commands, func(words []string) bool {
			words = plain(words)
			word, isManager := updates[program(words)]
			return !isManager && !slices.Contains([]string{"rm", "set", "true", "echo"}, program(words)) || isManager && !slices.Contains(words, word)
		})
		if only && slices.ContainsFunc(s.commands, func(w []string) bool { return updates[program(plain(w))] != "" }) {
			hits = append(hits, hit{what: "RUN " + shorten(s.rest), layer: s.layer})
		}
	}
	return hits
}

var setuidMode = regexp.MustCompile(`^0?[2-7][0-7]{3}$|^[ugoa]*\+[rwx]*s|^[ug]=[rwx]*s`)

func setuid(v *view) []hit {
	return commandHits(v, func(words []string) string {
		if program(words) == "chmod" && slices.ContainsFunc(words[1:], setuidMode.MatchString) {
			return "a set-uid or set-gid bit is set: " + shorten(strings.Join(words, " "))
		}
		return ""
	})
}

var worldMode = regexp.MustCompile(`^0?[0-7]?[0-7]{2}[2367]$|^(?:[ugo]*o[ugo]*|a|)\+[rx]*w[rwx]*$|^(?:[ugo]*o[ugo]*|a)=[rx]*w`)

func worldWritable(v *view) []hit {
	return commandHits(v, func(words []string) string {
		if program(words) != "chmod" || len(words) < 3 {
			return ""
		}
		i := slices.IndexFunc(words[1:], func(w string) bool { return !strings.HasPrefix(w, "-") })
		if i < 0 || !worldMode.MatchString(words[i+1]) || words[i+1] == "+w" {
			return ""
		}
		if strings.HasPrefix(words[i+1], "1") && len(words[i+1]) == 4 {
			return "" // sticky, as /tmp is
		}
		return "everyone may write: " + shorten(strings.Join(words, " "))
	})
}

func addURL(v *view) []hit {
	var hits []hit
	for _, s := range v.steps {
		if s.word != "ADD" || strings.Contains(s.rest, "--checksum=") {
			continue
		}
		for w := range strings.FieldsSeq(s.rest) {
			if strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "ftp://") {
				w = redact(w)
				hits = append(hits, hit{what: "ADD " + shorten(w), layer: s.layer, key: w})
			}
		}
	}
	return hits
}

// passwordSet never tells the password: only what sets it.
func passwordSet(v *view) []hit {
	var hits []hit
	for _, s := range v.steps {
		for _, words := range s.commands {
			words = plain(words)
			what := ""
			switch program(words) {
			case "chpasswd":
				what = "chpasswd sets a password"
			case "sshpass":
				what = "sshpass uses a password"
			case "passwd":
				if slices.Contains(words, "-d") || slices.Contains(words, "--stdin") {
					what = "passwd removes or sets a password"
				}
			case "usermod", "useradd", "adduser":
				if slices.Contains(words, "-p") || slices.Contains(words, "--password") {
					what = program(words) + " sets a password"
				}
			}
			if what != "" {
				hits = append(hits, hit{what: what, layer: s.layer, key: what})
			}
		}
	}
	return hits
}

// careless are options that switch verification off, by program.
var careless = map[string][]string{
	"curl":               {"-k", "--insecure", "--proxy-insecure"},
	"wget":               {"--no-check-certificate"},
	"git":                {"http.sslVerify=false", "http.sslverify=false"},
	"apt-get":            {"--allow-unauthenticated", "--force-yes", "APT::Get::AllowUnauthenticated=true"},
	"apt":                {"--allow-unauthenticated", "--force-yes"},
	"apk":                {"--allow-untrusted"},
	"yum":                {"--nogpgcheck", "sslverify=0"},
	"dnf":                {"--nogpgcheck", "--no-gpgchecks"},
	"microdnf":           {"--nogpgcheck"},
	"zypper":             {"--no-gpg-checks"},
	"rpm":                {"--nosignature", "--nodigest"},
	"pip":                {"--trusted-host"},
	"pip3":               {"--trusted-host"},
	"npm":                {"strict-ssl=false", "--strict-ssl=false"},
	"gem":                {"--no-verify"},
	"conda":              {"--insecure"},
	"helm":               {"--insecure-skip-tls-verify"},
	"go":                 {"-insecure"},
	"composer":           {"--no-secure-http"},
	"gpg":                {"--no-verify"},
	"apt-key":            {"--allow-unauthenticated"},
	"add-apt-repository": {"--allow-unauthenticated"},
}

func unverified(v *view) []hit {
	return commandHits(v, func(words []string) string {
		options := careless[program(words)]
		for _, w := range words {
			option, _, _ := strings.Cut(w, "=")
			short := program(words) == "curl" && curlShort.MatchString(w)
			if short || slices.Contains(options, w) || slices.Contains(options, option) && option != "" && strings.HasPrefix(option, "--") {
				return program(words) + " " + w
			}
		}
		return ""
	})
}

// curlShort is a group of curl's short options with k among them, before any
// that takes a value.
var curlShort = regexp.MustCompile(`^-[afgijlnpqsvBGIJLMNOSZ#0-46]*k`)

func aptRecommends(v *view) []hit {
	for _, s := range v.steps {
		for _, words := range s.commands {
			words = plain(words)
			if p := program(words); p != "apt-get" && p != "apt" || !slices.Contains(words, "install") {
				continue
			}
			if !strings.Contains(strings.Join(words, " "), "-no-install-recommends") && !strings.Contains(strings.ToLower(strings.Join(words, " ")), "install-recommends=") {
				return []hit{{what: "apt installs recommended packages", layer: s.layer, code: shorten(redact(strings.Join(words, " ")))}}
			}
		}
	}
	return nil
}

func distUpgrade(v *view) []hit {
	return commandHits(v, func(words []string) string {
		p := program(words)
		if (p == "apt-get" || p == "apt") && (slices.Contains(words, "dist-upgrade") || slices.Contains(words, "full-upgrade")) || p == "do-release-upgrade" {
			return p + " upgrades the distribution"
		}
		return ""
	})
}

var (
	userInfo   = regexp.MustCompile(`://[^/\s@]+@`)
	assignment = regexp.MustCompile(`(?i)((?:pass(?:word|wd|phrase)?|secret|token|api-?_?key|credentials?)["']?\s*[=: ]\s*)\S+`)
	curlUser   = regexp.MustCompile(`(\s-u\s*|\s--user[= ])\S+`)
)

// redact takes credentials out of an instruction.
func redact(s string) string {
	s = userInfo.ReplaceAllString(s, "://***@")
	s = curlUser.ReplaceAllString(s, "${1}***")
	return assignment.ReplaceAllString(s, "${1}***")
}
