package image

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParsePlatform(t *testing.T) {
	for in, want := range map[string]string{
		"linux/amd64": "linux/amd64", "arm64": "linux/arm64", "linux/arm64/v8": "linux/arm64", "linux/aarch64": "linux/arm64",
		"linux/armhf": "linux/arm/v7", "linux/arm/v6": "linux/arm/v6", "Windows/x86_64": "windows/amd64", "linux/amd64/v1": "linux/amd64",
	} {
		got, err := parsePlatform(in)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "/", "linux/", "a/b/c/d"} {
		if p, err := parsePlatform(in); err == nil {
			t.Errorf("%q: %s", in, p)
		}
	}
}

func TestChoosePrefersTheBestVariant(t *testing.T) {
	entry := func(arch, variant string) descriptor {
		return descriptor{Digest: arch + variant, Platform: &platform{OS: "linux", Architecture: arch, Variant: variant}}
	}
	list := []descriptor{entry("arm", "v5"), entry("arm", "v7"), entry("arm", "v6"), entry("amd64", "v3"), entry("amd64", ""), entry("arm64", "v8")}
	for want, digest := range map[string]string{
		"linux/arm/v7": "armv7", "linux/arm/v6": "armv6", "linux/arm/v8": "armv7",
		"linux/amd64": "amd64", "linux/amd64/v3": "amd64v3", "linux/amd64/v2": "amd64", "arm64": "arm64v8",
	} {
		if got, err := choose(list, want); err != nil || got.Digest != digest {
			t.Errorf("%s: took %s %v, want %s", want, got.Digest, err, digest)
		}
	}
}

func TestCleanInstruction(t *testing.T) {
	for in, want := range map[string]string{
		"/bin/sh -c #(nop) ADD file:1 in / ":       "ADD file:1 in /",
		`/bin/sh -c #(nop)  CMD ["sh"]`:            `CMD ["sh"]`,
		"/bin/sh -c apt-get update":                "RUN apt-get update",
		"RUN /bin/sh -c apt-get update # buildkit": "RUN apt-get update",
		"RUN |1 V=2 /bin/sh -c make $V # buildkit": "RUN make $V",
		"|2 A=1 B=/bin/sh /bin/sh -c make":         "RUN make",
		"COPY /a /b # buildkit":                    "COPY /a /b",
		`RUN powershell -Command x`:                "RUN powershell -Command x",
		"bazel build ...":                          "bazel build ...",
		"":                                         "",
	} {
		if got := cleanInstruction(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestConfigOfOldTools(t *testing.T) {
	c, err := parseConfig([]byte(`{"created":"yesterday","config":{"Cmd":"sh -c x","Entrypoint":null,"Env":null,"Volumes":{"/b":{},"/a":{}}},
		"history":[{"created":"2024-01-02T03:04:05Z","created_by":"x"},{"created":"0001-01-01T00:00:00Z"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Cmd: []string{"sh -c x"}, Volumes: []string{"/a", "/b"},
		History: []History{{Created: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), CreatedBy: "x"}, {}},
	}
	if diff := cmp.Diff(want, c.public()); diff != "" {
		t.Error(diff)
	}
}

func TestConfigLimits(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		want error
	}{
		"too large":   {`{"author":"` + strings.Repeat("x", maxConfig) + `"}`, ErrLimit},
		"many words":  {`{"config":{"Cmd":[` + strings.TrimSuffix(strings.Repeat(`"",`, maxItems+1), ",") + `]}}`, ErrLimit},
		"many layers": {`{"rootfs":{"diff_ids":[` + strings.TrimSuffix(strings.Repeat(`"",`, maxLayers+1), ",") + `]}}`, ErrLimit},
		"many labels": {`{"config":{"Labels":{` + numbered(`"%d":""`, maxItems+1) + `}}}`, ErrLimit},
		"diff ID":     {`{"rootfs":{"diff_ids":["sha256:.."]}}`, ErrCorrupt},
		"deep":        {`{"x":` + strings.Repeat("[", 1<<20), ErrCorrupt},
	} {
		if _, err := parseConfig([]byte(c.json)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzManifest(f *testing.F) {
	digest := digestOf(nil)
	f.Add([]byte(`{"schemaVersion":2,"config":{"digest":"`+digest+`","size":1},"layers":[{"digest":"`+digest+`","urls":["x"]}]}`), typeOCIManifest)
	f.Add([]byte(`{"schemaVersion":2,"manifests":[{"digest":"`+digest+`","platform":{"os":"linux","architecture":"arm","variant":"v7"}}]}`), typeOCIIndex)
	f.Add([]byte(`{"schemaVersion":1,"fsLayers":[]}`), typeSchema1+"json")
	f.Fuzz(func(t *testing.T, data []byte, mediaType string) {
		doc, err := parseDocument(data, mediaType)
		if err != nil {
			return
		}
		for _, d := range append(doc.Manifests, doc.Layers...) {
			if checkDigest(d.Digest) != nil || d.Size < 0 {
				t.Errorf("let through %+v", d)
			}
			d.isLayer()
			d.isForeign()
		}
		for _, want := range []string{"", "linux/amd64", "linux/arm/v7"} {
			choose(doc.Manifests, want)
		}
		(selector{tag: "x"}).pick(doc.Manifests, "", new(Options))
	})
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(`{"os":"linux","architecture":"amd64","created":"2024-01-02T03:04:05Z","config":{"Cmd":"x","Env":["A=b"],"ExposedPorts":{"80":{}}},"history":[{"created_by":"|1 A=b /bin/sh -c x"}],"rootfs":{"diff_ids":[]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseConfig(data)
		if err != nil {
			return
		}
		cfg := c.public()
		instructions(cfg.History, len(c.RootFS.DiffIDs))
		if _, err := json.Marshal(cfg); err != nil {
			t.Error(err)
		}
	})
}

func FuzzSavedImages(f *testing.F) {
	f.Add([]byte(`[{"Config":"a.json","RepoTags":["a:1"],"Layers":["b/layer.tar"]}]`), "a:1")
	f.Fuzz(func(t *testing.T, data []byte, tag string) {
		saved, err := parseSaved(data)
		if err == nil {
			(selector{tag: tag}).pickSaved(saved, "archive")
		}
	})
}

func FuzzEngineAnswers(f *testing.F) {
	f.Add([]byte(`{"Id":"`+digestOf(nil)+`","RepoDigests":["a@`+digestOf(nil)+`"],"RootFS":{"Layers":["`+digestOf(nil)+`"]},"Os":"linux","Architecture":"amd64"}`), []byte(`[{"CreatedBy":"ENV a=b","Size":1}]`))
	f.Fuzz(func(t *testing.T, inspect, steps []byte) {
		var found engineImage
		var hist bounded[engineStep]
		if json.Unmarshal(inspect, &found) != nil {
			return
		}
		if json.Unmarshal(steps, &hist) == nil {
			found.History = historyOf(hist, len(found.RootFS.Layers))
		}
		im, err := found.describe(podmanCommand{}, "a:1", new(Options))
		if err != nil {
			return
		}
		for _, l := range im.Layers {
			if checkDigest(l.Descriptor().DiffID) != nil {
				t.Errorf("let through %+v", l.Descriptor())
			}
		}
		var c engineContainer
		json.Unmarshal(inspect, &c)
	})
}
