package update

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"path"
	"strings"
)

// maxRepomd is how large a list of repositories or their files may be.
const maxRepomd = 1 << 20

// updateinfo finds the address of a repository's updateinfo, "" when it has
// none. Sources: yum.conf(5), mirrorlist; createrepo_c's repomd.xml.
func (u *updater) updateinfo(ctx context.Context, repository string) (string, error) {
	if path.Base(repository) == "mirror.list" {
		b, err := u.get(ctx, u.mirrored(repository), maxRepomd)
		if err != nil {
			return "", err
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
		first = strings.ReplaceAll(strings.TrimSpace(first), "$basearch", "x86_64")
		scheme, rest, ok := strings.Cut(first, "://")
		if !ok || scheme != "https" && scheme != "http" {
			return "", fmt.Errorf("read %s: %q is no address", repository, first[:min(len(first), 100)])
		}
		repository = "https://" + rest // the list of Amazon Linux 1 is older than that
	}
	base := u.mirrored(strings.TrimRight(repository, "/"))
	address := base + "/repodata/repomd.xml"
	b, err := u.get(ctx, address, maxRepomd)
	if err != nil {
		return "", err
	}
	file, err := updateinfoIn(b)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", address, err)
	}
	if file == "" {
		return "", nil
	}
	return base + "/" + file, nil
}

// updateinfoIn is the place of the updateinfo below the repository.
func updateinfoIn(repomd []byte) (string, error) {
	var list struct {
		XMLName xml.Name `xml:"repomd"`
		Data    []struct {
			Type     string `xml:"type,attr"`
			Location struct {
				Href string `xml:"href,attr"`
			} `xml:"location"`
		} `xml:"data"`
	}
	if err := xml.NewDecoder(bytes.NewReader(repomd)).Decode(&list); err != nil {
		return "", err
	}
	for _, d := range list.Data {
		if d.Type != "updateinfo" {
			continue
		}
		if href := d.Location.Href; href == path.Clean(href) && !path.IsAbs(href) && !strings.HasPrefix(href, "..") {
			return href, nil
		}
		return "", fmt.Errorf("updateinfo at %q", d.Location.Href[:min(len(d.Location.Href), 100)])
	}
	return "", nil
}
