# METADATA
# title: Service can control the container engine
# custom:
#   id: compose-engine-socket
#   title_zh: 服务可控制容器引擎
#   severity: CRITICAL
#   recommended_action: "Do not mount the engine's socket; use a proxy that allows the few calls that are needed"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_engine_socket

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some source in compose.sources(s)
	regex.match(`(docker|containerd|podman|crio)\.sock$`, source)
	msg := sprintf("service '%s' mounts %s", [name, source])
}
