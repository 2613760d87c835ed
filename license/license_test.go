package license

import (
	"strings"
	"testing"
)

// What packages write, and what it means.
func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		// SPDX expressions
		"MIT": "MIT", "mit": "MIT", "(MIT OR Apache-2.0)": "MIT OR Apache-2.0", "MIT AND (BSD-2-Clause OR ISC)": "MIT AND (BSD-2-Clause OR ISC)",
		"GPL-2.0-only WITH Classpath-exception-2.0": "GPL-2.0-only WITH Classpath-exception-2.0", "MIT or Apache-2.0 and ISC": "MIT OR Apache-2.0 AND ISC",
		"GPL-2.0": "GPL-2.0-only", "GPL-2.0+": "GPL-2.0-or-later", "LGPL-2.1-or-later": "LGPL-2.1-or-later", "AGPL-3.0": "AGPL-3.0-only", "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
		"Apache-2.0 WITH LLVM-exception": "Apache-2.0 WITH LLVM-exception", "LicenseRef-Acme-1": "LicenseRef-Acme-1", "0BSD": "0BSD", "GFDL-1.3-no-invariants-or-later": "GFDL-1.3-no-invariants-or-later",
		// Debian
		"Expat": "MIT", "GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later", "GPL-3+": "GPL-3.0-or-later", "LGPL-2.1+": "LGPL-2.1-or-later", "BSD-3-clause": "BSD-3-Clause",
		"Artistic or GPL-1+": "Artistic-1.0 OR GPL-1.0-or-later", "public-domain": "LicenseRef-public-domain", "GPL-2+ with OpenSSL exception": "GPL-2.0-or-later WITH OpenSSL-exception",
		"LGPL-2+ or MPL-1.1": "LGPL-2.0-or-later OR MPL-1.1", "zlib": "Zlib", "ISC": "ISC", "CC0": "CC0-1.0", "GPL": "GPL-1.0-or-later", "GPL-2 and GPL-2+": "GPL-2.0-only AND GPL-2.0-or-later",
		// RPM
		"GPLv2+": "GPL-2.0-or-later", "LGPLv2+ and BSD": "LGPL-2.0-or-later AND LicenseRef-BSD", "ASL 2.0": "Apache-2.0", "(GPLv2+ or LGPLv3+) and GFDL": "(GPL-2.0-or-later OR LGPL-3.0-or-later) AND GFDL-1.1-or-later",
		"MPLv1.1 or GPLv2": "MPL-1.1 OR GPL-2.0-only", "GPL+ or Artistic": "GPL-1.0-or-later OR Artistic-1.0", "Public Domain": "LicenseRef-public-domain", "GPLv3+ and GPLv2+ with exceptions": "GPL-3.0-or-later AND GPL-2.0-or-later WITH exceptions",
		// Alpine
		"MIT GPL-2.0-or-later": "LicenseRef-MIT-GPL-2.0-or-later",
		// PyPI
		"License :: OSI Approved :: MIT License": "MIT", "License :: OSI Approved :: Apache Software License": "Apache-2.0", "License :: OSI Approved :: BSD License": "LicenseRef-BSD",
		"License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)":         "GPL-3.0-or-later",
		"License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
		"License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)":                    "MPL-2.0", "License :: OSI Approved :: ISC License (ISCL)": "ISC",
		"License :: OSI Approved :: Python Software Foundation License": "PSF-2.0", "License :: OSI Approved :: GNU Affero General Public License v3": "AGPL-3.0-only",
		"BSD 3-Clause License": "BSD-3-Clause", "Apache License 2.0": "Apache-2.0", "Apache 2.0": "Apache-2.0", "MIT license": "MIT", "BSD-3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
		// Maven
		"The Apache Software License, Version 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0", "The MIT License": "MIT", "Eclipse Public License - v 2.0": "EPL-2.0", "EPL 1.0": "EPL-1.0",
		"GNU Lesser General Public License": "LGPL-2.0-or-later", "GNU General Public License, version 2 (GPL2), with the classpath exception": "GPL-2.0-only WITH Classpath-exception-2.0",
		"https://www.apache.org/licenses/LICENSE-2.0.txt": "Apache-2.0", "http://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0", "https://opensource.org/licenses/MIT": "MIT", "http://www.eclipse.org/legal/epl-v20.html": "EPL-2.0",
		"https://spdx.org/licenses/BSD-3-Clause.html": "BSD-3-Clause", "Eclipse Distribution License - v 1.0": "BSD-3-Clause",
		// Cargo, npm and others
		"MIT/Apache-2.0": "MIT OR Apache-2.0", "Apache-2.0 / MIT": "Apache-2.0 OR MIT", "UNLICENSED": "LicenseRef-UNLICENSED", "SEE LICENSE IN LICENSE.md": "LicenseRef-SEE-LICENSE-IN-LICENSE.md",
		"": "", "(((": "LicenseRef-", "MIT AND": "LicenseRef-MIT-AND", "Acme Proprietary": "LicenseRef-Acme-Proprietary",
	} {
		if got := Read(text).String(); got != want {
			t.Errorf("Read(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		kind  string
		names []string
		want  string
	}{
		{"deb", []string{"GPL-2+", "Expat", "Expat"}, "GPL-2.0-or-later AND MIT"},
		{"maven", []string{"CDDL 1.1", "GPL2 w/ CPE"}, "CDDL-1.1 OR GPL-2.0-only WITH Classpath-exception-2.0"},
		{"composer", []string{"MIT", "GPL-3.0-or-later"}, "MIT OR GPL-3.0-or-later"},
		{"npm", nil, ""},
	} {
		if got := Of(c.kind, c.names).String(); got != c.want {
			t.Errorf("Of(%s, %q) = %q, want %q", c.kind, c.names, got, c.want)
		}
	}
}

func TestCategory(t *testing.T) {
	for text, want := range map[string]Category{
		"MIT": Permissive, "BSD": Permissive, "GPL-2": Copyleft, "LGPL-2.1+": WeakCopyleft, "AGPL-3.0": NetworkCopyleft, "SSPL-1.0": NetworkCopyleft, "MPL-2.0": WeakCopyleft,
		"CC0-1.0": PublicDomain, "public-domain": PublicDomain, "CC-BY-NC-4.0": Restricted, "CC-BY-SA-4.0": Copyleft, "CC-BY-4.0": Permissive, "BUSL-1.1": Restricted, "Acme": Unknown,
		"GPL-2.0-only WITH Classpath-exception-2.0": WeakCopyleft, "GPL-2.0-only WITH Acme-exception": Copyleft, "MIT OR GPL-3.0": Permissive, "MIT AND GPL-3.0": Copyleft, "MIT AND Acme": Unknown,
		"CECILL-2.1": Copyleft, "CECILL-B": Permissive, "EUPL-1.2": NetworkCopyleft, "OFL-1.1": WeakCopyleft, "Unlicense": PublicDomain, "0BSD": PublicDomain, "BSL-1.0": Permissive,
	} {
		if got := Read(text).Category(); got != want {
			t.Errorf("category of %s is %s, want %s", text, got, want)
		}
	}
}

// Most of the list has a category, and every identifier reads as itself.
func TestList(t *testing.T) {
	unknown := 0
	for id := range lists().ids {
		e := Read(id)
		if e.Operator != Leaf || !e.Listed {
			t.Errorf("Read(%q) = %q", id, e)
		}
		if !gnu.MatchString(id) && e.ID != id {
			t.Errorf("Read(%q) = %q", id, e)
		}
		if e.Category() == Unknown {
			unknown++
		}
	}
	if all := len(lists().ids); all < 700 || unknown > all/2 {
		t.Errorf("%d of %d licences have no category", unknown, all)
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct {
		set, text     string
		binds, covers bool
	}{
		{"GPL-3.0", "GPL-3.0-or-later", true, true},
		{"GPL-3.0", "GPL-3.0-only", true, true},
		{"GPL-3.0-only", "GPL-3.0-or-later", false, false},
		{"GPL-*", "LGPL-3.0-only", false, false},
		{"GPL-*", "GPL-2+ or MIT", false, true},
		{"GPL-*", "GPL-2+ and MIT", true, false},
		{"GPL-*,MIT", "GPL-2+ and MIT", true, true},
		{"GPL-*,MIT", "GPL-2+ or MIT", true, true},
		{"copyleft", "GPL-2.0-only WITH Classpath-exception-2.0", false, false},
		{"unknown", "Acme Proprietary", true, true},
		{"Acme Proprietary", "Acme Proprietary", true, true},
		{"permissive,weak-copyleft", "MIT AND LGPL-2.1+", true, true},
		{"MIT", "", false, false},
	} {
		s, err := ParseSet(strings.Split(c.set, ","))
		if err != nil {
			t.Fatal(err)
		}
		e := Read(c.text)
		if s.Binds(e) != c.binds || s.Covers(e) != c.covers {
			t.Errorf("set %s, %s: binds %v covers %v", c.set, c.text, s.Binds(e), s.Covers(e))
		}
	}
}

// Whatever a package says, reading ends soon, and what comes out reads the same
// again.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"MIT", "(MIT OR Apache-2.0) AND GPL-2.0+ WITH x", "License :: OSI Approved :: BSD", strings.Repeat("(", 3000), strings.Repeat("MIT OR ", 500), "https://spdx.org/licenses/MIT"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := Read(text)
		if n := len(e.Leaves()); n > maxTerms {
			t.Errorf("%d licences", n)
		}
		e.Category()
		once := Read(e.String())
		if again := Read(once.String()); len(e.String()) < maxText && again.String() != once.String() {
			t.Errorf("%q: %q, then %q", text, once, again)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	Read("MIT")
	for b.Loop() {
		Read("(GPLv2+ or LGPLv3+) and BSD with advertising")
	}
}
