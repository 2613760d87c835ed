# METADATA
# title: Password of an instance is in the configuration
# custom:
#   id: alicloud-instance-password
#   title_zh: 阿里云实例密码写在配置中
#   severity: HIGH
#   recommended_action: "Use a key pair, or take the password from outside"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_instance_password

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_instance", "alicloud_ecs_launch_template"]
	some r in input.resource[type]
	r.password != ""
	msg := "a password is written here"
}
