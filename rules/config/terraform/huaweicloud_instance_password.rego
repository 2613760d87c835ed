# METADATA
# title: Password of an instance is in the configuration
# custom:
#   id: huaweicloud-instance-password
#   title_zh: 华为云实例密码写在配置中
#   severity: HIGH
#   recommended_action: "Use a key pair, or take the password from outside"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_instance_password

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_compute_instance"]
	some r in input.resource[type]
	r.admin_pass != ""
	msg := "a password is written here"
}
