// Package lookalike finds images whose names pass for others: one or two edits
// away from an official image or a well-known publisher, a registry whose host
// looks like another, a user's repository with an official name. It looks at names
// only; what is in the image is for others. The lists are data, rules/images.
package lookalike

import (
	"context"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rules"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner implements scanner.ImageScanner.
type Scanner struct {
	official   []string
	publishers []string // namespaces
	known      []string // namespace/repository
	registries []string
	mirrors    []string // host, or host and path, whose names are Docker Hub's
	others     []string // names that are near an official one and mean something else
}

// New loads the lists.
func New() *Scanner {
	s := &Scanner{official: rules.Lines(rules.Images, "images/official.txt"), others: rules.Lines(rules.Images, "images/others.txt")}
	for _, p := range rules.Lines(rules.Images, "images/publishers.txt") {
		if strings.Contains(p, "/") {
			s.known = append(s.known, p)
		} else {
			s.publishers = append(s.publishers, p)
		}
	}
	for _, r := range rules.Lines(rules.Images, "images/registries.txt") {
		place, mirror := strings.CutSuffix(r, " mirror")
		if mirror {
			s.mirrors = append(s.mirrors, place)
		}
		host, _, _ := strings.Cut(place, "/")
		s.registries = append(s.registries, host)
	}
	// The longest path that fits is the one that counts.
	slices.SortFunc(s.mirrors, func(a, b string) int { return len(b) - len(a) })
	return s
}

// Name implements scanner.ImageScanner.
func (*Scanner) Name() string { return "lookalike" }

// baseLabel is where builders write down the image that another was built on.
// Source: OCI image specification, annotations.md.
const baseLabel = "org.opencontainers.image.base.name"

// maxNames bounds the names of one image that are looked at.
const maxNames = 100

// ScanImage implements scanner.ImageScanner.
func (s *Scanner) ScanImage(_ context.Context, im *scanner.Image) ([]finding.Finding, error) {
	var names []string
	switch im.Kind {
	case "registry", "docker", "podman", "containerd":
		names = append(names, im.Name)
	}
	names = append(names, im.Tags...)
	if im.Config != nil {
		names = append(names, im.Config.Labels[baseLabel])
	}
	var found []finding.Finding
	seen := map[string]bool{"": true}
	for _, n := range names[:min(len(names), maxNames)] {
		n = repository(n)
		if seen[n] {
			continue
		}
		seen[n] = true
		if f := s.judge(n); f != nil {
			f.ID, f.Kind, f.Confidence = n, finding.KindMalware, cmpConfidence(f.Severity)
			f.Remedy = "Make sure that the image is the one that was meant, and name its digest."
			found = append(found, *f)
		}
	}
	return found, nil
}

func cmpConfidence(s finding.Severity) finding.Confidence {
	if s >= finding.High {
		return finding.ConfidenceMedium
	}
	return finding.ConfidenceLow
}

// repository is a reference without tag and digest, "" for what is none.
func repository(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref = ref[:i]
	}
	const longest = 255 // of a name, by the distribution specification
	if len(ref) > longest || strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, ".") || strings.ContainsAny(ref, " \\") {
		return ""
	}
	return strings.ToLower(ref)
}

// split divides a repository into registry and path; mirrors of Docker Hub are
// Docker Hub, which is "".
func (s *Scanner) split(name string) (host, path string) {
	for _, m := range s.mirrors {
		if rest, ok := strings.CutPrefix(name, m+"/"); ok {
			return "", strings.TrimPrefix(rest, "library/")
		}
	}
	first, rest, ok := strings.Cut(name, "/")
	if ok && (strings.ContainsAny(first, ".:") || first == "localhost") {
		return first, rest
	}
	return "", strings.TrimPrefix(name, "library/")
}

// judge looks at one repository.
func (s *Scanner) judge(name string) *finding.Finding {
	host, path := s.split(name)
	if host != "" {
		if like := s.likeRegistry(host); like != "" {
			return report(registry, finding.High, name, like)
		}
	}
	namespace, repo := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		namespace, repo = path[:i], path[i+1:]
	}
	if f := s.publisher(host, namespace, repo, name); f != nil {
		return f
	}
	if slices.Contains(s.publishers, namespace) {
		return nil
	}
	if slices.Contains(s.official, repo) {
		switch {
		case host != "" || namespace == "":
			return nil
		case claims(namespace, repo):
			return report(user, finding.Medium, name, repo)
		}
		return report(user, finding.Low, name, repo)
	}
	if like := near(repo, s.official); like != "" && !slices.Contains(s.others, repo) {
		return report(official, finding.Medium, name, like)
	}
	return nil
}

// publisher looks at a namespace of Docker Hub that is nearly a publisher's.
func (s *Scanner) publisher(host, namespace, repo, name string) *finding.Finding {
	if host != "" || namespace == "" || slices.Contains(s.publishers, namespace) {
		return nil
	}
	like := near(namespace, s.publishers)
	if like == "" || slices.Contains(s.others, namespace) {
		return nil
	}
	severity := finding.Medium
	if slices.Contains(s.known, like+"/"+repo) || slices.Contains(s.official, repo) {
		severity = finding.High
	}
	return report(publisher, severity, name, like)
}

// claims says whether a user's name says that it is not just anyone's.
func claims(namespace, repo string) bool {
	for _, word := range []string{"official", "library", "verified", "dockerhub", "docker-hub"} {
		if strings.Contains(namespace, word) {
			return true
		}
	}
	return namespace == repo || strings.HasPrefix(namespace, repo+"-") || strings.HasPrefix(namespace, repo+"_")
}

var (
	official  = finding.Rule{ID: "lookalike/official", Title: "Image name looks like an official one", TitleZH: "镜像名与官方镜像相似", Techniques: []string{"T1036.005", "T1204.003"}}
	publisher = finding.Rule{ID: "lookalike/publisher", Title: "Publisher's name looks like a well-known one", TitleZH: "发布者名称与知名发布者相似", Techniques: []string{"T1036.005", "T1204.003"}}
	registry  = finding.Rule{ID: "lookalike/registry", Title: "Registry's name looks like a well-known one", TitleZH: "镜像仓库域名与知名仓库相似", Techniques: []string{"T1036.005", "T1583.001"}}
	user      = finding.Rule{ID: "lookalike/user", Title: "User's repository has the name of an official image", TitleZH: "个人仓库使用了官方镜像的名称", Techniques: []string{"T1036.005", "T1204.003"}}
)

func report(r finding.Rule, severity finding.Severity, name, like string) *finding.Finding {
	return &finding.Finding{Severity: severity, Title: r.Title + ": " + like, Rule: &r, Evidence: name + " is not " + like}
}
