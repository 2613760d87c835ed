package policy

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/internal/glob"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/license"
	"github.com/boltseal/boltseal/version"
)

// functions are what expressions can call beside CEL's own:
//
//	text.atLeast(level)         a severity is this or worse
//	text.glob(pattern)          package glob's patterns
//	pkg.olderThan(version)      in the order of the package's ecosystem
//	pkg.underLicense(list)      license.Set.Binds
//	time.daysBefore(time)       whole days; 0 when the first is not known
func functions() cel.EnvOption {
	text, texts, stamp := types.StringType, types.NewListType(types.StringType), types.TimestampType
	return cel.Lib(library{
		member("atLeast", []*cel.Type{text, text}, types.BoolType, atLeast),
		member("glob", []*cel.Type{text, text}, types.BoolType, matchGlob),
		member("olderThan", []*cel.Type{types.NewObjectType("Package"), text}, types.BoolType, olderThan),
		member("underLicense", []*cel.Type{types.NewObjectType("Package"), texts}, types.BoolType, underLicense),
		member("daysBefore", []*cel.Type{stamp, stamp}, types.IntType, daysBefore),
	})
}

// library is a cel.Library of functions alone.
type library []cel.EnvOption

// CompileOptions implements cel.Library.
func (l library) CompileOptions() []cel.EnvOption { return l }

// ProgramOptions implements cel.Library.
func (l library) ProgramOptions() []cel.ProgramOption { return nil }

func member(name string, args []*cel.Type, result *cel.Type, f func(a, b ref.Val) ref.Val) cel.EnvOption {
	return cel.Function(name, cel.MemberOverload("boltseal_"+name, args, result, cel.BinaryBinding(f)))
}

func atLeast(a, b ref.Val) ref.Val {
	have, err := finding.ParseSeverity(string(a.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	want, err := finding.ParseSeverity(string(b.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Bool(have >= want)
}

func matchGlob(a, b ref.Val) ref.Val {
	pattern := string(b.(types.String))
	if len(pattern) > maxPattern {
		return types.NewErr("a pattern of more than %d bytes", maxPattern)
	}
	return types.Bool(glob.Match(pattern, clip(string(a.(types.String)), maxMatched)))
}

// The cost of a pattern is the product of both lengths; CEL counts a call as 1.
const (
	maxPattern = 256
	maxMatched = 4096
)

func olderThan(a, b ref.Val) ref.Val {
	p, ok := a.(*object).v.Interface().(inventory.Package)
	if !ok || p.Version == "" {
		return types.False
	}
	scheme, ok := version.SchemeByName(p.Type)
	if !ok {
		scheme = version.Generic
	}
	return types.Bool(scheme.Compare(p.Version, string(b.(types.String))) < 0)
}

func underLicense(a, b ref.Val) ref.Val {
	p, ok := a.(*object).v.Interface().(inventory.Package)
	if !ok {
		return types.False
	}
	wanted, err := b.ConvertToNative(textsType)
	if err != nil {
		return types.WrapErr(err)
	}
	set, err := license.ParseSet(wanted.([]string))
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Bool(set.Binds(license.Of(p.Type, p.Licenses)))
}

func daysBefore(a, b ref.Val) ref.Val {
	from, to := a.(types.Timestamp).Time, b.(types.Timestamp).Time
	if from.IsZero() {
		return types.Int(0)
	}
	return types.Int(to.Sub(from) / (24 * time.Hour))
}
