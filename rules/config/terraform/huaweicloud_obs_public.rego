# METADATA
# title: OBS bucket is public
# custom:
#   id: huaweicloud-obs-public
#   title_zh: 华为云 OBS 存储桶可公开访问
#   severity: HIGH
#   recommended_action: "Set acl to private"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_obs_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_obs_bucket", "huaweicloud_obs_bucket_acl"]
	some r in input.resource[type]
	startswith(r.acl, "public-read")
	msg := "the bucket can be read by everyone"
}
