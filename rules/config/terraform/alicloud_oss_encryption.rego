# METADATA
# title: OSS bucket is not encrypted
# custom:
#   id: alicloud-oss-encryption
#   title_zh: 阿里云 OSS 存储桶未加密
#   severity: MEDIUM
#   recommended_action: "Add server_side_encryption_rule"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_oss_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_oss_bucket"]
	some r in input.resource[type]
	not r.server_side_encryption_rule
	msg := "the bucket has no server-side encryption"
}
