package cli

import (
	"fmt"
	"strings"
	"testing"
)

// textMemory bounds what a scan of one text file may take that is made to cost
// as much as possible, in bytes.
const textMemory = 350 << 20

// many repeats a pattern with a number in it as often as a text may have its
// lines, commas and tags, or as fits.
func many(start, pattern, end string) []byte {
	const items, room = 400_000 - 10, 16<<20 - 1000
	most := items
	for _, separator := range []string{"\n", ",", "<"} {
		most = min(most, items/max(strings.Count(pattern, separator), 1))
	}
	var b strings.Builder
	b.WriteString(start)
	for i := 0; i < most && b.Len() < room; i++ {
		fmt.Fprintf(&b, pattern, i)
	}
	b.WriteString(end)
	return []byte(b.String())
}

// worstTexts name as many packages, or other parts, as their format allows.
func worstTexts() map[string][]byte {
	return map[string][]byte{
		"package-lock.json":           many(`{"packages":{`, `"node_modules/%d":{"version":"1"},`, `"":{}}}`),
		"v1/package-lock.json":        many(`{"dependencies":{`, `"%d":{"version":"1"},`, `"":{}}}`),
		"yarn.lock":                   many("", "%d@1:\n version 1\n", ""),
		"pnpm-lock.yaml":              many("packages:\n", "  %d@1.0:\n", ""),
		"bun.lock":                    many(`{"packages":{`, `"%d":["%[1]d@1"],`, `"":[]}}`),
		"requirements.txt":            many("", "a%d==1\n", ""),
		"poetry.lock":                 many("", "[[package]]\nname=\"a%d\"\nversion=\"1\"\n", ""),
		"Pipfile.lock":                many(`{"default":{`, `"a%d":{"version":"==1"},`, `"":{}}}`),
		"Gemfile.lock":                many("GEM\n  specs:\n", "    a%d (1)\n", ""),
		"composer.lock":               many(`{"packages":[`, `{"name":"a/%d","version":"1"},`, `{}]}`),
		"packages.lock.json":          many(`{"dependencies":{"x":{`, `"a%d":{"resolved":"1"},`, `"":{}}}}`),
		"packages.config":             many(`<packages>`, `<package id="a%d" version="1"/>`, `</packages>`),
		"xml/packages.config":         []byte("<packages><package" + strings.Repeat(` a=""`, 3_300_000) + "/></packages>"),
		"go.mod":                      many("require (\n", "a%d v1\n", ")\n"),
		"words/go.mod":                []byte("require " + strings.Repeat("a ", 8<<20-100)),
		"Package.resolved":            many(`{"pins":[`, `{"location":"https://a/%d","state":{"version":"1"}},`, `{}]}`),
		"conan.lock":                  many(`{"requires":[`, `"a%d/1",`, `""]}`),
		"rebar.lock":                  many("", `{pkg,<<"a%d">>,<<"1">>`, ""),
		"cabal.project.freeze":        []byte(strings.Repeat("any.a ==1 ", 1_600_000)),
		"x/.opam-switch/switch-state": []byte("opam\ninstalled: [" + strings.Repeat("\"a.1\" ", 2_700_000) + "]\n"),
	}
}

func TestMemoryOfWorstTexts(t *testing.T) {
	for name, text := range worstTexts() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeLayout(t, dir, writeBlob(t, dir, gzipped(regular("app/"+name, text))))
			_, code, memory := scanLayout(t, dir)
			if code != exitOK && code != exitPartial {
				t.Fatalf("exit code %d", code)
			}
			t.Logf("%d MB", memory>>20)
			if memory > textMemory {
				t.Errorf("the scan took %d MB of memory", memory>>20)
			}
		})
	}
}

// Scanners that run at the same time share what texts may cost.
func TestMemoryOfWorstTextsTogether(t *testing.T) {
	text := worstTexts()["package-lock.json"]
	dir := t.TempDir()
	var layers []blob
	for i := range 6 {
		layers = append(layers, writeBlob(t, dir, gzipped(regular(fmt.Sprintf("app%d/package-lock.json", i), text))))
	}
	writeLayout(t, dir, layers...)
	_, code, memory := scanLayout(t, dir, "--parallel", "6")
	t.Logf("%d MB", memory>>20)
	if code != exitPartial || memory > hostileMemory {
		t.Errorf("exit code %d; the scan took %d MB of memory", code, memory>>20)
	}
}
