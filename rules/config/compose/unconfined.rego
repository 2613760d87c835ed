# METADATA
# title: Service runs without a kernel security profile
# custom:
#   id: compose-unconfined
#   title_zh: 服务未受内核安全配置限制
#   severity: HIGH
#   recommended_action: "Remove unconfined; write a profile when the default is too narrow"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_unconfined

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some option in s.security_opt
	regex.match(`^(seccomp|apparmor|systempaths)[:=]unconfined$|^label[:=]disable$`, option)
	msg := sprintf("service '%s' sets %s", [name, option])
}
