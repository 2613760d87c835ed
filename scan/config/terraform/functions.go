package terraform

import (
	"io/fs"
	"maps"

	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraform/parser/funcs"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// functions are those of Terraform's language, without what would let a file
// burn time or give other values on each run: bcrypt, uuid, timestamp. Files are
// read from the tree only.
func functions(files fs.FS, dir string) map[string]function.Function {
	all := map[string]function.Function{}
	for _, group := range []map[string]function.Function{texts(), lists(), numbers(), hashes(), conversions(), readers(files, dir)} {
		maps.Copy(all, group)
	}
	for _, name := range []string{"join", "replace", "setproduct", "format", "formatlist", "indent", "regexall", "zipmap"} {
		all[name] = bounded(all[name])
	}
	return all
}

func texts() map[string]function.Function {
	return map[string]function.Function{
		"chomp": stdlib.ChompFunc, "endswith": funcs.EndsWithFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
		"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "join": stdlib.JoinFunc, "lower": stdlib.LowerFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "replace": funcs.ReplaceFunc, "split": stdlib.SplitFunc,
		"startswith": funcs.StartsWithFunc, "strcontains": funcs.StrContainsFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc,
		"timeadd": stdlib.TimeAddFunc, "timecmp": funcs.TimeCmpFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc,
		"trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
		"urlencode": funcs.URLEncodeFunc,
	}
}

func lists() map[string]function.Function {
	return map[string]function.Function{
		"alltrue": funcs.AllTrueFunc, "anytrue": funcs.AnyTrueFunc, "chunklist": stdlib.ChunklistFunc, "coalesce": funcs.CoalesceFunc,
		"coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc,
		"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "index": funcs.IndexFunc,
		"keys": stdlib.KeysFunc, "length": funcs.LengthFunc, "list": funcs.ListFunc, "lookup": funcs.LookupFunc, "map": funcs.MapFunc,
		"matchkeys": funcs.MatchkeysFunc, "merge": stdlib.MergeFunc, "one": funcs.OneFunc, "range": stdlib.RangeFunc,
		"reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc,
		"transpose": funcs.TransposeFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	}
}

func numbers() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc, "max": stdlib.MaxFunc,
		"min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "signum": stdlib.SignumFunc, "sum": funcs.SumFunc,
		"cidrhost": funcs.CidrHostFunc, "cidrnetmask": funcs.CidrNetmaskFunc, "cidrsubnet": funcs.CidrSubnetFunc, "cidrsubnets": funcs.CidrSubnetsFunc,
	}
}

func hashes() map[string]function.Function {
	return map[string]function.Function{
		"base64sha256": funcs.Base64Sha256Func, "base64sha512": funcs.Base64Sha512Func, "md5": funcs.Md5Func, "sha1": funcs.Sha1Func,
		"sha256": funcs.Sha256Func, "sha512": funcs.Sha512Func, "uuidv5": funcs.UUIDV5Func,
	}
}

func conversions() map[string]function.Function {
	return map[string]function.Function{
		"base64decode": funcs.Base64DecodeFunc, "base64encode": funcs.Base64EncodeFunc, "csvdecode": stdlib.CSVDecodeFunc,
		"jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc, "yamldecode": ctyyaml.YAMLDecodeFunc,
		"yamlencode": ctyyaml.YAMLEncodeFunc, "textdecodebase64": funcs.TextDecodeBase64Func, "textencodebase64": funcs.TextEncodeBase64Func,
		"can": tryfunc.CanFunc, "try": tryfunc.TryFunc, "sensitive": funcs.SensitiveFunc, "nonsensitive": funcs.NonsensitiveFunc,
		"issensitive": funcs.IssensitiveFunc, "tobool": funcs.MakeToFunc(cty.Bool), "tonumber": funcs.MakeToFunc(cty.Number),
		"tostring": funcs.MakeToFunc(cty.String), "tolist": funcs.MakeToFunc(cty.List(cty.DynamicPseudoType)),
		"tomap": funcs.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "toset": funcs.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	}
}

func readers(files fs.FS, dir string) map[string]function.Function {
	return map[string]function.Function{
		"basename": funcs.BasenameFunc, "dirname": funcs.DirnameFunc, "file": funcs.MakeFileFunc(files, dir, false),
		"filebase64": funcs.MakeFileFunc(files, dir, true), "fileexists": funcs.MakeFileExistsFunc(files, dir),
		"fileset": funcs.MakeFileSetFunc(files, dir), "filemd5": funcs.MakeFileMd5Func(files, dir), "filesha1": funcs.MakeFileSha1Func(files, dir),
		"filesha256": funcs.MakeFileSha256Func(files, dir), "filesha512": funcs.MakeFileSha512Func(files, dir),
		"filebase64sha256": funcs.MakeFileBase64Sha256Func(files, dir), "filebase64sha512": funcs.MakeFileBase64Sha512Func(files, dir),
	}
}
