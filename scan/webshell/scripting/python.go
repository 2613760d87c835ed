package scripting

import (
	"bytes"

	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

// python knows CGI, WSGI, Flask, Django, Bottle, Tornado, aiohttp, FastAPI,
// CherryPy and the servers of the standard library.
func python() *language {
	return &language{
		name: "python", dialect: &script.Python,
		extensions: []string{".py", ".pyw", ".wsgi", ".pyc3"}, interpreters: []string{"python"},
		clues: pythonClues(),
		carriers: set("flask.request", "bottle.request", "request", "cherrypy.request", "web.input()", "cgi.FieldStorage()", "FieldStorage()", "self.request", "sanic.request",
			"webapp2.request", "twisted.request"),
		carries: set("request", "req", "environ"),
		parts:   set("args", "form", "values", "json", "data", "headers", "cookies", "files", "query", "forms", "params", "GET", "POST", "REQUEST", "META", "COOKIES", "FILES", "body", "query_params", "query_string", "get_json", "get_data", "getvalue", "getfirst", "getlist", "get_argument", "get_body_argument", "get_query_argument", "post", "text", "read", "stream", "body_arguments", "arguments", "query_arguments", "match_info", "path_params", "raw_post_data", "full_path", "url", "path_info", "content", "get", "[]", "QUERY_STRING", "json()"),
		sources: set("self.get_argument()", "self.get_body_argument()", "self.get_query_argument()", "self.path", "self.rfile", "self.headers", "self.rfile.read()", "os.environ.QUERY_STRING", "os.environ.HTTP_USER_AGENT", "os.environ.HTTP_COOKIE", "os.environ.PATH_INFO", "os.environ.REQUEST_URI", "web.input()", "environ.QUERY_STRING"),
		calls: map[string]evidence.Harm{
			"exec": evidence.Code, "eval": evidence.Code, "compile": evidence.Code, "execfile": evidence.Code, "runpy.run_path": evidence.Code, "code.interact": evidence.Code, ".runsource": evidence.Code, ".runcode": evidence.Code,
			"os.system": evidence.Command, "os.popen": evidence.Command, "os.popen2": evidence.Command, "os.popen3": evidence.Command, "popen2.popen3": evidence.Command, "posix.system": evidence.Command, "nt.system": evidence.Command,
			"subprocess.Popen": evidence.Command, "subprocess.run": evidence.Command, "subprocess.call": evidence.Command, "subprocess.check_output": evidence.Command, "subprocess.check_call": evidence.Command, "subprocess.getoutput": evidence.Command, "subprocess.getstatusoutput": evidence.Command,
			"commands.getoutput": evidence.Command, "commands.getstatusoutput": evidence.Command, "pty.spawn": evidence.Command, "os.execv": evidence.Command, "os.execl": evidence.Command, "os.execvp": evidence.Command, "os.spawnl": evidence.Command, "asyncio.create_subprocess_shell": evidence.Command, "asyncio.subprocess.create_subprocess_shell": evidence.Command, "_posixsubprocess.fork_exec": evidence.Command,
			"pickle.loads": evidence.Deserialize, "cPickle.loads": evidence.Deserialize, "_pickle.loads": evidence.Deserialize, "pickle.load": evidence.Deserialize, "marshal.loads": evidence.Deserialize, "dill.loads": evidence.Deserialize, "jsonpickle.decode": evidence.Deserialize,
			"socket.create_connection": evidence.Tunnel, "__import__": evidence.Reflection, "importlib.import_module": evidence.Reflection, "types.FunctionType": evidence.Code, "types.CodeType": evidence.Code,
		},
	}
}

// pythonClues miss a function that is neither called where it is named nor named
// with its module ("import os as o; f = o.system").
func pythonClues() []clue {
	var out []clue
	out = append(out, clues(reads, word, "flask", "bottle", "tornado", "aiohttp", "fastapi", "sanic", "cherrypy", "wsgi", "starlette", "falcon", "pyramid", "webapp2", "quart", "twisted", "FieldStorage", "QUERY_STRING", "HTTP_USER_AGENT", "HTTP_COOKIE", "PATH_INFO", "REQUEST_URI", "get_argument", "get_query_argument", "get_body_argument", "raw_post_data", "wsgi_app", "start_response")...)
	out = append(out, clues(reads, ends, ".GET", ".POST", ".META", ".COOKIES", ".FILES", ".REQUEST")...)
	out = append(out, clues(reads, begins, "web.input", "request.body", "req.body", "request.headers", "req.headers", "request.read", "request.path", "request.get_full_path", "request.data", "request.args", "request.form", "request.values", "request.json", "request.query", "request.cookies", "request.files", "request.param", "req.param", "getattr(request", "request.__", "request[")...)
	out = append(out, clues(reads, nil, "HTTPRequestHandler")...)
	out = append(out, clues(harms|runs, function, "exec", "eval", "execfile", "compile")...)
	out = append(out, clues(harms|runs, word, "__import__", "runpy", "FunctionType", "CodeType", "builtins", "__builtins__")...)
	out = append(out, clues(harms|runs, method, "runsource", "runcode", "import_module")...)
	out = append(out, clues(harms, begins, "os.system", "os.popen", "os.exec", "os.spawn", "posix.system", "nt.system", "popen2", "commands.get", "pty.spawn", "pickle.load", "cPickle", "_pickle", "marshal.load", "dill", "jsonpickle", "getattr(os", "getattr(sub", "getattr(__", "globals()[", "code.interact")...)
	out = append(out, clues(harms, word, "subprocess", "import system", "import popen", "_posixsubprocess", "create_connection", "create_subprocess_shell", "create_subprocess_exec")...)
	out = append(out, clues(harms, method, "system", "popen", "Popen", "check_output", "spawn")...)
	out = append(out, clues(harms|runs, quoted, "system", "popen", "exec", "eval", "os", "subprocess", "builtins", "__builtins__")...)
	out = append(out, clue{"getattr", harms | runs, joined}, clue{"__dict__[", harms | runs, nil}, clue{"open", harms, writes})
	out = append(out, clues(unpack, nil, "b64decode", "decompress", "fromhex", "unhexlify", "rot13", "rot_13", "a85decode", "b85decode", "b32decode", "marshal.loads", "bytes([", "[::-1]", "map(chr")...)
	return append(out, hidden()...)
}

// joined: an attribute's name is put together.
func joined(src []byte, start, end int) bool {
	arg := argument(src, end)
	if arg == nil || !begins(src, start, end) {
		return false
	}
	arg = line(arg, 0)
	for _, how := range []string{"+", "[::", "join(", "decode(", "chr(", "hex(", "reversed(", "request", "%"} {
		if bytes.Contains(arg, []byte(how)) {
			return true
		}
	}
	return false
}

// writes: a file is opened for that.
func writes(src []byte, start, end int) bool {
	if !function(src, start, end) {
		return false
	}
	rest := line(src, end)
	for _, mode := range []string{"'w", "\"w", "'a", "\"a"} {
		if bytes.Contains(rest, []byte(mode)) {
			return true
		}
	}
	return false
}
