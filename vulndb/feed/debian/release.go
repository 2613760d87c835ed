package debian

// namespaces maps a release's codename to its namespace. Releases before sarge
// are left out: sarge is 3.1, woody was 3.0, and both are "debian:3".
var namespaces = map[string]string{
	"sarge":    "debian:3",
	"etch":     "debian:4",
	"lenny":    "debian:5",
	"squeeze":  "debian:6",
	"wheezy":   "debian:7",
	"jessie":   "debian:8",
	"stretch":  "debian:9",
	"buster":   "debian:10",
	"bullseye": "debian:11",
	"bookworm": "debian:12",
	"trixie":   "debian:13",
	"forky":    "debian:14",
	"duke":     "debian:15",
	"sid":      "debian:sid",
}
