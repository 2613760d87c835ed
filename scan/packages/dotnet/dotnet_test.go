package dotnet_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/dotnet"
	"github.com/boltseal/boltseal/scan/scanner"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

// The samples are shortened from what the tools write.
const (
	deps = "\xef\xbb\xbf" + `{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v6.0/linux-x64", "signature": ""},
  "targets": {".NETCoreApp,Version=v6.0": {"App/1.0.0": {"dependencies": {"Newtonsoft.Json": "12.0.3"}, "runtime": {"App.dll": {}}}}},
  "libraries": {
    "App/1.0.0": {"type": "project", "serviceable": false, "sha512": ""},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.5": {"type": "runtimepack", "serviceable": false, "sha512": ""},
    "Newtonsoft.Json/12.0.3": {"type": "package", "serviceable": true, "sha512": "sha512-x", "path": "newtonsoft.json/12.0.3"},
    "System.Data/4.0.0.0": {"type": "reference", "serviceable": false, "sha512": ""}
  }
}`
	lock = `{
  "version": 1,
  "dependencies": {
    "net6.0": {
      "Newtonsoft.Json": {"type": "Direct", "requested": "[12.0.3, )", "resolved": "12.0.3", "contentHash": "x"},
      "other": {"type": "Project"}
    },
    "net7.0": {"Newtonsoft.Json": {"type": "Transitive", "resolved": "12.0.3"}, "NLog": {"type": "Direct", "resolved": "4.5.0"}}
  }
}`
	config = `<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="jQuery" version="3.1.1" targetFramework="net46" />
  <package id="StyleCop" version="1.0" developmentDependency="true" />
</packages>`
)

func TestScan(t *testing.T) {
	for name, tc := range map[string]struct {
		scanner  scanner.Scanner
		path     string
		text     string
		evidence inventory.Evidence
		want     []string
	}{
		"deps.json":          {dotnet.New(), "app/App.deps.json", deps, inventory.Installed, []string{"Newtonsoft.Json 12.0.3", "Microsoft.NETCore.App.Runtime.linux-x64 6.0.5"}},
		"packages.lock.json": {dotnet.NewLock(), "app/packages.lock.json", lock, inventory.Lockfile, []string{"Newtonsoft.Json 12.0.3", "NLog 4.5.0"}},
		"packages.config":    {dotnet.NewLock(), "app/packages.config", config, inventory.Lockfile, []string{"jQuery 3.1.1", "StyleCop 1.0 dev"}},
	} {
		pkgs := scannertest.Scan(t, tc.scanner, tc.path, []byte(tc.text))
		if d := cmp.Diff(tc.want, scannertest.Names(pkgs)); d != "" {
			t.Errorf("%s: packages differ (-want +got):\n%s", name, d)
		}
		for _, p := range pkgs {
			if p.Type != "nuget" || p.Evidence != tc.evidence {
				t.Errorf("%s: got %+v", name, p)
			}
		}
		if res, err := tc.scanner.Scan(t.Context(), scannertest.File(tc.path, []byte("<{"))); !errors.Is(err, image.ErrCorrupt) {
			t.Errorf("%s: broken file: got %v, %v, want ErrCorrupt", name, res, err)
		}
	}
}

func TestOtherFile(t *testing.T) {
	if got := scannertest.Scan(t, dotnet.New(), "editor.deps.json", []byte(`{"libraries":[]}`)); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(deps))
	scannertest.Fuzz(f, dotnet.New(), "a.deps.json")
}

func FuzzLock(f *testing.F) {
	f.Add([]byte(lock))
	scannertest.Fuzz(f, dotnet.NewLock(), "packages.lock.json")
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(config))
	scannertest.Fuzz(f, dotnet.NewLock(), "packages.config")
}
