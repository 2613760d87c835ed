# METADATA
# title: Disk is not encrypted
# custom:
#   id: tencentcloud-disk-encryption
#   title_zh: 腾讯云云硬盘未加密
#   severity: MEDIUM
#   recommended_action: "Set encrypt to true"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_disk_encryption

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_cbs_storage"]
	some r in input.resource[type]
	not r.encrypt
	msg := "the disk is not encrypted"
}
