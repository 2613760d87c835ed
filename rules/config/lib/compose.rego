# METADATA
# custom:
#   library: true
package lib.boltseal.compose

import rego.v1

# services are those of the file, by name.
services[name] := s if {
	some name, s in input.services
	name != "__defsec_metadata"
	is_object(s)
}

# sources are the paths of the host that a service mounts.
sources(s) := {source |
	some v in s.volumes
	source := source_of(v)
}

source_of(v) := split(v, ":")[0] if is_string(v)

source_of(v) := v.source if is_object(v)

# environment is a map, however it is written.
environment(s) := {key: sprintf("%v", [value]) |
	some key, value in s.environment
	key != "__defsec_metadata"
	value != null
} if {
	is_object(s.environment)
}

environment(s) := {key: value |
	some line in s.environment
	i := indexof(line, "=")
	i > 0
	key := substring(line, 0, i)
	value := substring(line, i + 1, -1)
} if {
	is_array(s.environment)
}

# open_port is the container's port when it is published on all addresses.
open_port(p) := inside if {
	text := trim_suffix(trim_suffix(sprintf("%v", [p]), "/tcp"), "/udp")
	not is_object(p)
	parts := split(text, ":")
	count(parts) == 2
	inside := parts[1]
}

open_port(p) := inside if {
	not is_object(p)
	parts := split(trim_suffix(sprintf("%v", [p]), "/tcp"), ":")
	count(parts) == 3
	parts[0] == "0.0.0.0"
	inside := parts[2]
}

open_port(p) := sprintf("%v", [p.target]) if {
	is_object(p)
	p.published
	object.get(p, "host_ip", "0.0.0.0") == "0.0.0.0"
}
