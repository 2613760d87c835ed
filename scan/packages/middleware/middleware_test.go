package middleware

import (
	"bytes"
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/rules"
	"github.com/boltseal/boltseal/scan/scanner"
)

const elf = "\x7fELF\x02\x01\x01"

// scan returns what the scanner finds in a file, in memory and spilled.
func scan(t *testing.T, path, content string) []inventory.Package {
	t.Helper()
	s := New()
	f := &scanner.File{
		Entry:   image.Entry{Path: path, Type: image.File, Size: int64(len(content))},
		Content: strings.NewReader(content), Data: []byte(content), Limits: image.DefaultLimits(),
	}
	if !s.Wants(&f.Entry, f.Data[:min(len(f.Data), headBytes)]) {
		return nil
	}
	res, err := s.Scan(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	f.Data = nil
	again, err := s.Scan(t.Context(), f)
	if d := cmp.Diff(res, again); d != "" || err != nil {
		t.Errorf("%s: spilled differs from in memory: %v\n%s", path, err, d)
	}
	return res.Packages
}

func names(packages []inventory.Package) string {
	var out []string
	for _, p := range packages {
		out = append(out, p.Name+" "+p.Version)
	}
	return strings.Join(out, ", ")
}

// TestProducts has texts as they stand in released files of products that
// Debian does not ship. Those that it ships are in TestDebianPackages.
func TestProducts(t *testing.T) {
	const digest = "0123456789abcdef0123456789abcdef01234567"
	for _, tc := range []struct{ path, content, want string }{
		{"usr/local/openresty/nginx/sbin/nginx", elf + "\x00nginx version: openresty/1.21.4.1\x00openresty/1.21.4.1\x00", "nginx 1.21.4, openresty 1.21.4.1"},
		{"usr/local/nginx/sbin/nginx", elf + "\x00Tengine version: Tengine/2.3.3\x00nginx version: nginx/1.18.0\x00", "nginx 1.18.0, tengine 2.3.3"},
		{"usr/local/nginx/sbin/nginx", elf + "\x00nginx version: nginx/1.25.3\n\x00", "nginx 1.25.3"},
		{"usr/local/apache2/bin/httpd", elf + "\x00Apache/2.4.58 (Unix)\x00", "apache-httpd 2.4.58"},
		{"usr/local/bin/envoy", elf + digest + "/1.28.0/Clean/RELEASE/BoringSSL\x00", "envoy 1.28.0"},
		{"usr/bin/traefik", elf + "\x00\x00v2.10.7\x00\x00", "traefik 2.10.7"},
		{"usr/bin/traefik", elf + "build\t-ldflags=\"-X github.com/traefik/traefik/v2/pkg/version.Version=2.10.7 -X", "traefik 2.10.7"},
		{"usr/bin/caddy", elf + "dep\tgithub.com/caddyserver/caddy/v2\tv2.7.6\th1:", "caddy 2.7.6"},
		{"usr/local/share/lua/5.1/kong/meta.lua", "local version = setmetatable({\n  major = 3,\n-- Kong 3.4.2\n", "kong 3.4.2"},
		{"usr/local/apisix/apisix/core/version.lua", "return {\n    VERSION = \"3.8.0\"\n}\n", "apisix 3.8.0"},
		{"usr/local/tomcat/RELEASE-NOTES", "  Apache Tomcat Version 9.0.83\n  Release Notes\n", "tomcat 9.0.83"},
		{"opt/jetty/VERSION.txt", "jetty-10.0.18 - 26 October 2023\n", "jetty 10.0.18"},
		{"opt/jetty/lib/jetty-server-9.4.53.v20231009.jar", "PK\x03\x04", "jetty 9.4.53"},
		{"u01/oracle/inventory/registry.xml", `<distribution status="installed" name="WebLogic Server for FMW" version="12.2.1.4.0">`, "weblogic 12.2.1.4.0"},
		{"u01/domains/d/config/config.xml", "<domain>\n<domain-version>14.1.1.0.0</domain-version>", "weblogic 14.1.1.0.0"},
		{"opt/jboss/wildfly/modules/system/layers/base/org/jboss/as/ee/main/wildfly-ee-26.1.3.Final.jar", "PK\x03\x04", "wildfly 26.1.3.Final"},
		{"opt/eap/version.txt", "Red Hat JBoss Enterprise Application Platform - Version 7.4.0.GA\n", "jboss-eap 7.4.0.GA"},
		{"opt/atlassian/confluence/confluence/META-INF/maven/com.atlassian.confluence/confluence-webapp/pom.properties", "#Generated\nversion=7.18.0\ngroupId=com.atlassian.confluence\n", "confluence 7.18.0"},
		{"app/lib/spring-core-4.3.9.RELEASE.jar", "PK\x03\x04", "org.springframework:spring-core 4.3.9.RELEASE"},
		{"app/lib/fastjson-1.2.24.jar", "PK\x03\x04", "com.alibaba:fastjson 1.2.24"},
		{"app/lib/log4j-core-2.14.1.jar", "PK\x03\x04", "org.apache.logging.log4j:log4j-core 2.14.1"},
		{"app/lib/log4j-1.2.17.jar", "PK\x03\x04", "log4j:log4j 1.2.17"},
		{"app/lib/log4j-api-2.17.1.jar", "PK\x03\x04", ""},
		{"app/lib/struts2-core-2.5.30.jar", "PK\x03\x04", "org.apache.struts:struts2-core 2.5.30"},
		{"opt/skywalking/oap-libs/server-starter-9.6.0.jar", "PK\x03\x04", "skywalking 9.6.0"},
		{"usr/local/bin/valkey-server", elf + "\x00err\x008.0.1\x00c11-builtin\x00", "valkey 8.0.1"},
		{"usr/local/bin/redis-server", elf + "\x00err\x007.2.4\x00c11-builtin\x00", "redis 7.2.4"},
		{"usr/sbin/mysqld", elf + "/export/home/pb2/build/sb_1/mysql-8.0.35/sql/mysqld.cc\x00", "mysql 8.0.35"},
		{"usr/sbin/mysqld", elf + "\x0010.5.23-MariaDB\x00", "mariadb 10.5.23"},
		{"usr/bin/mongod", elf + "\x006.0.12\x00" + digest + "\x00", "mongodb 6.0.12"},
		{"usr/share/elasticsearch/lib/elasticsearch-8.11.3.jar", "PK\x03\x04", "elasticsearch 8.11.3"},
		{"opt/kafka/libs/kafka_2.13-3.6.1.jar", "PK\x03\x04", "kafka 3.6.1"},
		{"opt/rabbitmq/plugins/rabbit-3.12.10/ebin/rabbit.app", "{application,rabbit,\n [{vsn,\"3.12.10\"},", "rabbitmq 3.12.10"},
		{"pulsar/lib/org.apache.pulsar-pulsar-broker-3.1.1.jar", "PK\x03\x04", "pulsar 3.1.1"},
		{"opt/activemq/lib/activemq-broker-5.18.3.jar", "PK\x03\x04", "activemq 5.18.3"},
		{"usr/local/bin/etcd", elf + "dep\tgo.etcd.io/etcd/api/v3\tv3.5.10\n=>\t../api\t(devel)\n", "etcd 3.5.10"},
		{"opt/spark/jars/spark-core_2.12-3.5.0.jar", "PK\x03\x04", "spark 3.5.0"},
		{"opt/flink/lib/flink-dist_2.11-1.13.6.jar", "PK\x03\x04", "flink 1.13.6"},
		{"opt/java/openjdk/release", "IMPLEMENTOR=\"Eclipse Adoptium\"\nIMPLEMENTOR_VERSION=\"Temurin-17.0.9+9\"\nJAVA_VERSION=\"17.0.9\"\n", "openjdk 17.0.9"},
		{"usr/lib/jvm/zulu21/release", "IMPLEMENTOR=\"Azul Systems, Inc.\"\nJAVA_VERSION=\"21.0.1\"\n", "openjdk 21.0.1, zulu 21.0.1"},
		{"opt/jdk8/release", "JAVA_VERSION=\"1.8.0_392\"\nOS_NAME=\"Linux\"\n", "openjdk 1.8.0_392"},
		{"opt/jdk/release", "BUILD_TYPE=\"commercial\"\nIMPLEMENTOR=\"Oracle Corporation\"\nJAVA_VERSION=\"17.0.9\"\n", "oracle-jdk 17.0.9"},
		{"usr/local/bin/node", elf + "\x00node.js/v20.10.0\x00", "node 20.10.0"},
		{"usr/local/go/VERSION", "go1.21.5\ntime 2023-11-29T21:21:46Z\n", "go 1.21.5"},
		{"srv/app/VERSION", "1.0 made with go1.21.5\n", ""},
		{"usr/local/lib/python3.12/libpython3.12.so.1.0", elf + "\x003.12.1\x00", "python 3.12.1"},
		{"usr/local/bin/php", elf + "X-Powered-By: PHP/8.3.0\x00", "php 8.3.0"},
		{"usr/lib/dart/version", "3.2.3\n", "dart 3.2.3"},
		{"opt/ssl/lib/libcrypto.so.1.1", elf + "\x00OpenSSL 1.1.1w  11 Sep 2023\x00", "openssl 1.1.1w"},
		{"usr/bin/kubelet", elf + "\x00\x00v1.28.4\x00\x00\x00", "kubelet 1.28.4"},
		{"usr/local/bin/kube-apiserver", elf + "build\t-ldflags=-X 'k8s.io/component-base/version.gitVersion=v1.27.8'", "kube-apiserver 1.27.8"},
		{"usr/bin/containerd", elf + "\x00\x00v1.7.11\x00\x00", "containerd 1.7.11"},
		{"usr/bin/runc", elf + "build\t-ldflags=\"-X main.gitCommit=v1.1.10-0-g18a0cb0f -X main.version=1.1.10 \"", "runc 1.1.10"},
		{"opt/cni/bin/bridge", elf + "\x00\x00v1.3.0\x00\x00", "cni-plugins 1.3.0"},
		{"bin/vault", elf + "\x00\x00\x001.15.4\x00\x00", "vault 1.15.4"},
		{"bin/prometheus", elf + "\x00\x00\x002.48.1\x00\x00", "prometheus 2.48.1"},
		{"bin/minio", elf + "\x00\x00RELEASE.2023-12-20T01-00-02Z\x00", "minio 2023-12-20T01-00-02Z"},
		{"var/www/html/wp-includes/version.php", "<?php\n$wp_version = '6.4.2';\n", "wordpress 6.4.2"},
		{"var/www/html/core/lib/Drupal.php", "  const VERSION = '10.1.6';\n", "drupal 10.1.6"},
		{"var/www/html/administrator/manifests/files/joomla.xml", "<version>4.4.1</version>", "joomla 4.4.1"},
		{"var/www/html/thinkphp/base.php", "define('THINK_VERSION', '5.0.23');", "thinkphp 5.0.23"},
		{"var/www/html/source/discuz_version.php", "define('DISCUZ_VERSION', 'X3.4');", "discuz 3.4"},
		{"usr/share/dokuwiki/VERSION", "2022-07-31b \"Igor\"\n", "dokuwiki 2022-07-31b"},
		{"opt/confluence/META-INF/maven/com.atlassian.confluence/confluence-webapp/pom.properties", "artifactId=confluence-webapp\nversion=7.18.0\n", "confluence 7.18.0"},
		{"opt/confluence/WEB-INF/lib/com.atlassian.confluence_confluence-8.5.3.jar", "PK\x03\x04", "confluence 8.5.3"},
		{"usr/share/bash-completion/completions/nginx", "# nginx version: nginx/1.2.3", ""},
		{"opt/nginx", elf + "nothing", ""},
	} {
		if got := names(scan(t, tc.path, tc.content)); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.path, got, tc.want)
		}
	}
}

func TestPackage(t *testing.T) {
	want := []inventory.Package{{Type: "generic", Name: "kubelet", Version: "1.28.4", CPE: "kubernetes:kubelet", Evidence: inventory.Fingerprint}}
	if d := cmp.Diff(want, scan(t, "usr/bin/kubelet", elf+"version.gitVersion=v1.28.4")); d != "" {
		t.Errorf("package (-want +got):\n%s", d)
	}
	maven := scan(t, "app/shiro-core-1.7.0.jar", "PK")
	if len(maven) != 1 || maven[0].Type != "maven" || maven[0].CPE != "apache:shiro" {
		t.Errorf("library: %+v", maven)
	}
}

var cpePattern = regexp.MustCompile(`^[a-z0-9._-]+:(?:[a-z0-9._-]|\\[/!])+$`)

// TestTable checks every row: it compiles, and finds the version in a text that
// is made from each of its patterns.
func TestTable(t *testing.T) {
	products := make(map[string]bool)
	for _, f := range table {
		products[f.name] = true
		if f.cpe != "" && !cpePattern.MatchString(f.cpe) {
			t.Errorf("%s: CPE %q", f.name, f.cpe)
		}
		if f.files == "" || len(f.texts) == 0 {
			t.Errorf("%s: no files or no texts", f.name)
		}
		for _, path := range strings.Fields(f.files) {
			_, base := scanner.Split(path)
			if i := strings.IndexByte(base, '*'); i >= 0 && i < len(prefix{}) {
				t.Errorf("%s: %q has a \"*\" too early", f.name, path)
			}
		}
		for _, notation := range f.texts {
			if strings.Count(notation, "{v}")+strings.Count(notation, "{n}")+strings.Count(notation, "{3}")+strings.Count(notation, "{2}")+strings.Count(notation, "{d}") != 1 {
				t.Errorf("%s: %q has not one version", f.name, notation)
			}
			sample := strings.NewReplacer("{v}", "4.5.6", "{n}", "4.5", "{3}", "4.5.6", "{2}", "4.5", "{d}", "2023-12-20T01-00-02Z",
				"{^}", "", "{*}", "x", "{~}", "\n", "{h}", strings.Repeat("a", 40)).Replace(notation)
			padding := strings.Repeat("\x01", 3000)
			if strings.Contains(notation, "{^}") {
				padding = ""
			}
			got := compile(notation).find([]byte(padding + sample + " tail"))
			if !strings.Contains(sample, got) || len(got) < 3 {
				t.Errorf("%s: %q finds %q in %q", f.name, notation, got, sample)
			}
		}
	}
	if len(products) < 150 {
		t.Errorf("%d products", len(products))
	}
	t.Logf("%d rows, %d products", len(table), len(products))
}

// nameless lists the products of the emergency advisories that no row finds:
// nothing in their files that is known here tells the whole version.
var nameless = []string{"cyberpanel:cyberpanel", "liferay:liferay_portal"}

// TestEmergency checks that the products of the embedded emergency advisories
// can be found: under their names in the table.
func TestEmergency(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range table {
		known[f.cpe] = true
	}
	files, err := fs.Glob(rules.Emergency, "emergency/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no emergency advisories: %v", err)
	}
	products := 0
	for _, name := range files {
		data, err := fs.ReadFile(rules.Emergency, name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			f := strings.Fields(line)
			if line[0] != '\t' || len(f) < 2 || f[0] != "generic" {
				continue
			}
			products++
			if !known[f[1]] && !slices.Contains(nameless, f[1]) {
				t.Errorf("%s: no row finds %s", name, f[1])
			}
		}
	}
	if products < 50 {
		t.Errorf("only %d ranges of products", products)
	}
}

func TestFind(t *testing.T) {
	for _, tc := range []struct{ notation, data, want string }{
		{"x {v}", "x 1.2.3", "1.2.3"},
		{"x {v}", "x 1.2.3.4.5.6", "1.2.3.4.5"},
		{"x {v}", "x 127.0.0.1 x 0.0.0 x 1.2", "1.2"},
		{"x {v}", "x 1 x 9.2p1, x 3.0", "9.2p1"},
		{"x {v}", "x 3.0.0-rc1 ", "3.0.0-rc1"},
		{"x {v}", "x 3.0.0-SNAPSHOT.jar", "3.0.0-SNAPSHOT"},
		{"x {v}", "x 1.22.1 (Ubuntu)", "1.22.1"},
		{"x {n}", "x 252-1", "252"},
		{"x 3.{2}", "x 2.1.1 x 3.40.1", "3.40.1"},
		{"{v}-MariaDB", "5.5 and 10.11.4-MariaDB-1", "10.11.4"},
		{"\x00{3}\x00", "\x00.\x001.2\x00 1.2.3\x00\x001.2.4\x00", "1.2.4"},
		{"{^}go{v}", "xgo1.2", ""},
		{"{^}go{v}", "go1.2 go1.3", "1.2"},
		{"a{*}b {v}", "a\nb 1.0 a--b 1.1", "1.1"},
	} {
		if got := compile(tc.notation).find([]byte(tc.data)); got != tc.want {
			t.Errorf("%q finds %q in %q, want %q", tc.notation, got, tc.data, tc.want)
		}
	}
}

// TestChunks has the version at every place around the border of two chunks.
func TestChunks(t *testing.T) {
	const sample = "\x00nginx version: nginx/1.25.3\x00"
	for at := chunkBytes - len(sample) - 1; at <= chunkBytes+overlapBytes; at += 131 {
		content := elf + strings.Repeat("\x01", at-len(elf)) + sample + strings.Repeat("\x01", 100)
		if got := names(scan(t, "nginx", content)); got != "nginx 1.25.3" {
			t.Fatalf("at %d: %q", at, got)
		}
	}
}

func FuzzScan(f *testing.F) {
	for i, fingerprint := range table {
		f.Add(i, []byte(elf+strings.Join(fingerprint.texts, " 1.2.3\x00")))
	}
	s := New()
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		if i < 0 || i >= len(table) {
			return
		}
		path := strings.ReplaceAll(strings.Fields(table[i].files)[0], "*", "1.2")
		file := &scanner.File{
			Entry: image.Entry{Path: path, Size: int64(len(data))}, Content: bytes.NewReader(data), Data: data, Limits: image.DefaultLimits(),
		}
		res, err := s.Scan(context.Background(), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range res.Packages {
			if p.Name == "" || p.Version == "" || len(p.Version) > 60 {
				t.Errorf("package %+v", p)
			}
		}
	})
}

func BenchmarkWants(b *testing.B) {
	s := New()
	paths := []string{"usr/bin/ls", "usr/share/doc/libfoo/copyright", "usr/lib/x86_64-linux-gnu/libfoo.so.1.2.3", "usr/bin/python3.11", "usr/share/man/man1/perl.1.gz"}
	head := []byte(elf)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range paths {
			s.Wants(&image.Entry{Path: p}, head)
		}
	}
}

// BenchmarkSearch searches a large program that has no version, for the pattern
// that costs most.
func BenchmarkSearch(b *testing.B) {
	data := bytes.Repeat([]byte("\x00\x01\x00some text. 1.2 and 3.4\x00\x8b\x45\x00"), 2<<20)
	for _, notation := range []string{"nginx version: nginx/{v}", stampedV, stamped} {
		p := compile(notation)
		b.Run(notation, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if v := p.find(data); v != "" {
					b.Fatal(v)
				}
			}
		})
	}
}
