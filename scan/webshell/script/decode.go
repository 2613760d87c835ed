package script

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/url"
	"strings"
)

// decoders are functions whose result is something else than what they were
// given, by the name they have in some language.
var decoders = map[string]string{
	"decode": "decode", "decodebuffer": "base64", "decodebase64": "base64", "atob": "base64", "b64decode": "base64", "urlsafe_b64decode": "base64", "standard_b64decode": "base64", "decodestring": "base64", "decodebytes": "base64", "frombase64string": "base64", "parsebase64binary": "base64", "decode_base64": "base64", "a2b_base64": "base64", "base64decode": "base64", "base64todecode": "base64", "frombase64": "base64", "b32decode": "base32",
	"parsehexbinary": "hex", "decodehex": "hex", "fromhex": "hex", "unhexlify": "hex", "a2b_hex": "hex", "fromhexstring": "hex", "hextobytes": "hex",
	"decompress": "inflate", "gunzipsync": "inflate", "inflatesync": "inflate", "inflaterawsync": "inflate", "unzipsync": "inflate", "uncompress": "inflate", "inflate": "inflate", "memgunzip": "inflate",
	"unescape": "url", "decodeuricomponent": "url", "unquote": "url", "decodeuri": "url", "urldecode": "url", "uri_unescape": "url",
	"dofinal": "decrypt", "decrypt": "decrypt", "transformfinalblock": "decrypt", "createdecryptor": "decrypt", "createdecipheriv": "decrypt", "decipheriv": "decrypt",
	"rot13": "rot13", "rot_13": "rot13",
	"unpack": "unpack", "pack": "pack", "from": "buffer",
}

// decode computes a decoder of a constant. What is unknown stays so, and is
// marked as decoded.
func (m *Machine) decode(c *Invocation, what string) (Value, bool) {
	v := c.Arg(0)
	if len(c.Args) == 0 || c.Object.Kind == IsText && v.Kind == IsText && what == "decode" {
		v = c.Object
	}
	s, known := v.String()
	switch what {
	case "decode":
		what = m.decodeKind(c)
	case "buffer":
		enc, ok := c.Arg(1).String()
		if !ok || enc != "base64" && enc != "hex" {
			return v, c.Object.Type == "Buffer" || strings.HasSuffix(c.Object.Type, "Buffer")
		}
		what = enc
	case "pack", "unpack":
		format, _ := c.Arg(0).String()
		v = c.Arg(1)
		s, known = v.String()
		switch {
		case strings.HasPrefix(format, "H"):
			what = "hex"
		case strings.HasPrefix(format, "u"):
			what = "uu"
		case strings.HasPrefix(format, "C") || strings.HasPrefix(format, "c") || strings.HasPrefix(format, "U") || strings.HasPrefix(format, "W"):
			return character(m, &Invocation{Args: flatten(c.Args[1:])})
		default:
			return Value{}, false
		}
	}
	if known && v.Kind != IsNumber && v.Taint&^Embedded == 0 {
		if out, ok := Decode(what, s); ok {
			v = Value{Kind: IsText, Text: out, Taint: v.Taint}
			if payload(out) && len(m.Payloads) < maxPayloads {
				m.Payloads = append(m.Payloads, Payload{Text: out, Line: c.Line})
				v.Taint |= Embedded
				v.From = &Origin{Line: c.Line, What: what + " of a constant"}
			}
			return v, true
		}
	}
	all := Mix(append([]Value{c.Object}, c.Args...)...)
	if what == "same" || what == "url" {
		return all, true
	}
	return decoded(all, c.Line, what), true
}

func flatten(vs []Value) []Value {
	var out []Value
	for _, v := range vs {
		if v.Kind == IsList {
			out = append(out, v.List...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// decodeKind says what a method called decode does: it is a name of many.
func (m *Machine) decodeKind(c *Invocation) string {
	if strings.Contains(c.Object.Type, "URL") {
		return "url"
	}
	enc, _ := c.Arg(len(c.Args) - 1).String()
	switch strings.ToLower(strings.ReplaceAll(enc, "-", "_")) {
	case "rot13", "rot_13":
		return "rot13"
	case "hex":
		return "hex"
	case "base64":
		return "base64"
	case "zlib", "zip":
		return "inflate"
	}
	if m.dialect.Name == "python" {
		return "same"
	}
	return "base64"
}

// Decode undoes an encoding: base64, base32, hex, url, rot13, uu, inflate
// (gzip, zlib or raw). The result has at most a megabyte.
func Decode(what, s string) (string, bool) {
	if len(s) > 4*maxText {
		return "", false
	}
	switch what {
	case "base64":
		return unbase64(s)
	case "base32":
		out, err := base32.StdEncoding.DecodeString(s)
		return string(out), err == nil
	case "hex":
		out, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "").Replace(s))
		return string(out), err == nil
	case "url":
		out, err := url.PathUnescape(s)
		return out, err == nil
	case "rot13":
		return rot13(s), true
	case "inflate":
		return inflate(s)
	case "same":
		return s, true
	}
	return "", false
}

func unbase64(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '-':
			return '+'
		case '_':
			return '/'
		case ' ', '\n', '\r', '\t', '=':
			return -1
		}
		return r
	}, s)
	out, err := base64.RawStdEncoding.DecodeString(s)
	return string(out), err == nil
}

func inflate(s string) (string, bool) {
	open := []func(io.Reader) (io.Reader, error){
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
		func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil },
	}
	for _, f := range open {
		r, err := f(bytes.NewReader([]byte(s)))
		if err != nil {
			continue
		}
		out, err := io.ReadAll(io.LimitReader(r, maxText))
		if err == nil || len(out) > 64 {
			return string(out), true
		}
	}
	return "", false
}

// Payload is a constant of a program that was decoded and looks like a program
// itself.
type Payload struct {
	Text string
	Line int
}

const maxPayloads = 8

// payload says whether decoded text is a class, a program or a script.
func payload(s string) bool {
	for _, begin := range []string{"\xca\xfe\xba\xbe", "MZ", "PK\x03\x04", "\x1f\x8b\x08"} {
		if len(s) > 64 && strings.HasPrefix(s, begin) {
			return true
		}
	}
	return false
}
