package script

import "strings"

// maxType bounds the name of a type that is put together of members.
const maxType = 200

// member computes a member of an object that is not called.
func (m *Machine) member(n *Node, sc *scope) Value {
	full := n.dotted()
	if full != "" {
		if v, ok := m.global.vars[full]; ok {
			return v
		}
	}
	root := n.Kids[0]
	if root.Op == Name && (root.Text == "this" || root.Text == "self" || root.Text == "me") {
		if v, ok := m.global.vars[n.Text]; ok {
			return v
		}
	}
	object := m.eval(root, sc)
	if object.Kind == IsFields {
		if v, ok := object.Fields[n.Text]; ok {
			return v
		}
	}
	if v, ok := object.Fields[n.Text]; ok {
		return v
	}
	if _, ok := m.Prog.Supers[strings.TrimPrefix(object.Type, "class ")]; ok { // a field of a class of the program
		if v, ok := m.global.vars[n.Text]; ok {
			return v
		}
	}
	if v, ok := m.Lib.Member(m, object, n.Text); ok {
		if v.From == nil && v.Taint&Request != 0 {
			v.From = &Origin{Line: n.Line, What: "request: " + strings.TrimPrefix(object.Type+"."+n.Text, ".")}
		}
		return v
	}
	if n.Text == "length" || n.Text == "Length" || n.Text == "Count" {
		v, _ := length(m, &Invocation{Object: object})
		return v
	}
	if root.Op == Name && root.Text == "this" {
		if fs := m.funcs[n.Text]; len(fs) > 0 {
			return Value{Kind: IsFunc, Func: fs[0], scope: m.global}
		}
	}
	out := elementOf(object)
	if object.Type != "" && len(object.Type) < maxType {
		out.Type = object.Type + "." + n.Text
	}
	return out
}
