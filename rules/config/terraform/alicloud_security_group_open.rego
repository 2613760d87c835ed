# METADATA
# title: Security group is open to everyone
# custom:
#   id: alicloud-security-group-open
#   title_zh: 阿里云安全组对公网开放
#   severity: HIGH
#   recommended_action: "Allow only the networks that need it"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_security_group_open

import rego.v1

import data.lib.boltseal.network

deny contains result.new(msg, r) if {
	some r in input.resource.alicloud_security_group_rule
	r.type == "ingress"
	object.get(r, "policy", "accept") == "accept"
	network.everywhere(object.get(r, "cidr_ip", object.get(r, "ipv6_cidr_ip", "")))
	what := network.reaches(object.get(r, "port_range", "-1/-1"))
	msg := sprintf("everyone can reach %s", [what])
}
