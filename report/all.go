package report

// Formats lists every output format.
func Formats() []Format {
	return []Format{
		{"table", "columns for a terminal", Table},
		{"json", "everything, in a versioned schema", JSON},
		{"sarif", "SARIF 2.1.0, for code scanning services", SARIF},
		{"cyclonedx", "CycloneDX 1.6 JSON, with vulnerabilities", CycloneDX},
		{"spdx", "SPDX 2.3 JSON", SPDX},
		{"junit", "JUnit XML, one test case per finding", JUnit},
		{"gitlab", "GitLab's container scanning report", GitLab},
		{"github", "GitHub workflow annotations", GitHub},
		{"html", "one self-contained page", HTML},
		{"template", "what a Go template makes of the report", Template},
		{"list", "package URLs, one a line", List},
	}
}
