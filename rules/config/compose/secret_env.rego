# METADATA
# title: Variable of a service holds a secret
# custom:
#   id: compose-secret-env
#   title_zh: 服务环境变量包含密钥
#   severity: HIGH
#   recommended_action: "Use secrets, or take the value from outside with ${NAME}"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_secret_env

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some key, value in compose.environment(s)
	regex.match(`(?i)(^|_)(password|passwd|secret|token|api_?key|access_?key|private_?key)(_|$)`, key)
	not regex.match(`(?i)_(file|path|url)$`, key)
	not regex.match(`^\s*$|[$]|^/|^(?i:true|false|yes|no)$`, value)
	msg := sprintf("service '%s' sets %s", [name, key])
}
