# METADATA
# custom:
#   library: true
package lib.boltseal.network

import rego.v1

# closed are ports that no one from everywhere should reach.
closed := {21, 22, 23, 135, 139, 445, 1433, 1521, 2375, 2379, 3306, 3389, 5432, 5900, 6379, 6443, 7001, 8848, 9042, 9200, 10250, 11211, 27017}

everywhere(cidr) if cidr in {"0.0.0.0/0", "::/0", "0.0.0.0", "all", "0000:0000:0000:0000:0000:0000:0000:0000/0"}

# reaches says that a range written as "22/22", "22-30", "22,80", "ALL" or "-1/-1" has
# a closed port, and which.
reaches(text) := "all ports" if upper(text) in {"ALL", "-1/-1", "1/65535", "1-65535", "0-65535", ""}

reaches(text) := sprintf("port %d", [min(hit)]) if {
	not upper(text) in {"ALL", "-1/-1", "1/65535", "1-65535", "0-65535", ""}
	hit := {port |
		some port in closed
		some part in split(text, ",")
		bounds := split(replace(trim_space(part), "/", "-"), "-")
		to_number(bounds[0]) <= port
		port <= to_number(bounds[count(bounds) - 1])
	}
	count(hit) > 0
}
