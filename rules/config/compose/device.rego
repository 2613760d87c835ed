# METADATA
# title: Service gets a device of the host
# custom:
#   id: compose-device
#   title_zh: 服务使用宿主机设备
#   severity: MEDIUM
#   recommended_action: "Give only devices that hold no memory or disk of the host"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_device

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some device in s.devices
	regex.match(`^/dev/(mem|kmem|port|sd|vd|nvme|dm-|mapper|xvd|loop|kvm|fuse|$)`, device)
	msg := sprintf("service '%s' gets %s", [name, device])
}
