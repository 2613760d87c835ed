package history

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func one(format string, args ...any) []hit { return []hit{{what: fmt.Sprintf(format, args...)}} }

func userRoot(v *view) []hit {
	user, _, _ := strings.Cut(v.Config.User, ":")
	switch user {
	case "":
		return one("no USER is set, so the image runs as root")
	case "root", "0":
		return one("USER is %s", v.Config.User)
	}
	return nil
}

// age is how old an image may become.
const age = 365 * 24 * time.Hour

// old judges by the date of the build; reproducible builds have none or one
// before containers existed.
func old(v *view) []hit {
	made := v.Config.Created
	if made.Year() < 2013 || v.now.Sub(made) < age {
		return nil
	}
	return one("built on %s, %d days ago", made.Format(time.DateOnly), int(v.now.Sub(made).Hours()/24))
}

// baseName is where builders note what an image stands on.
const baseName = "org.opencontainers.image.base.name"

func latest(v *view) []hit {
	var hits []hit
	if base := v.Config.Labels[baseName]; base != "" && isLatest(base) {
		hits = append(hits, hit{what: "the base image is " + base, key: "base"})
	}
	for _, t := range v.Tags {
		if strings.HasSuffix(t, ":latest") || t == "latest" {
			hits = append(hits, hit{what: "the image is named " + t, key: "tag"})
			break
		}
	}
	return hits
}

// isLatest says whether a reference has the tag latest, or none and no digest.
func isLatest(ref string) bool {
	if strings.Contains(ref, "@") {
		return false
	}
	last := ref[strings.LastIndexByte(ref, '/')+1:]
	_, tag, ok := strings.Cut(last, ":")
	return !ok || tag == "latest"
}

// healthcheck asks the configuration, and the history because OCI configurations
// do not keep it.
func healthcheck(v *view) []hit {
	if len(v.Config.Healthcheck) > 0 {
		if v.Config.Healthcheck[0] == "NONE" {
			return one("the health check is switched off")
		}
		return nil
	}
	for _, s := range slices.Backward(v.steps) {
		if s.word == "HEALTHCHECK" {
			if strings.Contains(strings.ToUpper(s.rest), "NONE") {
				return one("the health check is switched off")
			}
			return nil
		}
	}
	return one("no HEALTHCHECK is set")
}

// secretWords are parts of names, between underscores, that say secret.
var secretWords = []string{"PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "SECRET", "TOKEN", "APIKEY", "CREDENTIAL", "CREDENTIALS"}

// secretPairs are two such parts in a row.
var secretPairs = []string{"API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "SECRET_KEY", "AUTH_KEY", "ENCRYPTION_KEY", "MASTER_KEY", "SIGNING_KEY"}

// secretEnv goes by names; that values are secrets is the secret scanner's to see.
func secretEnv(v *view) []hit {
	var hits []hit
	for _, e := range v.env {
		if secretName(e[0]) && secretValue(e[1]) {
			hits = append(hits, hit{what: "ENV " + e[0] + " is set in the image", key: e[0]})
		}
	}
	return hits
}

func secretName(name string) bool {
	upper := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
	parts := strings.Split(upper, "_")
	if upper == "PWD" || upper == "OLDPWD" || slices.Contains([]string{"FILE", "PATH", "DIR", "URL", "URI", "NAME", "ID", "LENGTH", "TTL", "POLICY", "EXPIRY", "ENABLED"}, parts[len(parts)-1]) {
		return false
	}
	if slices.ContainsFunc(secretPairs, func(p string) bool { return strings.Contains("_"+upper+"_", "_"+p+"_") }) {
		return true
	}
	return slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(secretWords, p) })
}

// secretValue leaves out what is no secret: nothing, switches, paths, references.
func secretValue(value string) bool {
	lower := strings.ToLower(strings.TrimSpace(value))
	if len(lower) < 3 || strings.HasPrefix(lower, "/") || strings.HasPrefix(lower, "$") || strings.HasPrefix(lower, "<") {
		return false
	}
	return !slices.Contains([]string{"true", "false", "yes", "none", "null", "off", "disabled", "enabled"}, lower)
}

// switches are variables that turn verification off, with the values that do.
var switches = map[string][]string{
	"NODE_TLS_REJECT_UNAUTHORIZED": {"0"},
	"PYTHONHTTPSVERIFY":            {"0"},
	"GIT_SSL_NO_VERIFY":            {"1", "true", "yes"},
	"NPM_CONFIG_STRICT_SSL":        {"false"},
	"GOINSECURE":                   nil, // any value
	"GONOSUMDB":                    {"*"},

	"PIP_TRUSTED_HOST": nil,

	"ANSIBLE_HOST_KEY_CHECKING": {"false"},
}

func tlsOff(v *view) []hit {
	var hits []hit
	for _, e := range v.env {
		values, ok := switches[strings.ToUpper(e[0])]
		if !ok || values != nil && !slices.Contains(values, strings.ToLower(e[1])) || values == nil && e[1] == "" {
			continue
		}
		hits = append(hits, hit{what: fmt.Sprintf("ENV %s=%s", e[0], shorten(e[1])), key: e[0]})
	}
	return hits
}

// loaders are variables that make programs run code of another file.
var loaders = []string{"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT", "DYLD_INSERT_LIBRARIES"}

func preload(v *view) []hit {
	var hits []hit
	for _, e := range v.env {
		if slices.Contains(loaders, e[0]) && e[1] != "" {
			hits = append(hits, hit{what: fmt.Sprintf("ENV %s=%s", e[0], shorten(redact(e[1]))), key: e[0]})
		}
	}
	return hits
}

// open are directories that everyone can write to.
var open = []string{"/tmp", "/var/tmp", "/dev/shm", "/run/lock"}

func unsafePath(v *view) []hit {
	for _, e := range v.env {
		if e[0] != "PATH" || e[1] == "" {
			continue
		}
		for dir := range strings.SplitSeq(e[1], ":") {
			temporary := slices.ContainsFunc(open, func(o string) bool { return dir == o || strings.HasPrefix(dir, o+"/") })
			if temporary || !strings.HasPrefix(dir, "/") {
				return one("PATH has %q", dir)
			}
		}
	}
	return nil
}

// adminPorts are those of services that administer the container or the host.
var adminPorts = map[string]string{
	"22": "SSH", "23": "telnet", "21": "FTP", "69/udp": "TFTP", "111": "portmapper", "512": "rexec", "513": "rlogin", "514": "rsh",
	"873": "rsync", "2375": "the Docker API", "2376": "the Docker API", "3389": "RDP", "5900": "VNC", "5901": "VNC", "6000": "X11",
	"10250": "the kubelet", "2379": "etcd", "6443": "the Kubernetes API", "5985": "WinRM", "5986": "WinRM",
}

func adminPort(v *view) []hit {
	var hits []hit
	for _, p := range v.Config.Ports {
		port := strings.TrimSuffix(p, "/tcp")
		if name, ok := adminPorts[port]; ok {
			hits = append(hits, hit{what: fmt.Sprintf("port %s, %s, is exposed", p, name), key: port})
		}
	}
	return hits
}

// hostPlaces are directories and sockets that belong to the host.
var hostPlaces = []string{
	"/", "/boot", "/dev", "/etc", "/lib/modules", "/proc", "/sys", "/root/.ssh", "/var/lib/docker", "/var/lib/kubelet", "/etc/kubernetes",
	"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/crio/crio.sock", "/run/podman/podman.sock",
}

func sensitiveVolume(v *view) []hit {
	var hits []hit
	for _, p := range v.Config.Volumes {
		clean := strings.TrimRight(p, "/")
		if clean == "" {
			clean = "/"
		}
		if slices.Contains(hostPlaces, clean) {
			hits = append(hits, hit{what: "VOLUME " + p, key: clean})
		}
	}
	return hits
}
