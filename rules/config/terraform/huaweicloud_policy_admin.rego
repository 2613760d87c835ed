# METADATA
# title: Policy allows everything
# custom:
#   id: huaweicloud-policy-admin
#   title_zh: 华为云 IAM 策略授予全部权限
#   severity: HIGH
#   recommended_action: "Name the actions and resources that are needed"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_policy_admin

import rego.v1

import data.lib.boltseal.access

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_identity_role"]
	some r in input.resource[type]
	access.all(r.policy)
	msg := "the policy allows every action on every resource"
}
