package scan

import (
	"github.com/boltseal/boltseal/scan/packages/apk"
	"github.com/boltseal/boltseal/scan/packages/dotnet"
	"github.com/boltseal/boltseal/scan/packages/dpkg"
	"github.com/boltseal/boltseal/scan/packages/golang"
	"github.com/boltseal/boltseal/scan/packages/java"
	"github.com/boltseal/boltseal/scan/packages/locks"
	"github.com/boltseal/boltseal/scan/packages/middleware"
	"github.com/boltseal/boltseal/scan/packages/npm"
	"github.com/boltseal/boltseal/scan/packages/php"
	"github.com/boltseal/boltseal/scan/packages/python"
	"github.com/boltseal/boltseal/scan/packages/release"
	"github.com/boltseal/boltseal/scan/packages/rpm"
	"github.com/boltseal/boltseal/scan/packages/ruby"
	"github.com/boltseal/boltseal/scan/packages/rust"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Packages lists the scanners of what an image contains.
func Packages() []scanner.Scanner {
	return []scanner.Scanner{
		release.New(),
		dpkg.New(),
		apk.New(),
		rpm.New(),
		java.New(),
		golang.New(),
		golang.NewMod(),
		npm.New(),
		npm.NewLock(),
		rust.New(),
		rust.NewLock(),
		python.New(),
		python.NewLock(),
		ruby.New(),
		ruby.NewLock(),
		php.New(),
		php.NewLock(),
		dotnet.New(),
		dotnet.NewLock(),
		locks.New(),
		middleware.New(),
	}
}
