# METADATA
# title: Kubernetes API has a public address
# custom:
#   id: huaweicloud-cluster-public
#   title_zh: 华为云 Kubernetes API 开启公网访问
#   severity: MEDIUM
#   recommended_action: "Remove eip"
#   input:
#     selector:
#     - type: terraform
package boltseal.huaweicloud_cluster_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["huaweicloud_cce_cluster"]
	some r in input.resource[type]
	r.eip != ""
	msg := "the API server has a public address"
}
