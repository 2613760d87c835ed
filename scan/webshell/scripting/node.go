package scripting

import (
	"bytes"

	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// node knows the http module, Express, Koa, Fastify and what is like them.
func node() *language {
	return &language{
		name: "node", dialect: &script.JavaScript,
		extensions: []string{".js", ".cjs", ".mjs"}, interpreters: []string{"node", "bun", "deno"},
		clues:    nodeClues(),
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

// nodeClues miss names that are given by single escapes, and requests whose
// members are taken apart in the list of parameters.
func nodeClues() []clue {
	out := append(clues(reads, called, "createServer", "createSecureServer"),
		clues(reads, quoted, "express", "koa", "fastify", "hapi", "@hapi/hapi", "restify", "polka", "hono", "@koa/router", "koa-router")...)
	out = append(out, clues(reads, nil, "IncomingMessage", "Server.prototype", "Server.emit")...)
	for _, carrier := range []string{"req", "request", "ctx", "_req"} {
		for _, part := range []string{".query", ".body", ".headers", ".cookies", ".params", ".url", ".files", ".param(", ".get(", ".header(", ".querystring", ".rawBody", ".originalUrl", ".text(", ".json(", ".rawHeaders", ".signedCookies", ".on(", "["} {
			out = append(out, clue{carrier + part, reads, begins})
		}
	}
	out = append(out, clues(reads, begins, "ctx.request", "ctx.req")...)
	out = append(out, clues(harms|runs, computes, "eval", "Function", "AsyncFunction", "GeneratorFunction", "require")...)
	out = append(out, clues(harms|runs, nil, "runInThisContext", "runInNewContext", "runInContext", "compileFunction", "vm.Script", "module._compile", "constructor.constructor")...)
	out = append(out, clues(harms|runs, quoted, "constructor", "eval", "Function", "child_process")...)
	out = append(out, clues(harms, nil, "child_process", "process.binding", "_compile(", "mainModule", "_load(", "unserialize", "net.connect", "net.createConnection", "shelljs", "Bun.spawn", "spawn_sync", "writeFile", "appendFile")...)
	out = append(out, clues(harms|runs, begins, "global[", "globalThis[", "process[", "module[")...)
	out = append(out, clue{".constructor", harms | runs, ofValue})
	out = append(out, clues(unpack, quoted, "base64", "hex")...)
	out = append(out, clues(unpack, nil, "atob(", "inflateSync", "gunzipSync", "brotliDecompressSync", "unescape(")...)
	return append(out, hidden()...)
}

// ofValue: it is asked of a value that has no name, as a function's is.
func ofValue(src []byte, start, _ int) bool {
	return bytes.IndexByte([]byte(")}]'\""), before(src, start)) >= 0
}
