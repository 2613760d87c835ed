# METADATA
# title: Disk is not encrypted
# custom:
#   id: alicloud-disk-encryption
#   title_zh: 阿里云云盘未加密
#   severity: MEDIUM
#   recommended_action: "Set encrypted to true"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_disk_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_disk", "alicloud_ecs_disk"]
	some r in input.resource[type]
	not r.encrypted
	msg := "the disk is not encrypted"
}
