# METADATA
# title: Service has a dangerous capability
# custom:
#   id: compose-capability
#   title_zh: 服务具有危险能力
#   severity: HIGH
#   recommended_action: "Drop ALL and add only what is needed"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_capability

import rego.v1

import data.lib.boltseal.compose

dangerous := {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT", "NET_ADMIN", "DAC_READ_SEARCH", "BPF", "PERFMON", "MAC_ADMIN"}

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some cap in s.cap_add
	trim_prefix(upper(cap), "CAP_") in dangerous
	msg := sprintf("service '%s' has the capability %s", [name, cap])
}
