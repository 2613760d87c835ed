package script

// Op is what a Node does.
type Op uint8

// The operations of a tree. Kids are in the order of the comments.
const (
	Nothing  Op = iota
	Name        // Text
	Literal     // Text; Num when IsNum
	Call        // callee, arguments...
	Member      // object; Text is the member
	Index       // object, indexes...
	Unary       // operand; Text is the operator
	Binary      // left, right; Text is the operator
	Assign      // target, value; Text is the operator before "=", or ""
	Choice      // condition, then, else
	Make        // arguments...; Text is the type, Body a class body
	List        // elements...
	Pairs       // key, value, key, value...
	Join        // parts of a string with expressions in it
	Cast        // operand; Text is the type
	Declare     // value or nothing; Text is the name, Type its type
	Lambda      // Func
	Block       // statements...
	If          // condition, then, else...
	Loop        // first, condition, step, body
	Each        // target, collection, body
	Return      // value or nothing
	Leave       // break
	Continue    // continue
	Class       // members...; Text is the name, Type what it extends
	Function    // Func
	Range       // object, from, to, step: a part of a sequence
	Template    // output; value
)

// Node is a piece of a program.
type Node struct {
	Op   Op
	Text string
	Type string
	Kids []*Node
	Func *Func
	Body *Node // of a Make
	Line int
	Num  int64
	Kind Kind // of a Literal
}

// Func is a function, method or lambda.
type Func struct {
	Name   string
	Class  string // that it is a method of
	Params []Param
	Body   *Node
	// Marks are annotations and decorators, without their arguments.
	Marks []string
	// Expr: the body is an expression, whose value is returned.
	Expr bool
	Line int
}

// Param is a parameter of a Func.
type Param struct {
	Name, Type string
	// Rest takes all further arguments.
	Rest bool
	// Marks as in Func.
	Marks []string
}

// Program is a whole source text.
type Program struct {
	Root  *Node
	Funcs []*Func
	// Supers says what a class extends and implements.
	Supers map[string][]string
	// Cut is set when the text was longer than what is read.
	Cut bool
}
