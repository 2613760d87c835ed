package class

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/boltseal/boltseal/image"
)

// file is what is needed of a class file (Java Virtual Machine Specification,
// chapter 4).
type file struct {
	name, super string
	interfaces  []string
	pool        []constant
	methods     []method
}

// constant is an entry of the constant pool. What refers to others does so by
// the indexes a and b.
type constant struct {
	tag  byte
	text string
	num  int64
	a, b uint16
}

// The tags of constants that are read.
const (
	tagUTF8      = 1
	tagInteger   = 3
	tagFloat     = 4
	tagLong      = 5
	tagDouble    = 6
	tagClass     = 7
	tagString    = 8
	tagField     = 9
	tagMethod    = 10
	tagInterface = 11
	tagNameType  = 12
	tagHandle    = 15
	tagType      = 16
	tagDynamic   = 17
	tagInvoke    = 18
	tagModule    = 19
	tagPackage   = 20
)

type method struct {
	name, descriptor string
	static           bool
	code             []byte
	handlers         []uint16 // where exception handlers begin
	lines            []line
}

type line struct{ pc, number uint16 }

// reader reads big-endian numbers; after an error it gives zeros.
type reader struct {
	src []byte
	pos int
	bad bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || r.bad || len(r.src)-r.pos < n {
		r.bad = true
		return nil
	}
	b := r.src[r.pos : r.pos+n]
	r.pos += n
	return b
}

func (r *reader) u1() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u2() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) u4() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// parse reads a class file. The counts in it are 16 bits wide and everything
// they count takes bytes, so the size of the file bounds the work.
func parse(src []byte) (*file, error) {
	r := &reader{src: src}
	if r.u4() != 0xcafebabe {
		return nil, fmt.Errorf("read class: no class file")
	}
	r.u4() // version
	f := &file{}
	f.constants(r)
	r.u2() // access
	f.name, f.super = f.class(r.u2()), f.class(r.u2())
	for range r.u2() {
		f.interfaces = append(f.interfaces, f.class(r.u2()))
		if r.bad {
			break
		}
	}
	for n := r.u2(); n > 0 && !r.bad; n-- { // fields
		r.take(6)
		attributes(r, func(string, []byte) {}, f)
	}
	for n := r.u2(); n > 0 && !r.bad; n-- {
		f.method(r)
	}
	if r.bad {
		return f, fmt.Errorf("read class: %w: the file is cut off", image.ErrLimit)
	}
	return f, nil
}

func (f *file) constants(r *reader) {
	n := int(r.u2())
	f.pool = make([]constant, 1, min(n+1, 1<<16))
	for len(f.pool) < n && !r.bad {
		c := constant{tag: r.u1()}
		switch c.tag {
		case tagUTF8:
			c.text = string(r.take(int(r.u2())))
		case tagInteger:
			c.num = int64(int32(r.u4()))
		case tagFloat:
			c.num = int64(math.Float32frombits(r.u4()))
		case tagLong, tagDouble:
			c.num = int64(uint64(r.u4())<<32 | uint64(r.u4()))
		case tagClass, tagString, tagType, tagModule, tagPackage:
			c.a = r.u2()
		case tagField, tagMethod, tagInterface, tagNameType, tagDynamic, tagInvoke:
			c.a, c.b = r.u2(), r.u2()
		case tagHandle:
			r.u1()
			c.a = r.u2()
		default:
			r.bad = true
		}
		f.pool = append(f.pool, c)
		if c.tag == tagLong || c.tag == tagDouble {
			f.pool = append(f.pool, constant{})
		}
	}
}

func (f *file) at(i uint16) constant {
	if int(i) < len(f.pool) {
		return f.pool[i]
	}
	return constant{}
}

func (f *file) text(i uint16) string { return f.at(i).text }

// class is the name of a class constant, with dots.
func (f *file) class(i uint16) string { return dots(f.text(f.at(i).a)) }

// member is the class, name and descriptor of a field or method constant.
func (f *file) member(i uint16) (class, name, descriptor string) {
	c := f.at(i)
	nt := f.at(c.b)
	if c.tag != tagInvoke && c.tag != tagDynamic {
		class = f.class(c.a)
	}
	return class, f.text(nt.a), f.text(nt.b)
}

// attributes hands out name and content of each.
func attributes(r *reader, visit func(name string, content []byte), f *file) {
	for n := r.u2(); n > 0 && !r.bad; n-- {
		name := f.text(r.u2())
		visit(name, r.take(int(r.u4())))
	}
}

func (f *file) method(r *reader) {
	m := method{static: r.u2()&8 != 0}
	m.name, m.descriptor = f.text(r.u2()), f.text(r.u2())
	attributes(r, func(name string, content []byte) {
		if name == "Code" {
			f.body(&m, content)
		}
	}, f)
	f.methods = append(f.methods, m)
}

func (f *file) body(m *method, content []byte) {
	r := &reader{src: content}
	r.u4() // stack and locals
	m.code = r.take(int(r.u4()))
	for n := r.u2(); n > 0 && !r.bad; n-- {
		r.u4()
		m.handlers = append(m.handlers, r.u2())
		r.u2()
	}
	attributes(r, func(name string, content []byte) {
		if name != "LineNumberTable" {
			return
		}
		t := &reader{src: content}
		for n := t.u2(); n > 0 && !t.bad; n-- {
			m.lines = append(m.lines, line{t.u2(), t.u2()})
		}
	}, f)
}
