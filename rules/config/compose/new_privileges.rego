# METADATA
# title: Service may gain privileges
# custom:
#   id: compose-new-privileges
#   title_zh: 服务可以提升权限
#   severity: LOW
#   recommended_action: "Add no-new-privileges:true to security_opt"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_new_privileges

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	not denied(s)
	msg := sprintf("service '%s' does not set no-new-privileges", [name])
}

denied(s) if {
	some option in s.security_opt
	regex.match(`^no-new-privileges([:=]true)?$`, option)
}
