package scripting

import (
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// node knows the http module, Express, Koa, Fastify and what is like them.
func node() *language {
	return &language{
		name: "node", dialect: &script.JavaScript,
		extensions: []string{".js", ".cjs", ".mjs"}, interpreters: []string{"node", "bun", "deno"},
		reads:    []string{"createServer", "express", "koa", "fastify", "hapi", "restify", "req.query", "req.body", "req.headers", "ctx.request", "ctx.query", "IncomingMessage", ".emit"},
		harms:    []string{"child_process", "runIn", "_compile", "child_", "eval", "Function(", "_process", "process.binding", "execSync", "mainModule", "vm.", "require(", "global[", ".constructor("},
		modules:  map[string]string{"process": "process", "global": "global", "module": "module", "globalThis": "global"},
		carriers: set("request"),
		carries:  set("req", "request", "ctx", "_req"),
		parts:    set("query", "body", "headers", "cookies", "params", "url", "files", "param", "get", "header", "querystring", "rawBody", "originalUrl", "text", "json", "rawHeaders", "signedCookies"),
		sources:  set(),
		calls: map[string]evidence.Harm{
			"eval": evidence.Code, "Function": evidence.Code, "vm.runInThisContext": evidence.Code, "vm.runInNewContext": evidence.Code, "vm.runInContext": evidence.Code, "vm.Script": evidence.Code, "Script": evidence.Code, "vm.compileFunction": evidence.Code, "._compile": evidence.Code, "module._compile": evidence.Code, "AsyncFunction": evidence.Code, "GeneratorFunction": evidence.Code, ".constructor": evidence.Code,
			"child_process.exec": evidence.Command, "child_process.execSync": evidence.Command, "child_process.spawn": evidence.Command, "child_process.spawnSync": evidence.Command, "child_process.execFile": evidence.Command, "child_process.execFileSync": evidence.Command, "child_process.fork": evidence.Command, "shelljs.exec": evidence.Command, "Bun.spawn": evidence.Command, "spawn_sync.spawn": evidence.Command,
			"require": evidence.Reflection, "node-serialize.unserialize": evidence.Deserialize, "net.connect": evidence.Tunnel, "net.createConnection": evidence.Tunnel,
		},
	}
}
