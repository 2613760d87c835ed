package lookalike

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// judged scans an image of a name and says what it is taken for.
func judged(t testing.TB, name string) []string {
	found, err := New().ScanImage(t.Context(), &scanner.Image{Kind: "registry", Name: name, Config: &image.Config{}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, f.Severity.String()+" "+f.Rule.ID+" "+f.Evidence)
	}
	return out
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"ngnix":                                 "medium lookalike/official ngnix is not nginx",
		"docker.io/library/ngnix:1.25":          "medium lookalike/official docker.io/library/ngnix is not nginx",
		"docker.m.daocloud.io/mysq1":            "medium lookalike/official docker.m.daocloud.io/mysq1 is not mysql",
		"registry.corp.example/base/pyhton":     "medium lookalike/official registry.corp.example/base/pyhton is not python",
		"reddis":                                "medium lookalike/official reddis is not redis",
		"my-sql":                                "medium lookalike/official my-sql is not mysql",
		"elasticsaerch":                         "medium lookalike/official elasticsaerch is not elasticsearch",
		"elastisearh":                           "medium lookalike/official elastisearh is not elasticsearch",
		"someone/nginx":                         "low lookalike/user someone/nginx is not nginx",
		"nginx-official/nginx":                  "medium lookalike/user nginx-official/nginx is not nginx",
		"bitnmai/redis:7":                       "high lookalike/publisher bitnmai/redis is not bitnami",
		"grafanna/grafana":                      "high lookalike/publisher grafanna/grafana is not grafana",
		"docker.io/tensorfl0w/tensorflow":       "high lookalike/publisher docker.io/tensorfl0w/tensorflow is not tensorflow",
		"gcr.io.example.com/a/b":                "high lookalike/registry gcr.io.example.com/a/b is not gcr.io",
		"dokcer.io/library/nginx":               "high lookalike/registry dokcer.io/library/nginx is not docker.io",
		"registry.cn-hangzhuo.aliyuncs.com/a/b": "high lookalike/registry registry.cn-hangzhuo.aliyuncs.com/a/b is not registry.cn-hangzhou.aliyuncs.com",
	} {
		if d := cmp.Diff([]string{want}, judged(t, name)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestNamesOfGoodWill(t *testing.T) {
	for _, name := range []string{
		"nginx", "nginx:1.25@sha256:" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"docker.io/library/redis", "bitnami/redis", "grafana/loki", "amazon/aws-cli", "python3", "centos7", "node", "nodes", "code", "app", "demo", "postgis", "kafka",
		"registry.cn-hangzhou.aliyuncs.com/acme/nginx", "registry.corp.example:5000/base/nginx", "localhost/x", "ghcr.io/acme/app", "docker.m.daocloud.io/library/mysql",
		"m.daocloud.io/docker.io/library/mysql", "123456789012.dkr.ecr.us-east-1.amazonaws.com/nginx", "mcr.microsoft.com/dotnet/sdk", "acme/app", "acme/ui", "",
		"eu.gcr.io/p/i", "europe-docker.pkg.dev/p/i", "quay.io/prometheus/node-exporter", "myharbor.example.cn/library/tomcat", "/a/b.tar", "./x",
	} {
		if got := judged(t, name); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// No name of the lists is taken for another one.
func TestListsAgree(t *testing.T) {
	s := New()
	for _, name := range s.official {
		if got := judged(t, name); got != nil {
			t.Errorf("official image: %v", got)
		}
	}
	for _, name := range append(s.publishers, s.known...) {
		if got := judged(t, name+"/app"); got != nil {
			t.Errorf("publisher: %v", got)
		}
	}
}

func TestBaseImage(t *testing.T) {
	im := &scanner.Image{Kind: "oci", Name: "/x", Tags: []string{"acme/app:1"}, Config: &image.Config{Labels: map[string]string{baseLabel: "docker.io/library/ubunut:22.04"}}}
	found, err := New().ScanImage(t.Context(), im)
	if err != nil || len(found) != 1 || found[0].Evidence != "docker.io/library/ubunut is not ubuntu" {
		t.Errorf("findings %v, %v", found, err)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"nginx", "nginx", 0}, {"nginx", "ngnix", 1}, {"redis", "rediss", 1}, {"redis", "edis", 1}, {"redis", "radis", 1}, {"postgres", "posgtrse", 2}, {"a", "abcd", 3}, {"node", "ruby", 3}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance of %s and %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("docker.io/library/ngnix:1@sha256:0")
	f.Fuzz(func(t *testing.T, name string) { judged(t, name) })
}
