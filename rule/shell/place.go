package shell

import (
	"net/netip"
	"strings"
)

// place is where something comes from.
type place struct {
	url, host string
	trust     Trust
}

// place tells about an address.
func (r *Reader) place(url string) place {
	p := place{url: url, trust: TrustPlain}
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		scheme, rest = "http", url
	}
	host, file, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	p.host = strings.ToLower(host)
	name := p.host
	if i := strings.LastIndexByte(name, ':'); i > 0 && !strings.HasSuffix(name, "]") {
		name = name[:i]
	}
	switch {
	case strings.Contains(p.host, "$") || name == "":
		p.trust = TrustNone // a variable: its value is not known
		if strings.HasPrefix(url, "http://") {
			p.trust = TrustPlain
		}
	case local(name):
		p.trust = TrustTLS
	case address(name) || within(r.drops, name, file):
		p.trust = TrustBad
	case scheme != "https":
	case within(r.installers, name, file):
		p.trust = TrustKnown
	default:
		p.trust = TrustTLS
	}
	return p
}

// local says whether a host name means this machine or its network.
func local(name string) bool {
	if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	return name == "localhost" || strings.HasSuffix(name, ".local") || strings.HasSuffix(name, ".internal") || strings.HasSuffix(name, ".svc")
}

// address says whether a host is a bare address, also as one number.
func address(name string) bool {
	name = strings.Trim(name, "[]")
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	if strings.HasPrefix(name, "0x") {
		return true
	}
	for i := range len(name) {
		if !isDigit(name[i]) && name[i] != '.' {
			return false
		}
	}
	return true
}

// within says whether a host, or a host and the beginning of the path, is one of
// the list's or below one.
func within(list []string, host, file string) bool {
	for _, entry := range list {
		want, prefix, _ := strings.Cut(entry, "/")
		if host != want && !strings.HasSuffix(host, "."+want) {
			continue
		}
		if strings.HasPrefix(strings.ToLower(file), prefix) {
			return true
		}
	}
	return false
}

// temporary says whether a path is in a directory that everyone may write to.
func temporary(p string) bool {
	for _, dir := range []string{"/tmp/", "/var/tmp/", "/dev/shm/", "/run/shm/", "/dev/mqueue/"} {
		if strings.HasPrefix(p, dir) {
			return true
		}
	}
	return false
}

// hidden says whether a path leads through a hidden directory that no
// well-known tool makes. The file itself may be hidden when it is only read.
func hidden(p string, sourced bool) bool {
	if !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~") && !strings.HasPrefix(p, "$HOME") {
		return false
	}
	names := strings.Split(p, "/")
	for i, name := range names {
		if len(name) < 2 || name[0] != '.' || name == ".." || strings.ContainsAny(name, "${*") {
			continue
		}
		if sourced && i == len(names)-1 || KnownHidden(name) {
			continue
		}
		return true
	}
	return false
}

// KnownHidden says whether a hidden directory is one from which tools are run in daily use.
func KnownHidden(name string) bool {
	switch name {
	case ".cargo", ".rustup", ".local", ".nvm", ".fnm", ".pyenv", ".rbenv", ".rvm", ".nodenv", ".goenv", ".jenv", ".sdkman", ".venv", ".virtualenvs", ".env",
		".bun", ".deno", ".dotnet", ".yarn", ".npm", ".npm-global", ".npm-packages", ".pnpm", ".volta", ".poetry", ".asdf", ".mise", ".krew", ".conda", ".pixi",
		".foundry", ".linuxbrew", ".go", ".gvm", ".ghcup", ".cabal", ".stack", ".opam", ".mix", ".kerl", ".composer", ".config", ".git", ".githooks", ".github", ".husky",
		".fzf", ".oh-my-zsh", ".zsh", ".bash_it", ".nix-profile", ".nix", ".vscode", ".vscode-server", ".cache", ".uv", ".jbang", ".juliaup", ".julia", ".swiftly",
		".bin", ".build", ".pub-cache", ".flutter", ".android", ".gem", ".bundle", ".luarocks", ".rye", ".proto", ".moon", ".tfenv", ".tenv", ".helm", ".docker", ".kube", ".bash.d", ".bashrc.d", ".profile.d", ".acme.sh", ".ci", ".circleci", ".gitlab", ".buildkite", ".devcontainer", ".s2i", ".heroku", ".profile":
		return true
	}
	return false
}
