package scripting

import (
	"bytes"

	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// perl knows CGI, by the module and by hand, and the parameters of Mojolicious
// and Dancer.
func perl() *language {
	return &language{
		name: "perl", dialect: &script.Perl,
		extensions: []string{".pl", ".plx", ".pm"}, interpreters: []string{"perl"},
		clues:    perlClues(),
		carriers: set(),
		carries:  set(),
		parts:    set(),
		sources:  set("param()", ".param()", ".Vars()", "params()", "body_parameters()", "$ENV.QUERY_STRING", "$ENV.HTTP_USER_AGENT", "$ENV.HTTP_COOKIE", "$ENV.PATH_INFO", "$ENV.HTTP_X", "$ENV.REQUEST_URI", "$ENV.HTTP_REFERER", "query_param()"),
		calls: map[string]evidence.Harm{
			"system": evidence.Command, "exec": evidence.Command, "qx": evidence.Command, "readpipe": evidence.Command, "open2": evidence.Command, "open3": evidence.Command, "IPC::Open3::open3": evidence.Command, "popen": evidence.Command,
			"eval": evidence.Code, "evalbytes": evidence.Code,
		},
	}
}

// perlClues miss environment variables whose names are computed.
func perlClues() []clue {
	out := append(clues(reads, calledPlainly, "param", "params", "query_param", "body_parameters"),
		clues(reads, nil, "->param", "->Vars", "->query_param", "->body_parameters", "QUERY_STRING", "CONTENT_LENGTH", "HTTP_USER_AGENT", "HTTP_COOKIE", "HTTP_X", "HTTP_REFERER", "PATH_INFO", "REQUEST_URI", "ontent-type:", "ontent-Type:")...)
	out = append(out, clues(harms, plainly, "system", "exec", "readpipe", "popen", "open2", "open3", "IPC::Open2", "IPC::Open3", "IPC::Run")...)
	out = append(out, clues(harms|runs, ofText, "eval", "evalbytes")...)
	out = append(out, clue{"`", harms, interpolates}, clue{"qx", harms, interpolates}, clue{"open", harms, pipes})
	out = append(out, clues(unpack, nil, "decode_base64", "Acme::", "pack('H", "pack(\"H", "pack 'H", "pack \"H", "pack(q", "unpack('u", "unpack(\"u", "unpack 'u", "unpack \"u", "uncompress", "memGunzip")...)
	return append(out, hidden()...)
}

// plainly: it is a word, and no variable, method or key.
func plainly(src []byte, start, end int) bool {
	return word(src, start, end) && bytes.IndexByte([]byte("$@%>{-"), before(src, start)) < 0 && after(src, end) != '}'
}

// calledPlainly: it is a function that is called with something.
func calledPlainly(src []byte, start, end int) bool {
	return plainly(src, start, end) && argument(src, end) != nil
}

// ofText: it is followed by neither a block nor a string without variables.
func ofText(src []byte, start, end int) bool {
	if !plainly(src, start, end) {
		return false
	}
	rest := bytes.TrimLeft(src[end:min(end+window, len(src))], " \t\r\n(")
	if len(rest) == 0 || bytes.IndexByte([]byte("{;'},"), rest[0]) >= 0 {
		return false
	}
	if rest[0] == '"' {
		n := bytes.IndexByte(rest[1:], '"')
		return n < 0 || bytes.ContainsAny(rest[1:1+n], "$@\\") || bytes.IndexByte(rest[1+n:], '.') >= 0
	}
	return true
}

// interpolates: variables are in what follows, outside of a comment.
func interpolates(src []byte, start, end int) bool {
	if wordByte(before(src, start)) || wordByte(after(src, end)) && src[start] != '`' {
		return false
	}
	from := bytes.LastIndexByte(src[:start], '\n') + 1
	if begin := bytes.TrimLeft(src[from:start], " \t"); len(begin) > 0 && begin[0] == '#' {
		return false
	}
	rest := src[end:min(end+window, len(src))]
	if src[start] == '`' {
		n := bytes.IndexByte(rest, '`')
		if n >= 0 {
			rest = rest[:n]
		}
	}
	return bytes.ContainsAny(rest, "$@")
}

// pipes: a file is opened whose name is computed, or which is a command.
func pipes(src []byte, start, end int) bool {
	if !plainly(src, start, end) {
		return false
	}
	rest := src[end:min(end+window, len(src))]
	if i := bytes.IndexByte(rest, ';'); i >= 0 {
		rest = rest[:i]
	}
	return bytes.IndexByte(rest, '|') >= 0 || bytes.Count(rest, []byte(",")) == 1 && bytes.Contains(rest[bytes.IndexByte(rest, ','):], []byte("$"))
}
