package shell

import (
	"path"
)

// maxSigns bounds the signs of one text.
const maxSigns = 200

type seenKey struct {
	kind Kind
	line int
}

// judge is the state of reading one text.
type judge struct {
	r       *Reader
	left    *int
	signs   []Sign
	seen    map[seenKey]bool
	fetched map[string]place // what was downloaded, by base name
	checked bool             // a digest or signature is checked
	socket  bool             // exec opened a network connection
	fifo    bool             // mkfifo was called
}

// flow is what runs through a pipeline.
type flow struct {
	download, decoded bool
	from              place
}

// text judges a script. Scripts inside words (sh -c '...') come here again.
func (j *judge) text(text string, line, depth int) {
	if depth > maxDepth {
		return
	}
	j.list(newParser(text, line, j.left).list(0, 0), depth)
}

func (j *judge) list(list []pipeline, depth int) {
	for _, p := range list {
		j.pipeline(p, depth)
	}
}

// pipeline follows what its commands hand on.
func (j *judge) pipeline(p pipeline, depth int) flow {
	var f flow
	for i := range p {
		c := callOf(&p[i])
		code := p[i].text
		if i > 0 {
			code = head(p[0].text) + " | " + head(p[i].text)
		}
		a := asked{call: c, cmd: &p[i], code: code, in: f}
		inner := j.substitutions(a, depth)
		j.single(a)
		j.runs(a, inner, depth)
		if f = j.next(a, f); a.name == groupName {
			f = inner
		}
	}
	return f
}

// asked is one command with what flows into it.
type asked struct {
	call
	cmd  *simple
	code string
	in   flow
}

func (j *judge) add(a asked, k Kind, why string) {
	j.sign(Sign{Kind: k, Line: a.cmd.line, Code: Clean(a.code), Why: why})
}

func (j *judge) sign(s Sign) {
	key := seenKey{s.Kind, s.Line}
	if len(j.signs) < maxSigns && !j.seen[key] {
		j.seen[key] = true
		j.signs = append(j.signs, s)
	}
}

// substitutions judges what stands in $(...), `...` and <(...) of a command and
// returns what they write, together.
func (j *judge) substitutions(a asked, depth int) flow {
	var all flow
	for _, w := range a.cmd.words {
		for _, p := range w.subs {
			f := j.pipeline(p, depth+1)
			if f.download && !all.download {
				all.from = f.from
			}
			all.download, all.decoded = all.download || f.download, all.decoded || f.decoded
		}
	}
	return all
}

// runs looks at what a command executes: its input, a substitution, a file.
func (j *judge) runs(a asked, inner flow, depth int) {
	switch {
	case a.evaluates():
		j.ran(a, inner)
		if a.name == "eval" {
			j.text(joined(a.args), a.cmd.line, depth+1)
		}
	case a.interpreter() != "":
		j.interpreted(a, inner, depth)
	case a.name == "" && a.cmd.here != "": // buildah writes RUN <<EOF so
		j.text(a.cmd.here, a.cmd.line+1, depth+1)
	}
	file := a.script()
	if file == "" {
		return
	}
	if from, ok := j.fetched[path.Base(file)]; ok && path.Base(file) != "" {
		j.ran(a, flow{download: true, from: from})
	}
	switch {
	case temporary(file):
		j.add(a, RunTemporary, file)
	case hidden(file, a.name == "." || a.name == "source"):
		j.add(a, RunHidden, file)
	}
}

// ran notes that what f carries is executed.
func (j *judge) ran(a asked, f flow) {
	if f.download {
		j.sign(Sign{Kind: RunDownload, Line: a.cmd.line, Code: Clean(a.code), Why: f.from.host, URL: Clean(f.from.url), Trust: f.from.trust})
	}
	if f.decoded {
		j.add(a, RunDecoded, "decoded text")
	}
}

// interpreted looks at a call of a shell or another language.
func (j *judge) interpreted(a asked, inner flow, depth int) {
	code, inline := a.inline()
	lang := a.interpreter()
	switch {
	case inline && lang == "sh":
		if code == "" { // BuildKit: sh -c <<EOF
			code = a.cmd.here
		}
		j.ran(a, inner)
		j.text(code, a.cmd.line, depth+1)
	case inline:
		j.code(a, lang, code)
	case a.script() == "":
		j.ran(a, a.in)
		j.ran(a, inner)
		if a.cmd.here != "" && lang == "sh" {
			j.text(a.cmd.here, a.cmd.line+1, depth+1)
		} else if a.cmd.here != "" {
			j.code(a, lang, a.cmd.here)
		}
	case a.processFile():
		j.ran(a, inner)
	}
	if lang != "sh" {
		return
	}
	if a.cmd.device != "" {
		j.add(a, ReverseShell, a.cmd.device)
	} else if j.socket && !inline && a.script() == "" {
		j.add(a, ReverseShell, "/dev/tcp")
	}
}

// code judges the code of another language by the words in it.
func (j *judge) code(a asked, lang, code string) {
	for _, f := range Code(lang, code) {
		f.Line, f.Code = a.cmd.line+max(f.Line-1, 0), Clean(a.code)
		j.sign(f)
	}
}

// next is what the command writes to its standard output, given its input.
func (j *judge) next(a asked, f flow) flow {
	switch {
	case a.downloads():
		from := j.r.place(a.url())
		file, keeps := a.output()
		if a.cmd.out != "" {
			file, keeps = a.cmd.out, true
		}
		if keeps {
			j.fetched[path.Base(file)] = from
			return flow{}
		}
		return flow{download: true, from: from}
	case a.decodes():
		f.decoded = !f.download
	case a.encoded():
		f.decoded = true
	case a.consumes():
		return flow{}
	}
	if a.cmd.out != "" && f.download {
		j.fetched[path.Base(a.cmd.out)] = f.from
		return flow{}
	}
	return f
}
