# METADATA
# title: OSS bucket is public
# custom:
#   id: alicloud-oss-public
#   title_zh: 阿里云 OSS 存储桶可公开访问
#   severity: HIGH
#   recommended_action: "Set acl to private"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_oss_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_oss_bucket", "alicloud_oss_bucket_acl"]
	some r in input.resource[type]
	startswith(r.acl, "public-read")
	msg := "the bucket can be read by everyone"
}
