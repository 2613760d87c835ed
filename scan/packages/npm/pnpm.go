package npm

import (
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/outline"
	"github.com/boltseal/boltseal/scan/scanner"
)

// parsePnpm reads pnpm-lock.yaml of lockfileVersion 5 to 9. The keys of
// "packages" are /name/1.0.0_peers (5), /name@1.0.0(peers) (6) and
// name@1.0.0 (9). Version 9 does not mark development dependencies.
func parsePnpm(data []byte, max int) ([]inventory.Package, error) {
	var pkgs []inventory.Package
	var key string
	var entry inventory.Package
	inside := false
	flush := func() {
		if key != "" && isName(entry.Name) && entry.Version != "" {
			pkgs = scanner.Append(pkgs, entry, max)
		}
		key = ""
	}
	for l := range outline.All(data) {
		switch {
		case l.Indent == 0:
			flush()
			inside = l.Key == "packages"
		case !inside:
		case l.Indent == 2 && !l.Item:
			flush()
			key = l.Key
			entry = npmPackage(pnpmKey(key))
		case l.Indent == 4 && !l.Item:
			switch l.Key {
			case "dev":
				entry.Dev = l.Value == "true"
			case "name": // of tarballs and git repositories
				entry.Name = l.Value
			case "version":
				entry.Version = l.Value
			}
		}
	}
	flush()
	return pkgs, nil
}

// pnpmKey splits a key. The version of what does not come from a registry is
// "", and so may be its name: they stand in fields.
func pnpmKey(key string) (name, version string) {
	key, _, _ = strings.Cut(strings.TrimPrefix(key, "/"), "(")
	name, version = splitSpec(key)
	if version == "" || !isName(name) {
		name, version = pnpm5Key(key)
	}
	if version == "" || version[0] < '0' || version[0] > '9' || strings.ContainsAny(version, ":/") {
		return name, ""
	}
	return name, version
}

// pnpm5Key splits a key of version 5: the last slash is between name and
// version, "_" begins the peers, and a registry's host may stand before it.
func pnpm5Key(key string) (name, version string) {
	i := strings.LastIndexByte(key, '/')
	if i < 0 {
		return "", ""
	}
	name = key[:i]
	version, _, _ = strings.Cut(key[i+1:], "_")
	if !strings.Contains(version, ".") {
		return "", "" // a commit
	}
	if host, rest, ok := strings.Cut(name, "/"); ok && strings.Contains(host, ".") && host[0] != '@' {
		name = rest
	}
	return name, version
}
