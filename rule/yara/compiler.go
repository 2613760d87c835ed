package yara

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/boltseal/boltseal/rule/match"
)

// Rules are compiled rules, immutable and safe for concurrent use.
type Rules struct {
	rules     []*rule
	patterns  []*pattern
	targets   []target // by literal of set
	set       *match.Set
	all       []everywhere // what has no literal
	always    ruleBits     // the rules whose conditions every text is judged by
	limits    Limits
	externals map[string]value
	scratch   scratchPool
}

// Len is the number of rules, private ones included.
func (r *Rules) Len() int { return len(r.rules) }

type rule struct {
	index           int
	name, namespace string
	file            string
	line            int
	global, private bool
	tags            []string
	meta            []Meta
	patterns        []*pattern
	condition       expr
	needsMatch      bool // the condition cannot hold where no string matches
}

// compiler collects rules from sources.
type compiler struct {
	o        Options
	rules    Rules
	byName   map[[2]string]*rule
	literals []match.Literal
	errs     []Error
	open     []string // files being included
	names    map[string]typ
}

func newCompiler(o Options) *compiler {
	c := &compiler{o: o, byName: map[[2]string]*rule{}, names: map[string]typ{}}
	c.o.Limits = o.Limits.withDefaults()
	c.rules.limits = c.o.Limits
	c.rules.externals = map[string]value{}
	for name, v := range o.Externals {
		val, t, ok := externalValue(v)
		if !ok {
			c.errs = append(c.errs, Error{File: "external", Rule: "", Reason: "variable " + name + " has an unsupported type"})
			continue
		}
		c.rules.externals[name], c.names[name] = val, t
	}
	return c
}

// source compiles one file.
func (c *compiler) source(s Source, depth int) {
	if s.Namespace == "" {
		s.Namespace = "default"
	}
	c.open = append(c.open, s.Name)
	p := &parser{compiler: c, src: s, depth: depth, lex: lexer{src: string(s.Text), line: 1}, imports: map[string]bool{}}
	p.file()
	c.open = c.open[:len(c.open)-1]
}

// include compiles the file that an include statement names: relative to the
// including one, or from the root of Options.Includes.
func (c *compiler) include(p *parser, name string) {
	if c.o.Includes == nil {
		p.fail("include is not allowed here")
	}
	if p.depth+1 > c.o.Limits.IncludeDepth {
		p.fail("includes nested deeper than %d", c.o.Limits.IncludeDepth)
	}
	near := path.Join(path.Dir(p.src.Name), name)
	text, err := fs.ReadFile(c.o.Includes, near)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		near = path.Clean(name)
		text, err = fs.ReadFile(c.o.Includes, near)
	}
	if err != nil {
		p.fail("include %s: %v", name, err)
	}
	if slices.Contains(c.open, near) {
		p.fail("include %s: it includes itself", name)
	}
	c.source(Source{Name: near, Namespace: p.src.Namespace, Text: text}, p.depth+1)
}

func (c *compiler) finish() (*Rules, []Error) {
	r := &c.rules
	set, err := match.Compile(c.literals)
	if err != nil { // no atom is empty
		c.errs = append(c.errs, Error{Reason: err.Error()})
		set, _ = match.Compile(nil)
		r.rules = nil
	}
	r.set = set
	r.always = make(ruleBits, (len(r.rules)+63)/64)
	for _, x := range r.rules {
		if x.global || !x.needsMatch {
			r.always.set(x.index)
		}
	}
	return r, c.errs
}

// addRule makes a parsed rule part of the result, with its strings.
func (c *compiler) addRule(r *rule) {
	r.index = len(c.rules.rules)
	c.rules.rules = append(c.rules.rules, r)
	c.byName[[2]string{r.namespace, r.name}] = r
	for _, p := range r.patterns {
		p.index = len(c.rules.patterns)
		c.rules.patterns = append(c.rules.patterns, p)
		if p.used {
			c.addPattern(p)
		}
	}
}

// addPattern gives the literals of a pattern to the automaton.
func (c *compiler) addPattern(p *pattern) {
	for _, l := range p.texts {
		c.literals = append(c.literals, match.Literal{Text: l.text, Fold: p.nocase})
		c.rules.targets = append(c.rules.targets, target{pattern: p, length: len(l.text), wide: l.wide})
	}
	for i := range p.parts {
		part := &p.parts[i]
		for _, wide := range []bool{false, true} {
			if wide && !p.wide || !wide && !p.ascii {
				continue
			}
			if part.atoms == nil {
				c.rules.all = append(c.rules.all, everywhere{p, i, wide})
			}
			for j := range part.atoms {
				a := &part.atoms[j]
				c.literals = append(c.literals, a.literal(wide))
				c.rules.targets = append(c.rules.targets, target{pattern: p, part: i, tree: true, wide: wide,
					forward: int32(a.first.forward - 1), backward: int32(a.first.backward)})
			}
		}
	}
}
