# METADATA
# title: Service is privileged
# custom:
#   id: compose-privileged
#   title_zh: 服务以特权模式运行
#   severity: HIGH
#   recommended_action: "Remove privileged and add the one capability or device that is needed"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_privileged

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	s.privileged == true
	msg := sprintf("service '%s' is privileged", [name])
}
