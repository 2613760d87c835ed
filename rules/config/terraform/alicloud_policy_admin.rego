# METADATA
# title: Policy allows everything
# custom:
#   id: alicloud-policy-admin
#   title_zh: 阿里云 RAM 策略授予全部权限
#   severity: HIGH
#   recommended_action: "Name the actions and resources that are needed"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_policy_admin

import rego.v1

import data.lib.boltseal.access

deny contains result.new(msg, r) if {
	some type in ["alicloud_ram_policy"]
	some r in input.resource[type]
	access.all(object.get(r, "policy_document", object.get(r, "document", "")))
	msg := "the policy allows every action on every resource"
}
