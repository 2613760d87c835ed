package scripting

import (
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// perl knows CGI, by the module and by hand, and the parameters of Mojolicious
// and Dancer.
func perl() *language {
	return &language{
		name: "perl", dialect: &script.Perl,
		extensions: []string{".pl", ".plx", ".pm"}, interpreters: []string{"perl"},
		reads:    []string{"param", "QUERY_STRING", "CONTENT_LENGTH", "STDIN", "HTTP_", "ARGV"},
		harms:    []string{"system", "exec", "eval", "`", "qx", "open", "IPC::"},
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
