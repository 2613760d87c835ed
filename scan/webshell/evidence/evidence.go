// Package evidence turns what a Machine of package script meets into verdicts:
// it knows the kinds of harm that WebShells of all languages do, and writes
// down the way of a value from its source to the call that does it.
package evidence

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/script"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Harm is a kind of what a WebShell does.
type Harm uint8

// The kinds of harm.
const (
	Code        Harm = iota // runs code
	Command                 // runs commands
	Class                   // loads classes or assemblies
	Reflection              // calls what the request names
	Deserialize             // makes objects of bytes, which runs code
	Write                   // writes files
	Files                   // reads, lists or removes files
	Tunnel                  // forwards connections
	Memory                  // registers itself in the running server
	Database                // opens databases and runs SQL
	Helper                  // makes the server run what is no script
	Embedded                // carries another WebShell
)

type kind struct {
	id, title, titleZH string
	severity           finding.Severity
	techniques         []string
}

var kinds = [...]kind{
	Code:        {"code", "WebShell: runs code from the request", "WebShell：执行请求中的代码", finding.Critical, []string{"T1505.003", "T1059"}},
	Command:     {"command", "WebShell: runs commands from the request", "WebShell：执行请求中的系统命令", finding.Critical, []string{"T1505.003", "T1059.004"}},
	Class:       {"class", "WebShell: loads program code from the request", "WebShell：加载请求中的字节码", finding.Critical, []string{"T1505.003", "T1620"}},
	Reflection:  {"reflection", "WebShell: calls by reflection what the request says", "WebShell：按请求内容进行反射调用", finding.Critical, []string{"T1505.003", "T1620"}},
	Deserialize: {"deserialize", "WebShell: deserializes objects from the request", "WebShell：反序列化请求中的对象", finding.Critical, []string{"T1505.003", "T1203"}},
	Write:       {"write", "WebShell: writes files that the request sends", "WebShell：将请求内容写入文件", finding.High, []string{"T1505.003", "T1105"}},
	Files:       {"files", "WebShell: reads, lists or removes files that the request names", "WebShell：读取、列出或删除请求指定的文件", finding.High, []string{"T1505.003", "T1083", "T1005"}},
	Tunnel:      {"tunnel", "WebShell: forwards connections to where the request says", "WebShell：按请求建立网络隧道", finding.Critical, []string{"T1505.003", "T1090", "T1572"}},
	Memory:      {"memory", "WebShell: registers itself in the running server (memory shell)", "内存马：在运行中的服务器内注册自身", finding.Critical, []string{"T1505.003", "T1620"}},
	Database:    {"database", "WebShell: opens databases that the request names", "WebShell：连接请求指定的数据库", finding.High, []string{"T1505.003", "T1213"}},
	Helper:      {"helper", "Server configuration that makes other files run as scripts", "使服务器把其他文件当作脚本执行的配置", finding.High, []string{"T1505.003", "T1546"}},
	Embedded:    {"embedded", "WebShell: carries the code of another WebShell", "WebShell：内嵌另一个 WebShell 的代码", finding.Critical, []string{"T1505.003", "T1027.009"}},
}

// Rules are the rules of one language.
type Rules struct{ all [len(kinds)]*finding.Rule }

// NewRules returns rules with ids such as "webshell/jsp-code".
func NewRules(language string) *Rules {
	r := &Rules{}
	for i, k := range kinds {
		r.all[i] = &finding.Rule{ID: "webshell/" + language + "-" + k.id, Title: k.title, TitleZH: k.titleZH, Techniques: k.techniques}
	}
	return r
}

// maxVerdicts is how many verdicts are kept of one file.
const maxVerdicts = 64

// File collects the verdicts about one file. It is for one goroutine.
type File struct {
	rules *Rules
	src   []byte
	seen  map[string]int
	// Verdicts are what was found so far.
	Verdicts []verdict.Verdict
}

// New starts collecting. Lines of the trace are shown from src.
func New(r *Rules, src []byte) *File {
	return &File{rules: r, src: src, seen: make(map[string]int)}
}

// Sink says that v reached a call that does harm.
func (f *File) Sink(h Harm, c finding.Confidence, line int, what string, v script.Value) {
	f.Add(h, c, line, f.trace(v.Origin(), line, what), "")
}

// Sign says that something was seen that is no flow.
func (f *File) Sign(h Harm, c finding.Confidence, line int, evidence string) {
	f.Add(h, c, line, nil, evidence)
}

// Add adds a verdict. Of several about one line the surest stays.
func (f *File) Add(h Harm, c finding.Confidence, line int, trace []finding.Step, evidence string) {
	key := fmt.Sprint(h, " ", line)
	v := verdict.Verdict{Rule: f.rules.all[h], Severity: kinds[h].severity, Confidence: c, Line: line, Trace: trace, Evidence: evidence}
	if c != finding.ConfidenceHigh && v.Severity == finding.Critical {
		v.Severity = finding.High
	}
	if i, ok := f.seen[key]; ok {
		if rank(c) > rank(f.Verdicts[i].Confidence) {
			f.Verdicts[i] = v
		}
		return
	}
	if len(f.Verdicts) < maxVerdicts {
		f.seen[key] = len(f.Verdicts)
		f.Verdicts = append(f.Verdicts, v)
	}
}

func rank(c finding.Confidence) int {
	switch c {
	case finding.ConfidenceHigh:
		return 3
	case finding.ConfidenceMedium:
		return 2
	}
	return 1
}

// Has says whether there is a verdict of a kind of at least a confidence.
func (f *File) Has(h Harm, c finding.Confidence) bool {
	for _, v := range f.Verdicts {
		if v.Rule == f.rules.all[h] && rank(v.Confidence) >= rank(c) {
			return true
		}
	}
	return false
}

// maxSteps is how many stations of a trace are shown.
const maxSteps = 12

// trace lists the way of a value, source first.
func (f *File) trace(o *script.Origin, line int, what string) []finding.Step {
	var rev []*script.Origin
	last := -1
	for ; o != nil && len(rev) < 200; o = o.Prev {
		if o.What == "" && o.Line == last && o.Prev != nil {
			continue
		}
		last = o.Line
		rev = append(rev, o)
	}
	var steps []finding.Step
	for i := len(rev) - 1; i >= 0; i-- {
		if len(steps) == maxSteps-1 && i > 0 {
			break
		}
		o := rev[i]
		name := o.What
		if name == "" {
			name = "passed on"
			if o.Line == line || len(steps) > 0 && steps[len(steps)-1].Line == o.Line {
				continue
			}
		}
		steps = append(steps, finding.Step{Line: o.Line, What: name, Code: f.line(o.Line, name)})
	}
	return append(steps, finding.Step{Line: line, What: what, Code: f.line(line, what)})
}

// line is the text of a line of the file. Of a long one it is the part around
// the name that what is about.
func (f *File) line(n int, what string) string {
	src := f.src
	for ; n > 1; n-- {
		i := bytes.IndexByte(src, '\n')
		if i < 0 {
			return ""
		}
		src = src[i+1:]
	}
	if i := bytes.IndexByte(src, '\n'); i >= 0 {
		src = src[:i]
	}
	src = bytes.TrimSpace(src)
	if len(src) > 100 {
		if i := bytes.Index(src, []byte(word(what))); i > 30 {
			src = src[i-30:]
		}
	}
	return verdict.Excerpt(src)
}

// word is the name in "request: getParameter("x")" or "new Socket".
func word(what string) string {
	if _, rest, ok := strings.Cut(what, ": "); ok {
		what = rest
	}
	what = strings.TrimPrefix(what, "new ")
	if i := strings.IndexAny(what, "( "); i > 0 {
		what = what[:i]
	}
	return what
}

// Quote makes constant text fit for evidence.
func Quote(s string) string {
	return `"` + strings.TrimSpace(verdict.Excerpt([]byte(s))) + `"`
}
