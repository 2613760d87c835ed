# METADATA
# title: Database or administration port is published on all addresses
# custom:
#   id: compose-port-open
#   title_zh: 数据库或管理端口对所有地址开放
#   severity: MEDIUM
#   recommended_action: "Publish it on 127.0.0.1, or leave it to the network of the services"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_port_open

import rego.v1

import data.lib.boltseal.compose

closed := {"22", "23", "2375", "2376", "2379", "3306", "3389", "5432", "5984", "6379", "7000", "9042", "9200", "9300", "11211", "15672", "27017", "27018", "1433", "1521", "8848", "2181", "9092"}

deny contains result.new(msg, s) if {
	some name, s in compose.services
	some port in s.ports
	inside := compose.open_port(port)
	inside in closed
	msg := sprintf("service '%s' publishes port %s on all addresses", [name, inside])
}
