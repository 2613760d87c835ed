# METADATA
# title: Disk is not encrypted
# custom:
#   id: huaweicloud-disk-encryption
#   title_zh: 华为云云硬盘未加密
#   severity: MEDIUM
#   recommended_action: "Set kms_id"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_disk_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_evs_volume"]
	some r in input.resource[type]
	not r.kms_id
	msg := "the disk is not encrypted"
}
