package scripting

import (
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
		reads: []string{"flask", "django", "bottle", "tornado", "aiohttp", "fastapi", "sanic", "cherrypy", "FieldStorage", "QUERY_STRING", "wsgi", "HTTPRequestHandler", "starlette", "falcon", "pyramid", "web.input", "webapp2", "quart"},
		harms: []string{"exec", "eval(", "system", "popen", "subprocess", "pickle", "__import__", "compile(", "marshal", "spawn", "import_module", "create_connection", "Popen", "builtins", "globals(", "getattr(", "open("},
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
