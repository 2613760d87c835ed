package sbom

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// cyclonedxMember reads one member of the top object. It says whether the
// member is one of CycloneDX.
// Source: https://cyclonedx.org/docs/1.6/json/.
func (d *draft) cyclonedxMember(s stream, key string) (bool, error) {
	switch key {
	case "bomFormat":
		return true, s.into(&d.format)
	case "specVersion":
		return true, s.into(&d.version)
	case "metadata":
		return true, s.object(func(key string) error {
			if key != "component" {
				return s.skip()
			}
			return d.cyclonedxComponent(s, 0, func(e entry) error { d.root = e; return nil })
		})
	case "components":
		return true, d.cyclonedxComponents(s, 0)
	}
	return false, nil
}

func (d *draft) cyclonedxComponents(s stream, depth int) error {
	return s.array(maxComponents, func() error { return d.cyclonedxComponent(s, depth, d.add) })
}

// cyclonedxComponent reads one component and those inside it.
func (d *draft) cyclonedxComponent(s stream, depth int, add func(entry) error) error {
	if depth > maxDepth {
		return fmt.Errorf("components %d deep: %w", depth, ErrLimit)
	}
	var e entry
	err := s.object(func(key string) error {
		switch key {
		case "bom-ref":
			return s.into(&e.ref)
		case "type":
			return s.into(&e.kind)
		case "name":
			return s.into(&e.name)
		case "group":
			return s.into(&e.group)
		case "version":
			return s.into(&e.version)
		case "description":
			return s.into(&e.about)
		case "purl":
			return s.into(&e.purl)
		case "cpe":
			return s.into(&e.cpe)
		case "hashes":
			return s.hashes(&e)
		case "licenses":
			return s.licenses(&e)
		case "evidence":
			return s.occurrences(&e)
		case "properties":
			return s.properties(&e)
		case "components":
			return d.cyclonedxComponents(s, depth+1)
		}
		return s.skip()
	})
	if err != nil {
		return err
	}
	return add(e)
}

func (s stream) hashes(e *entry) error {
	return s.array(maxItems, func() error {
		h, err := s.texts()
		if h["alg"] == "SHA-1" {
			e.sha1 = h["content"]
		}
		return err
	})
}

// licenses reads the choice of a licence or an expression.
func (s stream) licenses(e *entry) error {
	return s.array(maxItems, func() error {
		return s.object(func(key string) error {
			switch key {
			case "expression":
				v, err := s.text()
				e.license(v)
				return err
			case "license":
				l, err := s.texts()
				e.license(first(l["id"], l["name"]))
				return err
			}
			return s.skip()
		})
	})
}

func (e *entry) license(name string) {
	if name != "" && name != "NOASSERTION" && name != "NONE" && len(e.licenses) < maxItems {
		e.licenses = append(e.licenses, name)
	}
}

func (s stream) properties(e *entry) error {
	return s.array(maxItems, func() error {
		p, err := s.texts()
		e.note(p["name"], p["value"])
		return err
	})
}

// occurrences reads where a component was found. This program writes the layer
// as the additional context.
func (s stream) occurrences(e *entry) error {
	return s.object(func(key string) error {
		if key != "occurrences" {
			return s.skip()
		}
		return s.array(maxItems, func() error {
			o, err := s.texts()
			e.place(o["location"], o["additionalContext"])
			return err
		})
	})
}

func (e *entry) place(path, context string) {
	if path == "" {
		return
	}
	l := inventory.Location{Path: strings.TrimPrefix(path, "/")}
	if strings.HasPrefix(context, "sha256:") {
		l.Layer = context
	}
	e.places = append(e.places, l)
}
