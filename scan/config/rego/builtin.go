package rego

import (
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/boltseal/boltseal/scan/config/script"
)

// function is one function that checks may call beyond OPA's own.
type function struct {
	name string
	args []types.Type
	out  types.Type
	call topdown.BuiltinFunc
}

// functions are those that trivy-checks expects of its host.
func functions() []function {
	text, num, truth := []types.Type{types.S}, types.N, types.B
	words := types.NewArray(nil, types.NewArray(nil, types.S))
	secret := types.NewObject([]*types.StaticProperty{
		types.NewStaticProperty("transgressionFound", types.B), types.NewStaticProperty("description", types.S),
	}, nil)
	return []function{
		{"result.new", []types.Type{types.S, types.A}, types.A, newResult},
		{"isManaged", []types.Type{types.A}, truth, isManaged},
		{"cidr.is_public", text, truth, onText(func(s string) *ast.Term { return ast.BooleanTerm(publicCIDR(s)) })},
		{"cidr.count_addresses", text, num, onText(func(s string) *ast.Term { return ast.UIntNumberTerm(addresses(s)) })},
		{"sh.parse_commands", text, words, onText(commands)},
		{"squealer.scan_string", text, secret, onText(secretIn)},
	}
}

// forbidden are OPA's functions that reach out of the process.
func forbidden(name string) bool {
	return slices.Contains([]string{"http.send", "net.lookup_ip_addr", "opa.runtime"}, name)
}

// onText makes a function of one text; a nil term is undefined.
func onText(f func(string) *ast.Term) topdown.BuiltinFunc {
	return func(_ topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
		s, err := builtins.StringOperand(args[0].Value, 1)
		if err != nil {
			return err
		}
		if t := f(string(s)); t != nil {
			return iter(t)
		}
		return nil
	}
}

// places are the names under which inputs carry where something stands.
var places = [][2]string{
	{"startline", "startline"}, {"StartLine", "startline"}, {"endline", "endline"}, {"EndLine", "endline"},
	{"filepath", "filepath"}, {"Path", "filepath"}, {"managed", "managed"}, {"resource", "resource"},
}

// newResult joins a message with the place of its cause.
func newResult(_ topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
	out := ast.NewObject([2]*ast.Term{ast.StringTerm("msg"), args[0]})
	in := args[1].Get(ast.StringTerm("__defsec_metadata"))
	if in == nil {
		in = args[1] // a Dockerfile's instruction
	}
	for _, p := range places {
		if v := in.Get(ast.StringTerm(p[0])); v != nil {
			out.Insert(ast.StringTerm(p[1]), v)
		}
	}
	return iter(ast.NewTerm(out))
}

func isManaged(_ topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
	if m := args[0].Get(ast.StringTerm("__defsec_metadata")); m != nil {
		if v := m.Get(ast.StringTerm("managed")); v != nil {
			return iter(v)
		}
	}
	return iter(ast.BooleanTerm(true))
}

// addresses counts those of a network, 1 for an address, all for names that
// clouds use for everywhere.
func addresses(s string) uint64 {
	if slices.Contains([]string{"*", "internet", "any"}, strings.ToLower(s)) {
		return math.MaxUint64
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return 1
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return 0
	}
	free := p.Addr().BitLen() - p.Bits()
	if free >= 64 {
		return math.MaxUint64
	}
	return 1 << free
}

// shared is RFC 6598's address space between customers and carriers.
var shared = netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)

// publicCIDR says whether a network or address is reachable from everywhere.
func publicCIDR(s string) bool {
	if addresses(s) == math.MaxUint64 && !strings.Contains(s, "/") {
		return true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	a := p.Masked().Addr()
	return !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !shared.Contains(a)
}

// commands splits a shell script into its simple commands, words as written; a
// script that cannot be parsed is undefined.
func commands(text string) *ast.Term {
	parsed, err := script.Commands(text)
	if err != nil {
		return nil
	}
	list := make([]*ast.Term, len(parsed))
	for i, words := range parsed {
		terms := make([]*ast.Term, len(words))
		for j, w := range words {
			terms[j] = ast.StringTerm(w)
		}
		list[i] = ast.ArrayTerm(terms...)
	}
	return ast.ArrayTerm(list...)
}
