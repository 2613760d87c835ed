# METADATA
# title: Service has no memory limit
# custom:
#   id: compose-no-memory-limit
#   title_zh: 服务未设置内存限制
#   severity: LOW
#   recommended_action: "Set mem_limit or deploy.resources.limits.memory"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_no_memory_limit

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	not s.mem_limit
	not s.deploy.resources.limits.memory
	msg := sprintf("service '%s' has no memory limit", [name])
}
