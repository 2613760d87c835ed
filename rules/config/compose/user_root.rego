# METADATA
# title: Service runs as root
# custom:
#   id: compose-user-root
#   title_zh: 服务以 root 用户运行
#   severity: MEDIUM
#   recommended_action: "Name a user other than root"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_user_root

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	user := sprintf("%v", [s.user])
	regex.match(`^(root|0)(:|$)`, user)
	msg := sprintf("service '%s' runs as user %s", [name, user])
}
