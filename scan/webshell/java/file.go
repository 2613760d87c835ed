package java

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

const (
	output  = "file output"
	pathKey = "(path)"
)

// outputs are constructors that open a file to write.
var outputs = map[string]bool{"FileOutputStream": true, "FileWriter": true, "RandomAccessFile": true, "PrintWriter": true, "PrintStream": true}

// wrappers hand on what they are given.
var wrappers = map[string]bool{"BufferedWriter": true, "BufferedOutputStream": true, "OutputStreamWriter": true, "DataOutputStream": true, "PrintWriter": true, "PrintStream": true, "FilterOutputStream": true, "ZipOutputStream": true}

// fileCall follows files that are written, read, listed and removed.
func (l *Library) fileCall(c *script.Invocation) (script.Value, bool) {
	if c.New {
		return l.open(c)
	}
	first := c.Arg(0)
	switch c.Name {
	case "write", "print", "println", "append", "writeBytes", "writeUTF", "writeChars":
		if c.Object.Type == output {
			l.write(c, c.Object.Fields[pathKey], script.Mix(c.Args...))
			return c.Object, true
		}
		switch base := c.Object.Type; {
		case is(base, "Files"):
			l.write(c, first, c.Arg(1))
			return script.Value{}, true
		case c.Object.All()&script.Request != 0 && c.Name == "write" && len(c.Args) == 1 && c.Object.Type != "java.lang.StringBuilder":
			l.write(c, first, c.Object) // Part.write and FileItem.write
			return script.Value{}, true
		}
	case "writeStringToFile", "writeByteArrayToFile", "writeLines", "copyInputStreamToFile", "copyURLToFile", "copyToFile":
		path, data := first, c.Arg(1)
		if strings.HasPrefix(c.Name, "copy") {
			path, data = data, first
		}
		l.write(c, path, data)
		return script.Value{}, true
	case "copy":
		if is(c.Object.Type, "Files") {
			l.write(c, c.Arg(1), first)
			return script.Value{}, true
		}
		if is(c.Object.Type, "IOUtils") && c.Arg(1).Type == output {
			l.write(c, c.Arg(1).Fields[pathKey], first)
			return script.Value{}, true
		}
	case "writeString", "newOutputStream", "newBufferedWriter":
		if is(c.Object.Type, "Files") {
			if c.Name == "writeString" {
				l.write(c, first, c.Arg(1))
				return script.Value{}, true
			}
			return file(first), true
		}
	case "transferTo", "saveAs":
		if c.Object.All()&script.Request != 0 {
			l.write(c, first, c.Object)
			return script.Value{}, true
		}
	case "listFiles", "list", "delete", "renameTo", "mkdirs", "mkdir", "deleteOnExit", "setLastModified":
		if is(c.Object.Type, "File") {
			l.access(c, c.Object)
		}
	case "readAllBytes", "readAllLines", "readString", "walk", "newInputStream", "readFileToString", "readFileToByteArray":
		if is(c.Object.Type, "Files", "FileUtils") {
			l.access(c, first)
			return script.Source(script.Value{}, script.FromFile, c.Line, "file: %s", c.Name), true
		}
	}
	return script.Value{}, false
}

// open makes files and the streams on them.
func (l *Library) open(c *script.Invocation) (script.Value, bool) {
	first := c.Arg(0)
	switch {
	case wrappers[c.Name] && first.Type == output:
		return first, true
	case outputs[c.Name] && len(c.Args) > 0 && (c.Name != "PrintWriter" && c.Name != "PrintStream" || is(first.Type, "File") || first.Kind == script.IsText):
		if c.Name == "RandomAccessFile" {
			l.access(c, first)
		}
		return file(first), true
	case c.Name == "File":
		v := first
		if len(c.Args) == 2 {
			v = script.Concat(first, c.Arg(1))
		}
		if v.Kind != script.IsText {
			v.Type = "java.io.File"
		} else {
			v = script.Value{Type: "java.io.File", Text: v.Text, Taint: v.Taint, From: v.From, Fields: map[string]script.Value{"(name)": v}}
		}
		return v, true
	case c.Name == "FileInputStream" || c.Name == "FileReader":
		l.access(c, first)
		return script.Source(script.Value{}, script.FromFile, c.Line, "file: new %s", c.Name), true
	}
	return script.Value{}, false
}

func file(path script.Value) script.Value {
	return script.Value{Type: output, Fields: map[string]script.Value{pathKey: path}}
}

// runs says whether a path ends in what servers run.
func runs(path script.Value) bool {
	s, end := path.Ends()
	if n, ok := path.Fields["(name)"]; ok {
		s, end = n.Ends()
	}
	if end == "" {
		end = s
	}
	end = strings.ToLower(end)
	for _, ext := range []string{".jsp", ".jspx", ".jspf", ".war", ".class", ".jar", ".sh", ".tld", ".jnlp"} {
		if strings.HasSuffix(end, ext) {
			return true
		}
	}
	return false
}

// write judges the writing of data to a file.
func (l *Library) write(c *script.Invocation, path, data script.Value) {
	p, d := path.All(), data.All()
	if d&(script.Request|script.Remote) == 0 && !(d&script.Decoded != 0 && p&script.Request != 0) {
		return
	}
	switch {
	case p&script.Whole != 0 && p&script.Request != 0:
		l.File.Sink(evidence.Write, finding.ConfidenceHigh, c.Line, "file: "+c.Name, data)
	case runs(path):
		l.File.Sink(evidence.Write, finding.ConfidenceHigh, c.Line, "file: "+c.Name, data)
	case p&script.Request != 0:
		l.File.Sink(evidence.Write, finding.ConfidenceMedium, c.Line, "file: "+c.Name, data)
	}
}

// access records that a file was used that the request names.
func (l *Library) access(c *script.Invocation, path script.Value) {
	if path.All()&script.Request == 0 {
		return
	}
	if path.All()&script.Whole == 0 && c.Name != "listFiles" {
		return
	}
	if l.Accesses == nil {
		l.Accesses = make(map[string]int)
	}
	if _, ok := l.Accesses[c.Name]; !ok {
		l.Accesses[c.Name] = c.Line
	}
	l.File.Sink(evidence.Files, finding.ConfidenceLow, c.Line, "file: "+c.Name, path)
}
