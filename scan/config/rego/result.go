package rego

import (
	"encoding/json"
	"fmt"
	"strings"
)

// results reads what a rule said: a message, an object made by result.new, a
// list of either, or nothing but true.
func results(c *Check, in *Input, v any) []Result {
	r := Result{Check: c, Path: in.Path, Message: c.Title}
	switch v := v.(type) {
	case []any:
		var all []Result
		for _, each := range v {
			all = append(all, results(c, in, each)...)
		}
		return all
	case string:
		r.Message = v
	case bool:
		if !v {
			return nil
		}
	case map[string]any:
		if v["managed"] == false {
			return nil // an assumption of an adapter, not something that is written
		}
		r.read(v)
	default:
		r.Message = fmt.Sprint(v)
	}
	return []Result{r}
}

func (r *Result) read(m map[string]any) {
	set := func(to *string, key string) {
		if s, ok := m[key].(string); ok && s != "" {
			*to = s
		}
	}
	set(&r.Message, "msg")
	set(&r.Path, "filepath")
	set(&r.Resource, "resource")
	if strings.Contains(r.Message, `"endline"`) {
		r.Message = r.Check.Title // a whole value, which may hold a secret
	}
	r.Line, r.EndLine = number(m["startline"]), number(m["endline"])
}

func number(v any) int {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return int(i)
}
