# METADATA
# title: Password of an instance is in the configuration
# custom:
#   id: tencentcloud-instance-password
#   title_zh: 腾讯云实例密码写在配置中
#   severity: HIGH
#   recommended_action: "Use a key pair, or take the password from outside"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_instance_password

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_instance", "tencentcloud_mysql_instance"]
	some r in input.resource[type]
	object.get(r, "password", object.get(r, "root_password", "")) != ""
	msg := "a password is written here"
}
