# METADATA
# title: COS bucket is not encrypted
# custom:
#   id: tencentcloud-cos-encryption
#   title_zh: 腾讯云 COS 存储桶未加密
#   severity: MEDIUM
#   recommended_action: "Set encryption_algorithm"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_cos_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_cos_bucket"]
	some r in input.resource[type]
	not r.encryption_algorithm
	msg := "the bucket has no server-side encryption"
}
