# METADATA
# title: OBS bucket is not encrypted
# custom:
#   id: huaweicloud-obs-encryption
#   title_zh: 华为云 OBS 存储桶未加密
#   severity: MEDIUM
#   recommended_action: "Set encryption to true"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_obs_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_obs_bucket"]
	some r in input.resource[type]
	not r.encryption
	msg := "the bucket has no server-side encryption"
}
