# METADATA
# title: Kubernetes API has a public address
# custom:
#   id: tencentcloud-cluster-public
#   title_zh: 腾讯云 Kubernetes API 开启公网访问
#   severity: MEDIUM
#   recommended_action: "Set cluster_internet to false"
#   input:
#     selector:
#     - type: terraform
package boltseal.tencentcloud_cluster_public

import rego.v1

deny contains result.new(msg, r) if {
	some type in ["tencentcloud_kubernetes_cluster", "tencentcloud_kubernetes_cluster_endpoint"]
	some r in input.resource[type]
	r.cluster_internet == true
	msg := "the API server has a public address"
}
