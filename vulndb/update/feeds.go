package update

import (
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/alpine"
	"github.com/boltseal/boltseal/vulndb/feed/amazon"
	"github.com/boltseal/boltseal/vulndb/feed/azurelinux"
	"github.com/boltseal/boltseal/vulndb/feed/debian"
	"github.com/boltseal/boltseal/vulndb/feed/epss"
	"github.com/boltseal/boltseal/vulndb/feed/fedora"
	"github.com/boltseal/boltseal/vulndb/feed/ghsa"
	"github.com/boltseal/boltseal/vulndb/feed/kev"
	"github.com/boltseal/boltseal/vulndb/feed/kubernetes"
	"github.com/boltseal/boltseal/vulndb/feed/nvdoverrides"
	"github.com/boltseal/boltseal/vulndb/feed/oracle"
	"github.com/boltseal/boltseal/vulndb/feed/osv"
	"github.com/boltseal/boltseal/vulndb/feed/photon"
	"github.com/boltseal/boltseal/vulndb/feed/redhat"
	"github.com/boltseal/boltseal/vulndb/feed/suse"
	"github.com/boltseal/boltseal/vulndb/feed/ubuntu"
	"github.com/boltseal/boltseal/vulndb/feed/vulnrichment"
)

// Feeds returns all feeds, in the order that decides ties.
func Feeds() []feed.Feed {
	return []feed.Feed{
		debian.New(),
		ubuntu.New(),
		redhat.New(),
		alpine.New(),
		alpine.NewWolfi(),
		alpine.NewChainguard(),
		amazon.New(),
		oracle.New(),
		azurelinux.New(),
		photon.New(),
		suse.New(),
		fedora.New(),
		osv.New(),
		ghsa.New(),
		kubernetes.New(),
		nvdoverrides.New(),
		vulnrichment.New(),
		kev.New(),
		epss.New(),
	}
}
