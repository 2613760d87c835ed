package license

// aliases are names that neither the list's identifiers nor its names give, by
// the licence that they mean. A licence whose version nobody tells is the oldest
// "or later", as Fedora and Debian read it.
// Sources: Debian's machine-readable copyright format 1.0; Fedora's former short
// names; PyPI's classifiers; names in Maven Central and npm.
var aliases = map[string]string{
	"Expat": "MIT", "MIT/X11": "MIT", "MIT X11": "MIT", "MIT/Expat": "MIT", "Expat/MIT": "MIT", "X11/MIT": "MIT", "MIT-style": "MIT", "MITL": "MIT",
	"MIT License (MIT)": "MIT", "The MIT License (MIT)": "MIT",
	"Apache": "Apache-2.0", "ASL 2.0": "Apache-2.0", "ASL": "Apache-2.0", "ASF 2.0": "Apache-2.0", "ALv2": "Apache-2.0", "AL2": "Apache-2.0",
	"Apache Software": "Apache-2.0", "Apache Software License": "Apache-2.0", "Apache Software License 2.0": "Apache-2.0", "ASL 1.1": "Apache-1.1",
	"Apache Public License 2.0": "Apache-2.0", "Apache 2": "Apache-2.0", "Apache2.0": "Apache-2.0",
	"BSD": "BSD", "BSD-style": "BSD", "BSD-like": "BSD", "BSD with advertising": "BSD-4-Clause",
	"BSD-3": "BSD-3-Clause", "BSD3": "BSD-3-Clause", "3-Clause BSD": "BSD-3-Clause", "BSD 3": "BSD-3-Clause", "New BSD": "BSD-3-Clause", "Modified BSD": "BSD-3-Clause",
	"Revised BSD": "BSD-3-Clause", "BSD 3 Clause": "BSD-3-Clause", "BSD-3-clauses": "BSD-3-Clause", "EDL 1.0": "BSD-3-Clause", "Eclipse Distribution License v1.0": "BSD-3-Clause",
	"Eclipse Distribution License - v 1.0": "BSD-3-Clause", "BSD New": "BSD-3-Clause", "BSD-2": "BSD-2-Clause", "BSD2": "BSD-2-Clause", "2-Clause BSD": "BSD-2-Clause",
	"Simplified BSD": "BSD-2-Clause", "FreeBSD": "BSD-2-Clause", "BSD-2-clauses": "BSD-2-Clause", "BSD-4": "BSD-4-Clause", "BSD-4-clauses": "BSD-4-Clause",
	"GPL": "GPL-1.0-or-later", "GPL-any": "GPL-1.0-or-later", "GNU General Public License": "GPL-1.0-or-later", "GNU GPL": "GPL-1.0-or-later", "General Public": "GPL-1.0-or-later",
	"GPL-1": "GPL-1.0-only", "GPL-2": "GPL-2.0-only", "GPL-3": "GPL-3.0-only", "GNU General Public License v2": "GPL-2.0-only", "GNU General Public License v3": "GPL-3.0-only",
	"General Public 2": "GPL-2.0-only", "General Public 3": "GPL-3.0-only", "General Public 1": "GPL-1.0-only",
	"GPL 2 only": "GPL-2.0-only", "GPL 3 only": "GPL-3.0-only",
	"LGPL": "LGPL-2.0-or-later", "GNU LGPL": "LGPL-2.0-or-later", "GNU Lesser General Public License": "LGPL-2.0-or-later", "Lesser General Public": "LGPL-2.0-or-later",
	"GNU Library or Lesser General Public License": "LGPL-2.0-or-later", "GNU Library or Lesser General Public License (LGPL)": "LGPL-2.0-or-later",
	"LGPL-2": "LGPL-2.0-only", "LGPL-2.1": "LGPL-2.1-only", "LGPL-3": "LGPL-3.0-only", "Lesser General Public 2.1": "LGPL-2.1-only", "Lesser General Public 3": "LGPL-3.0-only",
	"Lesser General Public 2": "LGPL-2.0-only", "Library General Public 2": "LGPL-2.0-only",
	"AGPL": "AGPL-3.0-or-later", "AGPL-3": "AGPL-3.0-only", "Affero General Public": "AGPL-3.0-or-later", "GNU Affero General Public License v3": "AGPL-3.0-only",
	"Affero General Public 3": "AGPL-3.0-only", "GFDL": "GFDL-1.1-or-later", "GFDL-NIV-1.3": "GFDL-1.3-no-invariants-only", "FDL": "GFDL-1.1-or-later",
	"MPL": "MPL-1.0", "MPLv1.1": "MPL-1.1", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Mozilla Public": "MPL-1.0",
	"EPL": "EPL-1.0", "Eclipse Public": "EPL-1.0", "EPL-2": "EPL-2.0", "epl-v20": "EPL-2.0", "epl-v10": "EPL-1.0", "CDDL": "CDDL-1.0", "CPL": "CPL-1.0", "CDDL 1.1": "CDDL-1.1", "CDDL+GPL": "CDDL-1.0",
	"GPL2 w/ CPE": "GPL-2.0-with-classpath-exception", "GPL-2.0-with-classpath-exception": "GPL-2.0-with-classpath-exception",
	"Artistic": "Artistic-1.0", "Artistic 2": "Artistic-2.0", "Artistic License": "Artistic-1.0", "Perl": "Artistic-1.0-Perl",
	"Public Domain": "public-domain", "public-domain": "public-domain", "PD": "public-domain", "CC0": "CC0-1.0", "CC0 1.0 Universal": "CC0-1.0", "Unlicensed": "UNLICENSED",
	"The Unlicense (Unlicense)": "Unlicense", "PSF": "PSF-2.0", "PSFL": "PSF-2.0", "Python": "PSF-2.0", "Python Software Foundation": "PSF-2.0", "Python Software Foundation License": "PSF-2.0",
	"ISCL": "ISC", "ISC License (ISCL)": "ISC", "Zope Public": "ZPL-2.1", "Zope": "ZPL-2.1", "ZPL": "ZPL-2.1", "zlib/libpng": "zlib-acknowledgement", "zlib-libpng": "Zlib",
	"Boost": "BSL-1.0", "Boost Software License 1.0": "BSL-1.0", "OpenLDAP": "OLDAP-2.8", "SIL OFL": "OFL-1.1", "OFL": "OFL-1.1", "SIL OFL 1.1": "OFL-1.1",
	"WTFPL-2": "WTFPL", "SSPL": "SSPL-1.0", "Server Side Public": "SSPL-1.0", "ELv2": "Elastic-2.0", "Elastic License 2.0": "Elastic-2.0", "BUSL": "BUSL-1.1",
	"Business Source License 1.1": "BUSL-1.1", "Bouncy Castle Licence": "MIT", "Go": "BSD-3-Clause", "Ruby's": "Ruby", "JSON": "JSON", "PHP": "PHP-3.01",
}
