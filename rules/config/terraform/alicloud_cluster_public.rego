# METADATA
# title: Kubernetes API has a public address
# custom:
#   id: alicloud-cluster-public
#   title_zh: 阿里云 Kubernetes API 开启公网访问
#   severity: MEDIUM
#   recommended_action: "Set slb_internet_enabled to false"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_cluster_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["alicloud_cs_managed_kubernetes", "alicloud_cs_kubernetes"]
	some r in input.resource[type]
	r.slb_internet_enabled == true
	msg := "the API server has a public address"
}
