package image

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxPEM bounds a file of certificates or a key.
const maxPEM = 4 << 20

// tlsFiles are the certificates of a Docker daemon and its client in one
// folder: ca.pem, cert.pem and key.pem, each of which may be missing.
// Source: Docker, "Protect the Docker daemon socket".
type tlsFiles struct {
	dir      string
	insecure bool // do not verify the daemon
}

// config reads the files.
func (t *tlsFiles) config() (*tls.Config, error) {
	cfg := &tls.Config{InsecureSkipVerify: t.insecure}
	ca, err := readPEM(filepath.Join(t.dir, "ca.pem"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(ca) {
			return nil, fmt.Errorf("%s: %w: no certificate in it", filepath.Join(t.dir, "ca.pem"), ErrCorrupt)
		}
	}
	err = addClientKey(cfg, filepath.Join(t.dir, "cert.pem"), filepath.Join(t.dir, "key.pem"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return cfg, nil
}

// addClientKey gives a connection the certificate with which to log in.
func addClientKey(cfg *tls.Config, certPath, keyPath string) error {
	cert, err := readPEM(certPath)
	if err != nil {
		return err
	}
	key, err := readPEM(keyPath)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("%s: %w", certPath, err)
	}
	cfg.Certificates = append(cfg.Certificates, pair)
	return nil
}

func readPEM(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, maxPEM)
}

// certDirs are where per-registry certificates lie, a folder for each
// "host[:port]". Sources: Docker, "Verify repository client with certificates";
// containers-certs.d(5).
func (o *Options) certDirs() []string {
	if o.CertDir != "" {
		return []string{o.CertDir}
	}
	dirs := []string{"/etc/docker/certs.d", "/etc/containers/certs.d"}
	if dir, err := os.UserConfigDir(); err == nil {
		dirs = append(dirs, filepath.Join(dir, "docker", "certs.d"), filepath.Join(dir, "containers", "certs.d"))
	}
	return dirs
}

// registryTLS returns what the certificate folders say about a registry, nil if
// nothing: each *.crt is a further authority, each *.cert with its *.key one
// with which to log in.
func (o *Options) registryTLS(host string) (*tls.Config, error) {
	cfg := new(tls.Config)
	for _, dir := range o.certDirs() {
		if !filepath.IsLocal(host) {
			break
		}
		if err := addRegistryCerts(cfg, filepath.Join(dir, host)); err != nil {
			return nil, fmt.Errorf("read certificates for %s: %w", host, err)
		}
	}
	if cfg.RootCAs == nil && cfg.Certificates == nil {
		return nil, nil
	}
	return cfg, nil
}

func addRegistryCerts(cfg *tls.Config, dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch filepath.Ext(path) {
		case ".crt":
			err = addAuthority(cfg, path)
		case ".cert":
			err = addClientKey(cfg, path, path[:len(path)-len(".cert")]+".key")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addAuthority has a connection accept what the authorities in a file signed,
// beside those of the system.
func addAuthority(cfg *tls.Config, path string) error {
	data, err := readPEM(path)
	if err != nil {
		return err
	}
	if cfg.RootCAs == nil {
		if cfg.RootCAs, err = x509.SystemCertPool(); err != nil {
			cfg.RootCAs = x509.NewCertPool()
		}
	}
	if !cfg.RootCAs.AppendCertsFromPEM(data) {
		return fmt.Errorf("%s: %w: no certificate in it", path, ErrCorrupt)
	}
	return nil
}
