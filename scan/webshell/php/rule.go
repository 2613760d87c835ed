package php

import (
	"fmt"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// rules are what the analyzer can say about a file.
var (
	ruleCode = &finding.Rule{ID: "webshell/php-code-from-request", Title: "PHP runs code or calls functions that a request brings",
		TitleZH: "PHP 执行请求中携带的代码或函数", Techniques: []string{"T1505.003", "T1059"}}
	ruleCommand = &finding.Rule{ID: "webshell/php-command-from-request", Title: "PHP runs commands that a request brings",
		TitleZH: "PHP 执行请求中携带的系统命令", Techniques: []string{"T1505.003", "T1059.004"}}
	ruleInclude = &finding.Rule{ID: "webshell/php-include-from-request", Title: "PHP includes a file or stream that a request names",
		TitleZH: "PHP 包含请求指定的文件或数据流", Techniques: []string{"T1505.003"}}
	ruleRemote = &finding.Rule{ID: "webshell/php-code-from-network", Title: "PHP runs code that it fetches from another machine",
		TitleZH: "PHP 执行从远程主机获取的代码", Techniques: []string{"T1505.003", "T1105"}}
	ruleWrite = &finding.Rule{ID: "webshell/php-write-from-request", Title: "PHP writes files whose name and content a request brings",
		TitleZH: "PHP 写入由请求指定名称和内容的文件", Techniques: []string{"T1505.003", "T1105"}}
	ruleHidden = &finding.Rule{ID: "webshell/php-hidden-call", Title: "PHP hides the name of the function that runs code or commands",
		TitleZH: "PHP 隐藏执行代码或命令的函数名", Techniques: []string{"T1505.003", "T1027"}}
	rulePacked = &finding.Rule{ID: "webshell/php-packed-code", Title: "PHP unpacks code out of texts and runs it",
		TitleZH: "PHP 解码并执行文本中打包的代码", Techniques: []string{"T1505.003", "T1027.002"}}
	ruleDropper = &finding.Rule{ID: "webshell/php-dropper", Title: "PHP writes a WebShell into another file",
		TitleZH: "PHP 向其他文件写入 WebShell", Techniques: []string{"T1505.003", "T1105"}}
	rulePanel = &finding.Rule{ID: "webshell/php-file-manager", Title: "A lone PHP file lets a request manage the files of the server",
		TitleZH: "单个 PHP 文件允许请求管理服务器文件", Techniques: []string{"T1505.003", "T1083"}}
	ruleFamily = &finding.Rule{ID: "webshell/php-family", Title: "PHP has the marks of a known WebShell",
		TitleZH: "PHP 具有已知 WebShell 的特征", Techniques: []string{"T1505.003"}}
	ruleReverse = &finding.Rule{ID: "webshell/php-reverse-shell", Title: "PHP connects a shell to another machine",
		TitleZH: "PHP 向远程主机反弹 shell", Techniques: []string{"T1505.003", "T1059.004"}}
	rulePolyglot = &finding.Rule{ID: "webshell/php-in-image", Title: "PHP code that reads requests is inside a file of another type",
		TitleZH: "其他类型的文件中含有处理请求的 PHP 代码", Techniques: []string{"T1505.003", "T1036.008"}}
	ruleTunnel = &finding.Rule{ID: "webshell/php-tunnel", Title: "PHP passes a request's data to an address that the request names",
		TitleZH: "PHP 将请求数据转发到请求指定的地址", Techniques: []string{"T1505.003", "T1090"}}
)

// maxVerdicts is how many are kept of one file.
const maxVerdicts = 64

// report adds a verdict with the flow to it and its own place as the last step.
func (m *machine) report(r *finding.Rule, c finding.Confidence, n *node, f *flow, what, evidence string) {
	k := seenKey{r.ID + string(c), m.unit, n.pos}
	if m.seen[k] || len(m.verdicts) >= maxVerdicts {
		return
	}
	m.seen[k] = true
	sev := finding.Critical
	switch {
	case c == finding.ConfidenceLow:
		sev = finding.Medium
	case r == ruleWrite || r == rulePanel || r == rulePacked || r == ruleHidden || r == rulePolyglot || r == ruleTunnel:
		sev = finding.High
	}
	step := m.unit.step(n.pos, n.end, what)
	if m.unit.layer > 0 {
		step.What += fmt.Sprintf(" (in code decoded %d times)", m.unit.layer)
	}
	m.verdicts = append(m.verdicts, verdict.Verdict{
		Rule: r, Severity: sev, Confidence: c, Line: step.Line, Trace: append(f.trace(), step), Evidence: evidence,
	})
}

// code judges a text that is run as code, or an included file's name.
func (m *machine) code(what string, v value, n *node) {
	f := v.taint()
	if f == nil {
		return
	}
	c := finding.ConfidenceHigh
	if f.weak {
		c = finding.ConfidenceMedium
		if !m.traits.alone {
			c = finding.ConfidenceLow
		}
	}
	switch f.from {
	case fromRequest:
		m.report(ruleCode, c, n, f, what, "")
	case fromRemote:
		m.report(ruleRemote, c, n, f, what, "")
	case fromUnset:
		m.report(ruleCode, m.ifAlone(), n, f, what, "the variable is set by the request where register_globals is on")
	case fromBlob:
		m.report(rulePacked, finding.ConfidenceMedium, n, f, what, "the code could not be unpacked")
	}
}

func (m *machine) ifAlone() finding.Confidence {
	if m.traits.alone {
		return finding.ConfidenceMedium
	}
	return finding.ConfidenceLow
}

// command judges a text that is run as a command.
func (m *machine) command(what string, v value, n *node) {
	f := v.taint()
	if f == nil || v.escaped && !freeCommand(v.s) {
		return
	}
	c := finding.ConfidenceHigh
	switch {
	case v.escaped:
		c = m.ifAlone()
	case f.from == fromBlob:
		return
	case f.weak && !m.traits.alone:
		c = finding.ConfidenceLow
	case f.weak || f.from == fromRemote || f.from == fromUnset:
		c = m.ifAlone()
	case v.k == vUnknown && !freeCommand(v.s):
		c = m.ifAlone()
	}
	m.report(ruleCommand, c, n, f, what, "")
}

// freeCommand says whether what follows the beginning of a command line can be
// any command: nothing stands before it, or a shell does.
func freeCommand(begin string) bool {
	return begin == "" || shellPrefix.MatchString(begin)
}
