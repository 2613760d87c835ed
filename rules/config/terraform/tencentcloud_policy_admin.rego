# METADATA
# title: Policy allows everything
# custom:
#   id: tencentcloud-policy-admin
#   title_zh: 腾讯云 CAM 策略授予全部权限
#   severity: HIGH
#   recommended_action: "Name the actions and resources that are needed"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_policy_admin

import rego.v1

import data.lib.boltseal.access

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_cam_policy"]
	some r in input.resource[type]
	access.all(r.document)
	msg := "the policy allows every action on every resource"
}
