package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// debianPackages are versions of Debian 12.0: binary package, source, version.
var debianPackages = [][3]string{
	{"libc6", "glibc", "2.36-9"},
	{"curl", "curl", "7.88.1-10"},
	{"libcurl4", "curl", "7.88.1-10"},
	{"openssh-server", "openssh", "1:9.2p1-2"},
	{"libwebp7", "libwebp", "1.2.4-0.2"},
	{"bash", "bash", "5.2.15-2+b2"},
	{"openssl", "openssl", "3.0.9-1"},
	{"libssl3", "openssl", "3.0.9-1"},
	{"sudo", "sudo", "1.9.13p3-1"},
	{"tzdata", "tzdata", "2023c-5"},
}

func debian() (map[string][]byte, error) {
	var status strings.Builder
	for _, p := range debianPackages {
		fmt.Fprintf(&status, "Package: %s\nStatus: install ok installed\nPriority: optional\nSection: misc\n"+
			"Maintainer: Debian\nArchitecture: amd64\nSource: %s\nVersion: %s\nDescription: demo entry\n\n", p[0], p[1], p[2])
	}
	return map[string][]byte{
		"etc/os-release": []byte("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n" +
			"VERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n"),
		"var/lib/dpkg/status": []byte(status.String()),
	}, nil
}

// webApplication is a war with jars in it, as a build tool nests them.
func webApplication() (map[string][]byte, error) {
	war := map[string][]byte{"WEB-INF/web.xml": []byte("<web-app/>")}
	for _, a := range [][3]string{
		{"org.apache.logging.log4j", "log4j-core", "2.14.1"},
		{"org.springframework", "spring-beans", "5.3.9"},
		{"com.alibaba", "fastjson", "1.2.24"},
		{"org.apache.shiro", "shiro-core", "1.4.0"},
		{"commons-io", "commons-io", "2.16.1"},
	} {
		jar, err := archive(map[string][]byte{
			"META-INF/MANIFEST.MF": []byte("Manifest-Version: 1.0\r\nImplementation-Title: " + a[1] + "\r\n\r\n"),
			"META-INF/maven/" + a[0] + "/" + a[1] + "/pom.properties": []byte(
				"version=" + a[2] + "\ngroupId=" + a[0] + "\nartifactId=" + a[1] + "\n"),
		})
		if err != nil {
			return nil, err
		}
		war["WEB-INF/lib/"+a[1]+"-"+a[2]+".jar"] = jar
	}
	data, err := archive(war)
	return map[string][]byte{"usr/local/tomcat/webapps/shop.war": data}, err
}

func archive(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// gatewaySource is a module that requires old versions of two others; their
// vendored stand-ins let the Go tool build it without network.
var gatewaySource = map[string]string{
	"go.mod": "module example.com/gateway\n\ngo 1.21\n\n" +
		"require (\n\tgithub.com/opencontainers/runc v1.1.11\n\tgolang.org/x/net v0.15.0\n)\n",
	"main.go": "package main\n\nimport (\n\t\"github.com/opencontainers/runc/demo\"\n\t\"golang.org/x/net/demo\"\n)\n\n" +
		"func main() { println(runc.Name, net.Name) }\n",
	"vendor/modules.txt": "# github.com/opencontainers/runc v1.1.11\n## explicit; go 1.17\ngithub.com/opencontainers/runc/demo\n" +
		"# golang.org/x/net v0.15.0\n## explicit; go 1.17\ngolang.org/x/net/demo\n",
	"vendor/github.com/opencontainers/runc/demo/demo.go": "package runc\n\nconst Name = \"runc\"\n",
	"vendor/golang.org/x/net/demo/demo.go":               "package net\n\nconst Name = \"net\"\n",
}

func gateway() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "boltseal-demo-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, text := range gatewaySource {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command("go", "build", "-mod=vendor", "-trimpath", "-ldflags=-s -w", "-buildvcs=false", "-o", "gateway", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "gateway"))
	return map[string][]byte{"usr/local/bin/gateway": data}, err
}

func frontEnd() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, p := range [][3]string{
		{"next", "14.1.0", "MIT"}, {"lodash", "4.17.21", "MIT"}, {"event-stream", "3.3.6", "MIT"}, {"@demo/charts", "2.1.0", "AGPL-3.0-only"},
	} {
		files["srv/front/node_modules/"+p[0]+"/package.json"] =
			fmt.Appendf(nil, "{\"name\":%q,\"version\":%q,\"license\":%q}\n", p[0], p[1], p[2])
	}
	return files, nil
}
