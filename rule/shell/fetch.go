package shell

import "strings"

// unchecked finds downloads and installations without checks, and notes checks.
func (j *judge) unchecked(a asked) {
	for _, s := range a.assigns {
		j.switchedOff(a, s)
	}
	switch a.name {
	case "export":
		for _, w := range a.args {
			j.switchedOff(a, w.text)
		}
	case "sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "sha384sum":
		j.checked = j.checked || a.option('c', "--check") || a.option('c', "--strict")
	case "gpg", "gpgv", "gpg2", "cosign", "minisign", "signify", "rsign":
		j.checked = j.checked || a.contains("verify") || a.name == "gpgv" || a.option('V', "")
	case "curl":
		if a.option('k', "--insecure") {
			j.add(a, InsecureTLS, "curl -k")
		}
	case "wget", "wget2":
		if a.option(0, "--no-check-certificate") {
			j.add(a, InsecureTLS, "wget --no-check-certificate")
		}
	case "git":
		if a.contains("http.sslVerify=false") || a.contains("http.sslverify=false") || a.word("http.sslVerify") && a.word("false") {
			j.add(a, InsecureTLS, "git http.sslVerify=false")
		}
	case "npm", "yarn", "pnpm":
		if a.contains("strict-ssl=false") || (a.word("strict-ssl") || a.word("--strict-ssl")) && a.word("false") {
			j.add(a, InsecureTLS, a.name+" strict-ssl false")
		}
	}
	j.unsigned(a)
}

// switchedOff looks at a variable that turns checks off.
func (j *judge) switchedOff(a asked, s string) {
	name, value, _ := strings.Cut(s, "=")
	switch {
	case name == "NODE_TLS_REJECT_UNAUTHORIZED" && value == "0",
		name == "GIT_SSL_NO_VERIFY" && value != "" && value != "0" && value != "false",
		name == "PYTHONHTTPSVERIFY" && value == "0":
		j.add(a, InsecureTLS, s)
	}
}

// unsigned finds package managers that are told not to look at signatures.
func (j *judge) unsigned(a asked) {
	switch a.name {
	case "apt", "apt-get", "aptitude":
		for _, w := range []string{"--allow-unauthenticated", "--force-yes", "AllowInsecureRepositories=true", "AllowUnauthenticated=true", "AllowInsecureRepositories=1", "AllowUnauthenticated=1"} {
			if a.contains(w) {
				j.add(a, Unsigned, w)
			}
		}
	case "yum", "dnf", "microdnf", "tdnf", "zypper", "rpm":
		for _, w := range []string{"--nogpgcheck", "--nogpg", "--no-gpg-checks", "--nosignature", "--nodigest", "gpgcheck=0"} {
			if a.contains(w) {
				j.add(a, Unsigned, w)
			}
		}
	case "apk":
		if a.contains("--allow-untrusted") {
			j.add(a, Unsigned, "--allow-untrusted")
		}
	case "echo", "printf", "sed", "tee", "cat":
		if strings.Contains(a.cmd.here, "[trusted=yes]") || a.contains("trusted=yes") && a.contains("deb") {
			j.add(a, Unsigned, "[trusted=yes]")
		}
	}
}

// sends finds commands that send away what identifies this machine or opens
// others.
func (j *judge) sends(a asked) {
	a.in = flow{}
	switch a.name {
	case "curl", "wget", "nslookup", "dig", "ping", "host", "nc":
	default:
		return
	}
	for _, w := range a.args {
		for _, p := range w.subs {
			if len(p) == 0 {
				continue
			}
			switch c := callOf(&p[0]); c.name {
			case "whoami", "id", "env", "printenv", "uname", "ifconfig":
				j.add(a, Exfiltrate, c.name)
			case "hostname", "pwd", "cat":
				if a.name != "curl" && a.name != "wget" || c.contains("/etc/passwd") || c.contains("/etc/shadow") {
					j.add(a, Exfiltrate, c.name)
				}
			}
		}
		for _, file := range []string{"/etc/passwd", "/etc/shadow", "/.ssh/id_", "/.aws/credentials", "/.npmrc", "/.docker/config.json", "/.kube/config"} {
			if strings.Contains(w.text, "@") && strings.Contains(w.text, file) {
				j.add(a, Exfiltrate, file)
			}
		}
		if (w.text == "@-" || strings.HasSuffix(w.text, "=@-")) && (strings.HasPrefix(a.code, "env |") || strings.HasPrefix(a.code, "printenv |") || strings.HasPrefix(a.code, "set |")) {
			j.add(a, Exfiltrate, "the environment")
		}
	}
}
