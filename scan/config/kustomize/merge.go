package kustomize

import (
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// mergeKeys are the fields that tell the items of a list apart, by the list's
// name, in kinds of Kubernetes: the patch strategy of its API. Of several the
// first that the patch's items have counts. Other lists are replaced.
var mergeKeys = map[string][]string{
	"containers": {"name"}, "initContainers": {"name"}, "ephemeralContainers": {"name"}, "volumes": {"name"}, "env": {"name"},
	"volumeMounts": {"mountPath"}, "volumeDevices": {"devicePath"}, "ports": {"containerPort", "port"}, "imagePullSecrets": {"name"},
	"hostAliases": {"ip"}, "topologySpreadConstraints": {"topologyKey"}, "secrets": {"name"}, "webhooks": {"name"},
	"ownerReferences": {"uid"}, "conditions": {"type"}, "resourceClaims": {"name"}, "schedulingGates": {"name"}, "podIPs": {"ip"},
}

// merge is a strategic merge of a patch into maps; keyed says whether lists have
// keys. What the patch brings keeps the lines it has there. The patch is not
// changed and shares nothing with the result.
func merge(to, patch map[string]any, keyed bool) {
	if patch["$patch"] == "replace" {
		lines := to[manifest.Metadata]
		clear(to)
		to[manifest.Metadata] = lines
	}
	if keep, ok := patch["$retainKeys"].([]any); ok {
		for k := range to {
			if k != manifest.Metadata && !slices.Contains(keep, any(k)) {
				delete(to, k)
			}
		}
	}
	for k, v := range patch {
		if k == manifest.Metadata {
			continue
		}
		if name, ok := strings.CutPrefix(k, "$deleteFromPrimitiveList/"); ok {
			deleteItems(to, name, v)
		}
		if strings.HasPrefix(k, "$") {
			continue
		}
		mergeField(to, k, v, keyed)
	}
}

func mergeField(to map[string]any, k string, v any, keyed bool) {
	switch v := v.(type) {
	case nil:
		delete(to, k)
	case map[string]any:
		if v["$patch"] == "delete" {
			delete(to, k)
			return
		}
		below, ok := to[k].(map[string]any)
		if !ok {
			below = map[string]any{manifest.Metadata: clone(v[manifest.Metadata])}
			to[k] = below
		}
		merge(below, v, keyed)
	case []any:
		below, _ := to[k].([]any)
		to[k] = mergeList(below, v, k, keyed)
	default:
		to[k] = v
	}
}

// mergeList puts the patch's items first, as Kustomize does, then the others.
func mergeList(to, patch []any, name string, keyed bool) []any {
	key := ""
	if keyed {
		key = keyOf(name, patch)
	}
	if keyed && name == "finalizers" {
		out := slices.Clone(patch)
		for _, item := range to {
			if s, ok := item.(string); ok && !slices.Contains(out, any(s)) {
				out = append(out, s)
			}
		}
		return out
	}
	replace := key == "" || slices.ContainsFunc(patch, func(v any) bool {
		m, _ := v.(map[string]any)
		return m["$patch"] == "replace"
	})
	if replace {
		to = nil
	}
	rest := slices.Clone(to)
	var out []any
	for _, item := range patch {
		m, isMap := item.(map[string]any)
		if !isMap {
			out = append(out, clone(item))
			continue
		}
		if m["$patch"] == "replace" && len(m) == 2 {
			continue
		}
		i := slices.IndexFunc(rest, func(v any) bool { return key != "" && sameItem(v, m, key) })
		var found map[string]any
		if i >= 0 {
			found = rest[i].(map[string]any)
			rest = slices.Delete(rest, i, i+1)
		} else {
			found = map[string]any{manifest.Metadata: clone(m[manifest.Metadata])}
		}
		if m["$patch"] == "delete" {
			continue
		}
		merge(found, m, keyed)
		out = append(out, found)
	}
	return append(out, rest...)
}

// keyOf is the field by which the items of a list are known, "" when the list is
// replaced as a whole.
func keyOf(list string, items []any) string {
	for _, key := range mergeKeys[list] {
		for _, item := range items {
			m, _ := item.(map[string]any)
			if m[key] != nil {
				return key
			}
		}
	}
	return ""
}

func sameItem(v any, m map[string]any, key string) bool {
	have, ok := v.(map[string]any)
	if !ok || !scalar(have[key]) || !scalar(m[key]) || have[key] != m[key] {
		return false
	}
	a, b := text(have, "protocol"), text(m, "protocol")
	return a == b || a+b == "TCP"
}

func scalar(v any) bool {
	switch v.(type) {
	case string, int64, float64, bool:
		return true
	}
	return false
}

func deleteItems(to map[string]any, name string, v any) {
	gone, _ := v.([]any)
	list, ok := to[name].([]any)
	if !ok {
		return
	}
	to[name] = slices.DeleteFunc(slices.Clone(list), func(item any) bool {
		return scalar(item) && slices.ContainsFunc(gone, func(g any) bool { return scalar(g) && g == item })
	})
}
