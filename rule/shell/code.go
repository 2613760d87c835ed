package shell

import (
	"slices"
	"strings"
)

// clue is a set of words that together mean something in a program's text: at
// least one of each group must be there.
type clue struct {
	kind   Kind
	why    string
	groups [][]string
}

// clues are what short programs of each language say when they do harm. A long
// program may use all of these for good: the words must stand in a text of
// maxSnippet bytes, or within that distance.
var clues = map[string][]clue{
	"python": {
		{ReverseShell, "a socket and a shell", [][]string{{"socket.socket", "socket.create_connection"}, {"dup2", "pty.spawn", "/bin/sh", "/bin/bash", "subprocess.call", "subprocess.Popen", "os.popen"}, {".connect(", "create_connection"}, {"dup2", "pty.spawn", "shell=True", "os.popen", "\"-i\"", "'-i'"}}},
		{RunDecoded, "exec of decoded text", [][]string{{"exec(", "eval("}, {"b64decode", "a85decode", "b85decode", "b32decode", "zlib.decompress", "marshal.loads", "bytes.fromhex", "unhexlify", "lzma.decompress", "Fernet(", ".decode('hex')", "rot13", "rot_13"}}},
		{RunDownload, "exec of a download", [][]string{{"exec(", "eval("}, {"urlopen", "requests.get", "requests.post", "urllib.request", "http.client"}, {".read()", ".text", ".content"}}},
		{RunDownload, "a download that is run", [][]string{{"urlretrieve", "urlopen(", "requests.get("}, {"chmod", ".exe"}, {"os.system", "subprocess", "os.startfile", "os.exec"}}},
	},
	"perl": {
		{ReverseShell, "a socket and a shell", [][]string{{"Socket", "socket("}, {"connect(", "PeerAddr"}, {"/bin/sh", "/bin/bash", "exec", "system", "STDIN->fdopen"}, {">&S", "fdopen", "exec{", "exec(", "system"}}},
		{RunDecoded, "eval of decoded text", [][]string{{"eval"}, {"decode_base64", "unpack(\"H", "unpack('H", "unpack u", "pack(\"H", "pack('H"}}},
	},
	"php": {
		{ReverseShell, "a socket and a shell", [][]string{{"fsockopen", "stream_socket_client", "socket_connect"}, {"exec(", "proc_open", "shell_exec", "system(", "passthru", "popen", "/bin/sh"}}},
		{RunDecoded, "eval of decoded text", [][]string{{"eval(", "assert("}, {"base64_decode", "gzinflate", "str_rot13", "hex2bin"}}},
		{RunDownload, "eval of a download", [][]string{{"eval("}, {"file_get_contents('http", "file_get_contents(\"http"}}},
	},
	"ruby": {
		{ReverseShell, "a socket and a shell", [][]string{{"TCPSocket"}, {"exec", "spawn", "popen", "/bin/sh"}}},
		{RunDecoded, "eval of decoded text", [][]string{{"eval"}, {"Base64.decode", "unpack('m", "unpack(\"m", "unpack1"}}},
		{RunDownload, "eval of a download", [][]string{{"eval"}, {"Net::HTTP.get", "URI.open", "open('http", "open(\"http"}}},
	},
	"node": {
		{ReverseShell, "a socket and a shell", [][]string{{"net.connect", "net.Socket", "createConnection", "net.createConnection", "require('net')", "require(\"net\")"}, {"child_process"}, {".pipe("}, {"/bin/sh", "/bin/bash", "cmd.exe"}}},
		{RunDecoded, "eval of decoded text", [][]string{{"eval(", "new Function(", "vm.runIn"}, {"'base64'", "\"base64\"", "'hex'", "\"hex\"", "atob("}}},
		{RunDownload, "eval of a download", [][]string{{"eval(", "new Function(", "child_process"}, {"https.get", "http.get", "require('https')", "require(\"https\")", "fetch("}, {"eval(", "new Function(", "exec(", "execSync(", "spawn("}}},
		{Exfiltrate, "the environment", [][]string{{"process.env"}, {"JSON.stringify(process.env"}, {"request(", ".post(", "fetch(", "https.", "http."}}},
	},
	"lua": {
		{ReverseShell, "a socket and a shell", [][]string{{"socket.tcp", "require('socket')", "require(\"socket\")"}, {"io.popen", "os.execute"}}},
	},
}

// maxSnippet is how far apart the words of a clue may stand.
const maxSnippet = 4 << 10

// Code judges the text of a program in another language than the shell: python,
// perl, php, ruby, node or lua. Only what a short text does can be judged so; of
// a long one, windows of 4 KiB around the rarest word. It gives Kind, Line and
// Why.
func Code(lang, text string) []Sign {
	text = text[:min(len(text), MaxText)]
	var signs []Sign
	if lang == "pypy" {
		lang = "python"
	}
	for _, c := range clues[lang] {
		if at := c.find(text); at >= 0 {
			signs = append(signs, Sign{Kind: c.kind, Line: 1 + strings.Count(text[:at], "\n"), Why: c.why})
		}
	}
	return signs
}

// find returns where the words of the clue stand together, -1 for nowhere.
func (c *clue) find(text string) int {
	for _, g := range c.groups {
		if !slices.ContainsFunc(g, func(w string) bool { return strings.Contains(text, w) }) {
			return -1
		}
	}
	for from := 0; from < len(text); from += maxSnippet / 2 {
		window := text[from:min(len(text), from+maxSnippet)]
		first, all := len(window), true
		for _, g := range c.groups {
			at := -1
			for _, w := range g {
				if i := strings.Index(window, w); i >= 0 && (at < 0 || i < at) {
					at = i
				}
			}
			if at < 0 {
				all = false
				break
			}
			first = min(first, at)
		}
		if all {
			return from + first
		}
	}
	return -1
}
