package script

import (
	"strings"
	"testing"
)

// nothing is a Library that knows no names.
type nothing struct{}

func (nothing) Name(*Machine, string) (Value, bool)          { return Value{}, false }
func (nothing) Member(*Machine, Value, string) (Value, bool) { return Value{}, false }
func (nothing) Call(*Machine, *Invocation) (Value, bool)     { return Value{}, false }
func (nothing) Typed(*Machine, string, string) (Value, bool) { return Value{}, false }
func (nothing) Entry(_ *Machine, f *Func) []Value            { return make([]Value, len(f.Params)) }

// TestDeep reads programs that would make a tree too deep to walk.
func TestDeep(t *testing.T) {
	for _, d := range []*Dialect{&Java, &CSharp, &JavaScript, &Python, &VBScript, &Perl} {
		for _, part := range []string{"a+", "a.b(", "(", "[", "{", "!", "a?b:", "a=", "async ", "my ", "set ", "if a then\nelseif b then\n", "new ", "x for x in ", "if x:\n ", "a&", "a,", "(int)", "lambda:", "not ", "private ", ".a", "->a", "elif ", "else if(a)", "function(", "sub {", "\"a\" ", "qq{", "$", "class A{", "f'{"} {
			src := "x = " + strings.Repeat(part, 12_000)
			m := NewMachine(d, Parse(d, src, 1), nothing{})
			m.Run()
		}
	}
}
