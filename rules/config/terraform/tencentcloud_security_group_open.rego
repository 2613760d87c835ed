# METADATA
# title: Security group is open to everyone
# custom:
#   id: tencentcloud-security-group-open
#   title_zh: 腾讯云安全组对公网开放
#   severity: HIGH
#   recommended_action: "Allow only the networks that need it"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_security_group_open

import rego.v1

import data.lib.boltseal.network

deny contains result.new(msg, r) if {
	some r in input.resource.tencentcloud_security_group_rule
	r.type == "ingress"
	lower(r.policy) == "accept"
	network.everywhere(r.cidr_ip)
	msg := sprintf("everyone can reach %s", [network.reaches(object.get(r, "port_range", "ALL"))])
}

deny contains result.new(msg, rule) if {
	some r in input.resource.tencentcloud_security_group_rule_set
	some rule in r.ingress
	upper(rule.action) == "ACCEPT"
	network.everywhere(object.get(rule, "cidr_block", object.get(rule, "ipv6_cidr_block", "")))
	msg := sprintf("everyone can reach %s", [network.reaches(object.get(rule, "port", "ALL"))])
}

deny contains result.new(msg, r) if {
	some r in input.resource.tencentcloud_security_group_lite_rule
	some rule in r.ingress
	parts := split(rule, "#")
	upper(parts[0]) == "ACCEPT"
	network.everywhere(parts[1])
	msg := sprintf("everyone can reach %s", [network.reaches(parts[2])])
}
