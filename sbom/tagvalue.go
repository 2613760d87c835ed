package sbom

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxLine bounds one line of tag-value form.
const maxLine = 1 << 20

// tagFields are the tags of packages with the names of the same fields in JSON.
var tagFields = map[string]string{
	"SPDXID": "SPDXID", "PackageVersion": "versionInfo", "PackageSummary": "summary", "PrimaryPackagePurpose": "primaryPackagePurpose",
	"PackageLicenseDeclared": "licenseDeclared", "PackageLicenseConcluded": "licenseConcluded", "PackageSourceInfo": "sourceInfo",
}

// tagValue reads SPDX's line format: "Tag: value", a long value between <text>
// and </text>. A package's tags follow its PackageName.
func (d *draft) tagValue(r io.Reader) error {
	t := &tags{d: d}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := t.line(lines.Text()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if n > 100 && d.format == "" {
			return ErrFormat
		}
	}
	if err := lines.Err(); err != nil {
		if err == bufio.ErrTooLong {
			err = fmt.Errorf("line of more than %d bytes: %w", maxLine, ErrLimit)
		}
		return err
	}
	return t.end()
}

// tags is the state between lines.
type tags struct {
	d       *draft
	e       entry
	inside  bool // a package
	tag     string
	text    strings.Builder
	reading bool // a long text
}

func (t *tags) line(line string) error {
	if t.reading {
		return t.more(line)
	}
	tag, value, ok := strings.Cut(line, ":")
	if !ok || strings.HasPrefix(line, "#") {
		return nil
	}
	tag, value = strings.TrimSpace(tag), strings.TrimSpace(value)
	if long, ok := strings.CutPrefix(value, "<text>"); ok {
		t.tag, t.reading = tag, true
		t.text.Reset()
		return t.more(long)
	}
	return t.field(tag, value)
}

// more adds a line to a long text and hands it on at its end.
func (t *tags) more(line string) error {
	text, _, end := strings.Cut(line, "</text>")
	if t.text.Len() < maxLine {
		t.text.WriteString(text)
	}
	if !end {
		t.text.WriteByte('\n')
		return nil
	}
	t.reading = false
	return t.field(t.tag, t.text.String())
}

func (t *tags) field(tag, value string) error {
	switch tag {
	case "SPDXVersion":
		t.d.spdxVersion(value)
	case "DocumentName":
		t.d.root.name = value
	case "PackageName":
		if err := t.end(); err != nil {
			return err
		}
		t.e, t.inside = entry{name: value}, true
	case "FileName", "SnippetSPDXID", "LicenseID":
		return t.end()
	case "Relationship":
		if f := strings.Fields(value); len(f) == 3 {
			t.d.relationship(f[0], f[1], f[2])
		}
	default:
		if t.inside {
			t.part(tag, value)
		}
	}
	return nil
}

// part takes one tag of a package.
func (t *tags) part(tag, value string) {
	switch tag {
	case "ExternalRef":
		if f := strings.Fields(value); len(f) == 3 {
			t.e.spdxPart(map[string]string{"referenceType": f[1], "referenceLocator": f[2]})
		}
	case "PackageChecksum":
		if alg, sum, ok := strings.Cut(value, ": "); ok {
			t.e.spdxPart(map[string]string{"algorithm": alg, "checksumValue": sum})
		}
	case "PackageAttributionText", "AnnotationComment":
		t.e.remark(value)
	default:
		t.e.spdxField(tagFields[tag], value)
	}
}

// end closes the package that was begun.
func (t *tags) end() error {
	if !t.inside {
		return nil
	}
	t.inside = false
	return t.d.add(t.e)
}
