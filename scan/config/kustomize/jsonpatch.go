package kustomize

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

var errNowhere = errors.New("no such place")

// applyJSON follows a JSON patch (RFC 6902), up to the first operation that fails.
func (b *Builder) applyJSON(r *resource, ops []any) error {
	for _, item := range ops {
		op, _ := item.(map[string]any)
		if err := b.operate(r, op); err != nil {
			return fmt.Errorf("%s %s of %s %s: %w", text(op, "op"), text(op, "path"), r.kind(), r.name(), err)
		}
	}
	return nil
}

func (b *Builder) operate(r *resource, op map[string]any) error {
	to := pointer(text(op, "path"))
	if len(to) == 0 {
		return errors.New("whole objects are not replaced")
	}
	v := op["value"]
	switch kind := text(op, "op"); kind {
	case "copy", "move":
		from := pointer(text(op, "from"))
		if v = at(r.value, from); v == nil {
			return errNowhere
		}
		if kind == "move" {
			if err := change(r.value, from, "remove", nil); err != nil {
				return err
			}
		}
	case "test":
		if !reflect.DeepEqual(Plain(at(r.value, to)), Plain(v)) {
			return errors.New("another value is there")
		}
		return nil
	}
	if err := b.spend(size(v)); err != nil {
		return err
	}
	kind := text(op, "op")
	if kind == "copy" || kind == "move" {
		kind = "add"
	}
	return change(r.value, to, kind, clone(v))
}

// pointer splits a JSON pointer.
func pointer(p string) []string {
	if !strings.HasPrefix(p, "/") {
		return nil
	}
	keys := strings.Split(p[1:], "/")
	for i, k := range keys {
		keys[i] = strings.ReplaceAll(strings.ReplaceAll(k, "~1", "/"), "~0", "~")
	}
	return keys
}

func at(v any, keys []string) any {
	for _, k := range keys {
		switch c := v.(type) {
		case map[string]any:
			v = c[k]
		case []any:
			i, err := index(k, len(c)-1)
			if err != nil {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}

// index is the place that a key names in a list, at most last.
func index(key string, last int) (int, error) {
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i > last {
		return 0, errNowhere
	}
	return i, nil
}

// change does one of add, replace and remove below a map.
func change(root map[string]any, keys []string, op string, v any) error {
	key, above := keys[len(keys)-1], keys[:len(keys)-1]
	switch parent := at(root, above).(type) {
	case map[string]any:
		_, has := parent[key]
		switch {
		case key == manifest.Metadata, op != "add" && op != "replace" && op != "remove", op == "remove" && !has, op == "replace" && !has:
			return errNowhere
		case op == "remove":
			delete(parent, key)
		default:
			parent[key] = v
		}
		return nil
	case []any:
		list, err := changeList(parent, key, op, v)
		if err != nil {
			return err
		}
		return put(root, above, list)
	}
	return errNowhere
}

func changeList(list []any, key, op string, v any) ([]any, error) {
	if key == "-" && op == "add" {
		return append(slices.Clone(list), v), nil
	}
	last := len(list) - 1
	if op == "add" {
		last++
	}
	i, err := index(key, last)
	if err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	switch op {
	case "add":
		return slices.Insert(list, i, v), nil
	case "replace":
		list[i] = v
		return list, nil
	case "remove":
		return slices.Delete(list, i, i+1), nil
	}
	return nil, errNowhere
}

// put sets a value at a place that is there.
func put(root any, keys []string, v any) error {
	key := keys[len(keys)-1]
	switch parent := at(root, keys[:len(keys)-1]).(type) {
	case map[string]any:
		parent[key] = v
	case []any:
		i, err := index(key, len(parent)-1)
		if err != nil {
			return err
		}
		parent[i] = v
	}
	return nil
}

// Plain is a value without lines.
func Plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, item := range v {
			if k != manifest.Metadata {
				m[k] = Plain(item)
			}
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = Plain(item)
		}
		return list
	}
	return v
}
