# METADATA
# custom:
#   library: true
package lib.boltseal.access

import rego.v1

# all says that a policy document allows every action on every resource.
all(document) if {
	doc := json.unmarshal(document)
	some s in as_list(object.get(doc, "Statement", object.get(doc, "statement", [])))
	lower(object.get(s, "Effect", object.get(s, "effect", ""))) == "allow"
	"*" in as_list(object.get(s, "Action", object.get(s, "action", [])))
	"*" in as_list(object.get(s, "Resource", object.get(s, "resource", [])))
}

as_list(x) := x if is_array(x)

as_list(x) := [x] if not is_array(x)
