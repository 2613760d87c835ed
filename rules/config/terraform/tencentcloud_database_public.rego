# METADATA
# title: Database has a public address
# custom:
#   id: tencentcloud-database-public
#   title_zh: 腾讯云数据库开启公网访问
#   severity: HIGH
#   recommended_action: "Set internet_service to 0"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_database_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_mysql_instance"]
	some r in input.resource[type]
	r.internet_service == 1
	msg := "the database has a public address"
}
