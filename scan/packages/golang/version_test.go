package golang

import "testing"

func TestStdlibVersion(t *testing.T) {
	for in, want := range map[string]string{
		"go1.21.3":                    "1.21.3",
		"go1.21":                      "1.21.0",
		"go1.22rc1":                   "1.22.0-rc.1",
		"go1.18beta2":                 "1.18.0-beta.2",
		"go1.22.5 X:boringcrypto":     "1.22.5",
		"go1.19.4b7":                  "1.19.4",
		"go1.21.9 (Red Hat 1.21.9-1)": "1.21.9",
		"go1.20.12-asahi":             "1.20.12",
		"devel go1.23-abc Mon Jan 1":  "",
		"":                            "",
		"go1":                         "",
	} {
		if got := stdlibVersion(in); got != want {
			t.Errorf("stdlibVersion(%q) = %q, want %q", in, got, want)
		}
	}
}
