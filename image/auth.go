package image

import (
	"errors"
	"fmt"
	"os"
	pathpkg "path"
	"path/filepath"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	"github.com/docker/cli/cli/config/types"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
)

// authenticator finds the credentials for a repository: those of the options,
// or the first that Docker's and Podman's credential files have, including
// what their credential helpers return. Unlike authn.DefaultKeychain it does
// not stop at the first file that exists, so that a Docker configuration
// without logins does not hide Podman's.
//
// Without credentials it returns authn.Anonymous, and why some could not be
// read: a missing helper matters only once the registry refuses.
func (o *Options) authenticator(repo name.Repository) (authn.Authenticator, error) {
	switch {
	case o.Token != "":
		return authn.FromConfig(authn.AuthConfig{RegistryToken: o.Token}), nil
	case o.Username != "" || o.Password != "":
		return authn.FromConfig(authn.AuthConfig{Username: o.Username, Password: o.Password}), nil
	}
	var problems []error
	for _, path := range o.authFiles() {
		cfg, err := loadAuthFile(path)
		if os.IsNotExist(err) && o.AuthFile == "" {
			continue
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("read credentials %s: %w", path, err))
			continue
		}
		auth, err := lookup(cfg, repo)
		if err != nil {
			problems = append(problems, fmt.Errorf("read credentials %s: %w", path, err))
		}
		if auth != authn.Anonymous {
			return auth, nil
		}
	}
	return authn.Anonymous, errors.Join(problems...)
}

// authFiles are the credential files in order of precedence.
// Sources: docker login(1), containers-auth.json(5).
func (o *Options) authFiles() []string {
	if o.AuthFile != "" {
		return []string{o.AuthFile}
	}
	var files []string
	home, _ := os.UserHomeDir()
	if path := os.Getenv("REGISTRY_AUTH_FILE"); path != "" {
		files = append(files, path)
	}
	if dir := os.Getenv("DOCKER_CONFIG"); dir != "" {
		files = append(files, filepath.Join(dir, "config.json"))
	} else if home != "" {
		files = append(files, filepath.Join(home, ".docker", "config.json"))
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		files = append(files, filepath.Join(dir, "containers", "auth.json"))
	} else {
		files = append(files, fmt.Sprintf("/run/containers/%d/auth.json", os.Getuid()))
	}
	if dir, err := os.UserConfigDir(); err == nil {
		files = append(files, filepath.Join(dir, "containers", "auth.json"))
	}
	return files
}

func loadAuthFile(path string) (*configfile.ConfigFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return config.LoadFromReader(f)
}

// lookup returns what cfg has for repo, authn.Anonymous if nothing. Entries for
// a namespace of the registry, which only Podman writes, precede those for all
// of it; helpers are asked for whole registries alone.
func lookup(cfg *configfile.ConfigFile, repo name.Repository) (authn.Authenticator, error) {
	hosts := []string{repo.RegistryStr()}
	if hosts[0] == name.DefaultRegistry {
		hosts = []string{"docker.io", authn.DefaultAuthKey, name.DefaultRegistry}
	}
	for path := repo.RepositoryStr(); path != "."; path = pathpkg.Dir(path) {
		for _, host := range hosts {
			if found, ok := cfg.AuthConfigs[host+"/"+path]; ok {
				return fromDocker(found), nil
			}
		}
	}
	var problems []error
	for _, host := range hosts {
		found, err := cfg.GetAuthConfig(host)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", host, err))
			continue
		}
		found.ServerAddress = "" // is set, found or not
		if found != (types.AuthConfig{}) {
			return fromDocker(found), nil
		}
	}
	return authn.Anonymous, errors.Join(problems...)
}

func fromDocker(c types.AuthConfig) authn.Authenticator {
	return authn.FromConfig(authn.AuthConfig{
		Username:      c.Username,
		Password:      c.Password,
		Auth:          c.Auth,
		IdentityToken: c.IdentityToken,
		RegistryToken: c.RegistryToken,
	})
}
