package php

// op is what a node does.
type op uint8

const (
	// Expressions.
	xLit        op = iota // lit
	xVar                  // $s, or ${a}
	xInterp               // list joined as text
	xArray                // list of xItem, xSpread or nil
	xItem                 // a => b, ref: by reference
	xIndex                // a[b], b nil for a[]
	xProp                 // a->s, or a->{b}
	xStatic               // a::$s, or a::${b}
	xConst                // s
	xClassConst           // a::s
	xName                 // s, as a class or function
	xCall                 // a(list)
	xNew                  // new a(list)
	xMethod               // a->s(list), or a->{b}(list)
	xStaticCall           // a::s(list), or a::{b}(list)
	xBinary               // a s b
	xUnary                // s a
	xAssign               // a = b
	xAssignRef            // a = &b
	xAssignOp             // a s= b
	xIncDec               // ++a: s "++" or "--", n 1 if prefix
	xTernary              // a ? b : c, b nil for ?:
	xCast                 // (s) a
	xIsset                // isset(list)
	xEmpty                // empty(a)
	xInclude              // s a
	xEval                 // eval(a)
	xExit                 // exit(a)
	xPrint                // print a
	xFunc                 // fn
	xMatch                // match (a) { list of xArm }
	xArm                  // list => a, list empty for default
	xThrow                // throw a
	xYield                // yield a => b, ref: yield from b
	xShell                // `list`
	xSilence              // @a
	xClone                // clone a
	xInstance             // a instanceof b
	xSpread               // ...a
	xBad                  // what could not be read
	// Statements.
	sExpr     // a;
	sEcho     // echo list
	sIf       // if (a) b else c
	sWhile    // while (a) b
	sDo       // do b while (a)
	sFor      // for (list[0]; list[1]; list[2]) b: each an sBlock of sExpr
	sForeach  // foreach (a as c => d) b, ref: by reference
	sSwitch   // switch (a) { list of sCase }
	sCase     // case a: list, a nil for default
	sBreak    //
	sContinue //
	sReturn   // return a
	sGlobal   // global list
	sStaticVar
	sUnset // unset(list)
	sBlock // list
	sFunc  // fn
	sClass // cls
	sTry   // b, list of sCatch, c finally
	sCatch // catch (s) b
	sGoto  // goto s
	sLabel // s:
	sConst // const s = a
	sHTML  //
)

// node is an expression or a statement.
type node struct {
	op         op
	ref        bool
	n          int8
	pos, end   int32
	s          string
	a, b, c, d *node
	list       []*node
	lit        value
	fn         *function
	cls        *class
}

// function is a function, method or closure.
type function struct {
	name   string
	params []param
	uses   []param
	body   []*node
	doc    string
	class  *class
	static bool
	gen    bool
	arrow  bool
	pos    int32
	// calls counts how often it was entered; depth how often it is now.
	calls, depth int
	// statics are its static variables.
	statics map[string]*cell
}

type param struct {
	name     string
	def      *node
	ref      bool
	variadic bool
	promoted bool
}

// class is a class, interface, trait or enum.
type class struct {
	name, parent string
	traits       []string
	doc          string
	consts       map[string]*node
	props        []property
	methods      map[string]*function
	order        []*function
	// static holds the static properties, any what instances were given.
	static map[string]*cell
	any    *object
	made   bool
	pos    int32
}

type property struct {
	name   string
	def    *node
	static bool
}
