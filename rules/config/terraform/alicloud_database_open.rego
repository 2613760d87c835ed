# METADATA
# title: Database accepts connections from everywhere
# custom:
#   id: alicloud-database-open
#   title_zh: 阿里云数据库对公网开放
#   severity: HIGH
#   recommended_action: "List the networks that need it"
#   input:
#     selector:
#     - type: terraform
package boltseal.alicloud_database_open

import rego.v1

import data.lib.boltseal.network

deny contains result.new(msg, r) if {
	some type in ["alicloud_db_instance", "alicloud_kvstore_instance", "alicloud_mongodb_instance", "alicloud_polardb_cluster"]
	some r in input.resource[type]
	some field in ["security_ips", "security_ip_list"]
	some cidr in r[field]
	network.everywhere(cidr)
	msg := "the database accepts connections from everywhere"
}
