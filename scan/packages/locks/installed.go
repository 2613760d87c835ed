package locks

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

var (
	// {application, 'rabbit', [ and {vsn, "3.10.8"}
	appName    = regexp.MustCompile(`^(?:\s|%[^\n]*\n)*\{\s*application\s*,\s*'?([A-Za-z0-9_@]+)'?\s*,`)
	appVersion = regexp.MustCompile(`\{\s*vsn\s*,\s*"([^"\n]{1,100})"`)
)

// ownApplications come with Erlang/OTP and Elixir and have nothing to do with
// packages of these names on Hex.
var ownApplications = strings.Fields(`asn1 common_test compiler cosEvent cosEventDomain cosFileTransfer cosNotification cosProperty cosTime
	cosTransactions crypto debugger dialyzer diameter edoc eldap erl_docgen erl_interface et eunit ftp gs hipe ic inets jinterface kernel megaco
	mnesia observer odbc orber os_mon ose otp_mibs parsetools percept public_key reltool runtime_tools sasl snmp ssh ssl stdlib syntax_tools
	test_server tftp tools typer webtool wx xmerl eex elixir ex_unit iex logger mix`)

// parseApplication reads the description of a compiled Erlang or Elixir
// application, NAME.app.
// Source: https://www.erlang.org/doc/apps/kernel/app.
func parseApplication(data []byte, add func(name, version string) *inventory.Package) error {
	name, version := appName.FindSubmatch(data), appVersion.FindSubmatch(data)
	if name != nil && version != nil && !slices.Contains(ownApplications, string(name[1])) {
		add(string(name[1]), string(version[1]))
	}
	return nil
}

// parseDescription reads the DESCRIPTION of an installed R package ("Built"
// says that it is). Packages of R itself, of Bioconductor and of repositories
// for source code are not CRAN's.
func parseDescription(data []byte, add func(name, version string) *inventory.Package) error {
	fields := map[string]string{}
	for line := range bytes.Lines(data) {
		key, value, ok := bytes.Cut(line, []byte(":"))
		if ok && len(key) > 0 && key[0] != ' ' && key[0] != '\t' && len(value) < 1000 {
			fields[string(key)] = string(bytes.TrimSpace(value))
		}
	}
	remote := fields["RemoteType"]
	if fields["Built"] == "" || fields["Priority"] == "base" || fields["biocViews"] != "" || remote != "" && remote != "standard" && remote != "cran" {
		return nil
	}
	if p := add(fields["Package"], fields["Version"]); fields["License"] != "" {
		p.Licenses = []string{fields["License"]}
	}
	return nil
}
