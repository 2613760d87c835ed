package asp

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

// writers are functions that write data, which is the second argument, to the
// path that is the first.
var writers = map[string]bool{"writealltext": true, "writeallbytes": true, "appendalltext": true, "writealllines": true, "writeallbytesasync": true, "writealltextasync": true}

// readers use the file that their argument names.
var readers = map[string]bool{"readalltext": true, "readallbytes": true, "readalllines": true, "openread": true, "opentext": true, "getfiles": true, "getdirectories": true, "getfilesysteminfos": true, "transmitfile": true, "writefile": true, "delete": true, "deletefile": true, "move": true, "copyfile": true, "movefile": true, "getfolder": true, "loadfromfile": true, "createdirectory": true, "createfolder": true, "deletefolder": true, "getfile": true}

func (l *library) fileCall(c *script.Invocation, name string) (script.Value, bool) {
	first := c.Arg(0)
	if c.New {
		switch base(c.Path) {
		case "streamwriter", "filestream", "binarywriter":
			if first.Type == output {
				return first, true
			}
			return file(first), true
		case "directoryinfo", "fileinfo":
			l.access(c, first)
		}
		return script.Value{}, false
	}
	switch {
	case writers[name]:
		l.write(c, first, c.Arg(1))
		return script.Value{}, true
	case name == "createtextfile" || name == "opentextfile" || name == "openwrite" || name == "appendtext" || name == "createtext" || name == "create" && strings.HasSuffix(c.Object.Type, "ile"):
		return file(first), true
	case c.Object.Type == output && strings.HasPrefix(name, "write"):
		l.write(c, c.Object.Fields[pathKey], script.Mix(c.Args...))
		return script.Value{}, true
	case name == "savetofile" || name == "saveas" || name == "save":
		if c.Object.All()&(script.Request|script.Remote) != 0 {
			l.write(c, first, c.Object)
			return script.Value{}, true
		}
	case name == "downloadfile":
		data := script.Source(script.Mix(first), script.Remote, c.Line, "connection: %s", c.Name)
		if first.All()&script.Request != 0 {
			l.write(c, c.Arg(1), data)
		}
		return script.Value{}, true
	case readers[name] && len(c.Args) > 0:
		l.access(c, first)
		if name != "delete" && name != "writefile" {
			return script.Source(script.Value{}, script.FromFile, c.Line, "file: %s", c.Name), true
		}
	}
	return script.Value{}, false
}

func file(path script.Value) script.Value {
	return script.Value{Type: output, Fields: map[string]script.Value{pathKey: path}}
}

// write judges the writing of data to a file.
func (l *library) write(c *script.Invocation, path, data script.Value) {
	if data.All()&(script.Request|script.Remote) == 0 {
		return
	}
	_, end := path.Ends()
	switch p := path.All(); {
	case p&script.Whole != 0 && p&script.Request != 0, runs(end):
		l.file.Sink(evidence.Write, finding.ConfidenceHigh, c.Line, "file: "+c.Name, data)
	case p&script.Request != 0:
		l.file.Sink(evidence.Write, finding.ConfidenceMedium, c.Line, "file: "+c.Name, data)
	}
}

// runs says whether a path ends in what servers run.
func runs(path string) bool {
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 {
		return false
	}
	switch strings.ToLower(path[dot:]) {
	case ".asp", ".aspx", ".ashx", ".asmx", ".cer", ".asa", ".cdx", ".php", ".jsp", ".exe", ".bat", ".ps1", ".vbs", ".dll", ".config", ".cshtml", ".soap":
		return true
	}
	return false
}

// access records that a file was used that the request names.
func (l *library) access(c *script.Invocation, path script.Value) {
	if path.All()&script.Request == 0 || path.All()&script.Whole == 0 {
		return
	}
	if l.accesses == nil {
		l.accesses = make(map[string]bool)
	}
	l.accesses[strings.ToLower(c.Name)] = true
	l.file.Sink(evidence.Files, finding.ConfidenceLow, c.Line, "file: "+c.Name, path)
}
