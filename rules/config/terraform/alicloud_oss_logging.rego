# METADATA
# title: OSS bucket keeps no access log
# custom:
#   id: alicloud-oss-logging
#   title_zh: 阿里云 OSS 存储桶未开启日志
#   severity: LOW
#   recommended_action: "Add logging"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_oss_logging

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_oss_bucket"]
	some r in input.resource[type]
	not r.logging
	msg := "the bucket keeps no access log"
}
