package sbom

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// cyclonedxXML reads a CycloneDX document in XML. Elements have the names of
// JSON's members; the version stands in the namespace.
// Source: https://cyclonedx.org/docs/1.6/xml/.
func (d *draft) cyclonedxXML(r io.Reader) error {
	x := xmlStream{xml.NewDecoder(r)}
	for {
		t, err := x.Token()
		if err != nil {
			return fmt.Errorf("read XML: %w", eof(err))
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		version, ok := strings.CutPrefix(start.Name.Space, "http://cyclonedx.org/schema/bom/")
		if !ok || start.Name.Local != "bom" {
			return ErrFormat
		}
		d.format, d.version = "CycloneDX", version
		if err := d.xmlBOM(x); err != nil {
			return fmt.Errorf("read XML: %w", err)
		}
		return nil
	}
}

// xmlStream reads XML element by element.
type xmlStream struct{ *xml.Decoder }

func (d *draft) xmlBOM(x xmlStream) error {
	return x.children(maxItems, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "metadata":
			return x.children(maxItems, func(e xml.StartElement) error {
				if e.Name.Local == "component" {
					return d.xmlComponent(x, e, 0, func(e entry) error { d.root = e; return nil })
				}
				return x.Skip()
			})
		case "components":
			return d.xmlComponents(x, 0)
		}
		return x.Skip()
	})
}

func (d *draft) xmlComponents(x xmlStream, depth int) error {
	return x.children(maxComponents, func(e xml.StartElement) error { return d.xmlComponent(x, e, depth, d.add) })
}

func (d *draft) xmlComponent(x xmlStream, start xml.StartElement, depth int, add func(entry) error) error {
	if depth > maxDepth {
		return fmt.Errorf("components %d deep: %w", depth, ErrLimit)
	}
	e := entry{kind: attribute(start, "type"), ref: attribute(start, "bom-ref")}
	err := x.children(maxItems, func(c xml.StartElement) error {
		switch c.Name.Local {
		case "name":
			return x.into(&e.name)
		case "group":
			return x.into(&e.group)
		case "version":
			return x.into(&e.version)
		case "description":
			return x.into(&e.about)
		case "purl":
			return x.into(&e.purl)
		case "cpe":
			return x.into(&e.cpe)
		case "hashes":
			return x.children(maxItems, func(c xml.StartElement) error {
				if attribute(c, "alg") == "SHA-1" {
					return x.into(&e.sha1)
				}
				return x.Skip()
			})
		case "licenses":
			return x.licenses(&e)
		case "evidence":
			return x.occurrences(&e)
		case "properties":
			return x.children(maxItems, func(c xml.StartElement) error {
				value := ""
				err := x.into(&value)
				e.note(attribute(c, "name"), value)
				return err
			})
		case "components":
			return d.xmlComponents(x, depth+1)
		}
		return x.Skip()
	})
	if err != nil {
		return err
	}
	return add(e)
}

func (x xmlStream) licenses(e *entry) error {
	return x.children(maxItems, func(c xml.StartElement) error {
		if c.Name.Local == "expression" {
			v := ""
			err := x.into(&v)
			e.license(v)
			return err
		}
		return x.children(maxItems, func(c xml.StartElement) error {
			if c.Name.Local != "id" && c.Name.Local != "name" {
				return x.Skip()
			}
			v := ""
			err := x.into(&v)
			e.license(v)
			return err
		})
	})
}

func (x xmlStream) occurrences(e *entry) error {
	return x.children(maxItems, func(c xml.StartElement) error {
		if c.Name.Local != "occurrences" {
			return x.Skip()
		}
		return x.children(maxItems, func(xml.StartElement) error {
			path, context := "", ""
			err := x.children(maxItems, func(c xml.StartElement) error {
				switch c.Name.Local {
				case "location":
					return x.into(&path)
				case "additionalContext":
					return x.into(&context)
				}
				return x.Skip()
			})
			e.place(path, context)
			return err
		})
	})
}

// children calls child for each element inside the current one; child reads it
// to its end.
func (x xmlStream) children(limit int, child func(xml.StartElement) error) error {
	for n := 0; ; {
		t, err := x.Token()
		if err != nil {
			return eof(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if n++; n > limit {
				return fmt.Errorf("list of more than %d: %w", limit, ErrLimit)
			}
			if err := child(t); err != nil {
				return err
			}
		}
	}
}

// into reads the text of the current element.
func (x xmlStream) into(p *string) error {
	var b strings.Builder
	for {
		t, err := x.Token()
		if err != nil {
			return eof(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if err := x.Skip(); err != nil {
				return err
			}
		case xml.EndElement:
			*p = strings.TrimSpace(b.String())
			return nil
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
