# METADATA
# title: Security group is open to everyone
# custom:
#   id: huaweicloud-security-group-open
#   title_zh: 华为云安全组对公网开放
#   severity: HIGH
#   recommended_action: "Allow only the networks that need it"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_security_group_open

import rego.v1

import data.lib.boltseal.network

deny contains result.new(msg, r) if {
	some r in input.resource.huaweicloud_networking_secgroup_rule
	r.direction == "ingress"
	object.get(r, "action", "allow") == "allow"
	network.everywhere(r.remote_ip_prefix)
	msg := sprintf("everyone can reach %s", [network.reaches(ports(r))])
}

ports(r) := r.ports if {
	r.ports
} else := sprintf("%v-%v", [r.port_range_min, r.port_range_max]) if {
	r.port_range_min
} else := "ALL"
