// Package amazon reads the security bulletins of Amazon Linux (ALAS), in the
// JSON form of the bulletin service and as updateinfo.xml of the repositories.
//
// Sources: https://alas.aws.amazon.com and https://cdn.amazonlinux.com. Packages
// are binary packages.
package amazon

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/updateinfo"
)

// Name is the feed's name.
const Name = "amazon"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed. A document of an artifact that is named after
// a release belongs to that release when it does not say so itself.
func (Feed) Artifacts() []feed.Artifact {
	artifacts := []feed.Artifact{{Name: "alas", Mirror: []string{"amazon-alas-*/alas*.jsonl*"}}}
	for _, r := range []struct{ release, list string }{
		{"1", "https://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list"},
		{"2", cdn + "2/core/latest/x86_64/mirror.list"},
		{"2022", cdn + "al2022/core/mirrors/latest/x86_64/mirror.list"},
		{"2023", cdn + "al2023/core/mirrors/latest/x86_64/mirror.list"},
	} {
		artifacts = append(artifacts, feed.Artifact{
			Name: r.release, Repository: r.list, Mirror: []string{"amazon-*/" + r.release + "/updateinfo*.xml*"},
		})
	}
	for _, extra := range extras() {
		artifacts = append(artifacts, feed.Artifact{
			Name: "2/" + extra, Repository: cdn + "2/extras/" + extra + "/latest/x86_64/mirror.list",
			Mirror: []string{"amazon-*/2/" + extra + "/updateinfo*.xml*"},
		})
	}
	return artifacts
}

const cdn = "https://cdn.amazonlinux.com/"

// extras are the extra repositories of Amazon Linux 2 with packages that
// containers use.
func extras() []string {
	return []string{
		"corretto8", "docker", "ecs", "firefox", "golang1.19", "haproxy2", "httpd_modules", "java-openjdk11",
		"kernel-5.4", "kernel-5.10", "kernel-5.15", "mariadb10.5", "memcached1.5", "nginx1", "php8.0", "php8.1", "php8.2",
		"postgresql13", "postgresql14", "python3.8", "redis6", "ruby3.0", "squid4", "tomcat8.5", "tomcat9", "unbound1.17",
	}
}

// Parse implements feed.Feed. It tells the forms apart by their first byte.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	r := bufio.NewReader(doc.Body)
	doc.Body = r
	emit := func(u *updateinfo.Update) error { return emit(u, doc.Artifact, out) }
	if head, _ := r.Peek(1); bytes.Equal(head, []byte("<")) {
		return updateinfo.Read(ctx, doc, emit)
	}
	var b bulletin
	if err := input.JSON(doc, &b); err != nil {
		return err
	}
	if b.ID == "" {
		return fmt.Errorf("parse %s: no ID", doc.Name)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return emit(b.update())
}

func emit(u *updateinfo.Update, artifact string, out feed.Sink) error {
	short := ""
	if len(u.Collections) > 0 {
		short = u.Collections[0].Short
	}
	release, _, _ := strings.Cut(cmp.Or(releaseOf(short), releaseOf(u.ID), artifact), "/")
	if u.ID == "" || release == "alas" {
		return nil
	}
	return u.Emit(Name, "amazon:"+release, introduced, out)
}

// releaseOf finds the release in a collection's short name or a bulletin's
// identifier: "amazon-linux-2---tomcat9", "ALAS2023-2025-839", "ALAS-2011-1".
// Amazon Linux 1 is "amazon-linux-ami", and "amazon-linux" at first.
func releaseOf(s string) string {
	for _, r := range [...]struct{ prefix, release string }{
		{"amazon-linux-2023", "2023"}, {"amazon-linux-2022", "2022"}, {"amazon-linux-2", "2"}, {"amazon-linux", "1"},
		{"ALAS2023", "2023"}, {"ALAS2022", "2022"}, {"ALAS2", "2"}, {"ALAS-", "1"},
	} {
		if strings.HasPrefix(s, r.prefix) {
			return r.release
		}
	}
	return ""
}

// introduced is where a line of versions begins that an extra repository holds
// beside other lines of the same package: "amazon-linux-2---tomcat9" says
// nothing about tomcat 8.5. It is "" when the repository's name does not end in
// the beginning of the package's version.
func introduced(c *updateinfo.Collection, p *updateinfo.Package) string {
	_, extra, ok := strings.Cut(c.Short, "---")
	if !ok {
		return ""
	}
	line := extra[len(strings.TrimRight(extra, "0123456789.")):]
	if line == "" || p.Version != line && !strings.HasPrefix(p.Version, line+".") {
		return ""
	}
	if p.Epoch != "" && p.Epoch != "0" {
		return p.Epoch + ":" + line
	}
	return line
}
