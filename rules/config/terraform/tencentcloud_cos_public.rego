# METADATA
# title: COS bucket is public
# custom:
#   id: tencentcloud-cos-public
#   title_zh: 腾讯云 COS 存储桶可公开访问
#   severity: HIGH
#   recommended_action: "Set acl to private"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_cos_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_cos_bucket"]
	some r in input.resource[type]
	startswith(r.acl, "public-read")
	msg := "the bucket can be read by everyone"
}
