# METADATA
# title: Service shares a namespace with the host
# custom:
#   id: compose-host-namespace
#   title_zh: 服务与宿主机共享命名空间
#   severity: HIGH
#   recommended_action: "Remove the setting, or publish the ports that are needed"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_host_namespace

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some field in ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"]
	s[field] == "host"
	msg := sprintf("service '%s' sets %s: host", [name, field])
}
