package chart

import (
	"fmt"
	"text/template"
	"text/template/parse"

	"github.com/boltseal/boltseal/image"
)

// maxTurns is how often all loops together may turn.
const maxTurns = 2000000

// tick is called on each turn of each loop: loops in loops need no function and
// write nothing.
func (e *engine) tick() (string, error) {
	if e.turns++; e.turns > maxTurns {
		return "", fmt.Errorf("%w: loops turn more than %d times", image.ErrLimit, maxTurns)
	}
	return "", nil
}

// countTurns puts a call of tick at the beginning of all loops of the templates
// that were parsed since.
func (e *engine) countTurns(set *template.Template) error {
	call, err := template.New("tick").Funcs(template.FuncMap{"tick": e.tick}).Parse("{{tick}}")
	if err != nil {
		return err
	}
	for _, t := range set.Templates() {
		if t.Tree != nil && !e.counted[t.Tree] {
			e.counted[t.Tree] = true
			loops(t.Root, call.Root.Nodes[0])
		}
	}
	return nil
}

func loops(l *parse.ListNode, tick parse.Node) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.RangeNode:
			loops(n.List, tick)
			loops(n.ElseList, tick)
			n.List.Nodes = append([]parse.Node{tick}, n.List.Nodes...)
		case *parse.IfNode:
			loops(n.List, tick)
			loops(n.ElseList, tick)
		case *parse.WithNode:
			loops(n.List, tick)
			loops(n.ElseList, tick)
		}
	}
}
