package suppress

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Limits of VEX input.
const (
	maxDocument  = 64 << 20 // bytes of one document
	maxDocuments = 100_000  // documents of one directory
)

// anyPURL in Rule.PURLs stands for every package.
const anyPURL = "pkg:*"

// Product is what is being scanned, as a VEX document may name it.
type Product struct {
	// Name is the reference ("docker.io/library/nginx:1") and Digest the
	// manifest's.
	Name, Digest string
}

// is says whether a product identifier names the scanned image: the reference
// or digest itself, or an OCI package URL with its digest, or one without a
// digest that has its repository, or at least the repository's last name.
// Source: purl-spec, type oci.
func (p Product) is(id string) bool {
	if p.Name != "" && id == p.Name || p.Digest != "" && id == p.Digest {
		return true
	}
	base, version, query := splitPURL(id)
	name, ok := strings.CutPrefix(base, "pkg:oci/")
	if !ok || p.Name == "" {
		return false
	}
	repository := repositoryOf(p.Name)
	if name != strings.ToLower(repository[strings.LastIndexByte(repository, '/')+1:]) {
		return false
	}
	if version != "" {
		return version == p.Digest
	}
	values, err := url.ParseQuery(query)
	where := values.Get("repository_url")
	return err == nil && (where == "" || repositoryOf(where) == repository)
}

// repositoryOf is the repository of a reference, without tag and digest and
// without what may be left out of references to Docker Hub.
func repositoryOf(reference string) string {
	r, _, _ := strings.Cut(reference, "@")
	if i := strings.LastIndexByte(r, ':'); i > strings.LastIndexByte(r, '/') {
		r = r[:i]
	}
	for _, prefix := range []string{"https://", "index.docker.io/", "docker.io/", "library/"} {
		r = strings.TrimPrefix(r, prefix)
	}
	return r
}

// ReadVEX reads an OpenVEX or CSAF document, or every *.json below a
// directory, such as a checked-out VEX repository.
func ReadVEX(path string, about Product) (Rules, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read VEX: %w", err)
	}
	if !info.IsDir() {
		return readVEXFile(path, about, true)
	}
	var rules Rules
	n := 0
	err = filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".json") {
			return err
		}
		if n++; n > maxDocuments {
			return fmt.Errorf("read VEX directory %s: more than %d documents", path, maxDocuments)
		}
		more, err := readVEXFile(file, about, false)
		rules = append(rules, more...)
		return err
	})
	return rules, err
}

// readVEXFile reads one document. In a directory, JSON that is no VEX (an
// index) is passed over.
func readVEXFile(path string, about Product, must bool) (Rules, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read VEX: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read VEX %s: %w", path, err)
	}
	if len(data) > maxDocument {
		return nil, fmt.Errorf("read VEX %s: larger than %d bytes", path, maxDocument)
	}
	return ParseVEX(data, path, about, must)
}

// ParseVEX reads one document and tells its kind by its content. With must, a
// document of another kind is an error.
func ParseVEX(data []byte, name string, about Product, must bool) (Rules, error) {
	var kind struct {
		Context  string          `json:"@context"`
		Document json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return nil, fmt.Errorf("read VEX %s: %w", name, err)
	}
	switch {
	case strings.Contains(kind.Context, "openvex"):
		return parseOpenVEX(data, name, about)
	case kind.Document != nil:
		return parseCSAF(data, name)
	case must:
		return nil, fmt.Errorf("read VEX %s: neither OpenVEX nor CSAF", name)
	}
	return nil, nil
}
