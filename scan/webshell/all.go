package webshell

import (
	"github.com/boltseal/boltseal/scan/webshell/asp"
	"github.com/boltseal/boltseal/scan/webshell/class"
	"github.com/boltseal/boltseal/scan/webshell/config"
	"github.com/boltseal/boltseal/scan/webshell/jsp"
	"github.com/boltseal/boltseal/scan/webshell/php"
	"github.com/boltseal/boltseal/scan/webshell/scripting"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// all lists every language.
func all() ([]verdict.Analyzer, error) {
	list := []verdict.Analyzer{
		php.New(),
		jsp.New(),
		asp.New(),
		config.New(),
	}
	programs, err := scripting.New()
	if err != nil {
		return nil, err
	}
	for _, a := range programs {
		list = append(list, a)
	}
	classes, err := class.New()
	return append(list, classes), err
}
