# METADATA
# title: Service uses an image without a version
# custom:
#   id: compose-image-latest
#   title_zh: 服务使用未指定版本的镜像
#   severity: MEDIUM
#   recommended_action: "Name the image by a version, best with the digest"
#   input:
#     selector:
#     - type: docker-compose
package boltseal.compose_image_latest

import rego.v1

import data.lib.boltseal.compose

deny contains result.new(msg, s) if {
	some name, s in compose.services
	not s.build
	not contains(s.image, "@")
	not contains(s.image, "$")
	last := regex.replace(s.image, `^.*/`, "")
	regex.match(`^[^:]+$|:latest$`, last)
	msg := sprintf("service '%s' uses the image %s", [name, s.image])
}
