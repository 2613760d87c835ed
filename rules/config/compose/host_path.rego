# METADATA
# title: Service mounts a sensitive path of the host
# custom:
#   id: compose-host-path
#   title_zh: 服务挂载宿主机敏感路径
#   severity: HIGH
#   recommended_action: "Mount the one directory that is needed, read-only where that is enough"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_host_path

import rego.v1

import data.lib.boltseal.compose

places := {"/", "/boot", "/dev", "/etc", "/home", "/proc", "/root", "/sys", "/usr", "/var", "/var/run", "/run", "/var/lib/docker", "/var/lib/kubelet"}

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some source in compose.sources(s)
	trim_right(source, "/") in {trim_right(p, "/") | some p in places}
	startswith(source, "/")
	msg := sprintf("service '%s' mounts %s of the host", [name, source])
}
