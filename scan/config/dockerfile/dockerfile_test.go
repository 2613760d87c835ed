package dockerfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	text := "# escape=`\nARG V=\"1 2\"\nFROM --platform=linux/amd64 a:$V AS b\nRUN one `\n\n  # comment\n  two\nENV A=1 B=\"x y\"\nENV C old style\n" +
		"RUN <<EOF\nset -e\necho\nEOF\nCOPY <<-X /f\n\tbody\n\tX\nCMD [\"a\", \"b\"]\nONBUILD RUN x\nfrom scratch\nHEALTHCHECK --interval=5s CMD curl x\nSTRANGE thing"
	f, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Stage{
		{"args", []Command{{Cmd: "arg", Value: []string{`V="1 2"`}, Original: `ARG V="1 2"`, StartLine: 2, EndLine: 2}}},
		{"--platform=linux/amd64 a:$V AS b", []Command{
			{Cmd: "from", Flags: []string{"--platform=linux/amd64"}, Value: []string{"a:$V", "AS", "b"}, Original: "FROM --platform=linux/amd64 a:$V AS b", StartLine: 3, EndLine: 3},
			{Cmd: "run", Value: []string{"one   two"}, Original: "RUN one   two", StartLine: 4, EndLine: 7},
			{Cmd: "env", Value: []string{"A", "1", "=", "B", `"x y"`, "="}, Original: `ENV A=1 B="x y"`, StartLine: 8, EndLine: 8},
			{Cmd: "env", Value: []string{"C", "old style", ""}, Original: "ENV C old style", StartLine: 9, EndLine: 9},
			{Cmd: "run", Value: []string{"set -e ; echo"}, Original: "RUN <<EOF\nset -e\necho\nEOF", StartLine: 10, EndLine: 13},
			{Cmd: "copy", Value: []string{"<<-X", "/f"}, Original: "COPY <<-X /f\nbody\nX", StartLine: 14, EndLine: 16},
			{Cmd: "cmd", Value: []string{"a", "b"}, Original: `CMD ["a", "b"]`, JSON: true, StartLine: 17, EndLine: 17},
			{Cmd: "onbuild", SubCmd: "run", Value: []string{"x"}, Original: "ONBUILD RUN x", StartLine: 18, EndLine: 18},
		}},
		{"from scratch", []Command{
			{Cmd: "from", Value: []string{"scratch"}, Original: "from scratch", Stage: 1, StartLine: 19, EndLine: 19},
			{Cmd: "healthcheck", Flags: []string{"--interval=5s"}, Value: []string{"CMD", "curl x"}, Original: "HEALTHCHECK --interval=5s CMD curl x", Stage: 1, StartLine: 20, EndLine: 20},
			{Cmd: "strange", Value: []string{"thing"}, Original: "STRANGE thing", Stage: 1, StartLine: 21, EndLine: 21},
		}},
	}
	if diff := cmp.Diff(want, f.Stages); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("FROM a\nRUN <<A <<B\nx\nA\nB\n")
	f.Add("# escape=`\nFROM a `\n# c\n b")
	f.Add("ONBUILD ONBUILD ONBUILD RUN x")
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := Parse([]byte(text))
		if file == nil {
			return
		}
		last := 0
		for _, s := range file.Stages {
			for _, c := range s.Commands {
				if c.StartLine <= last || c.EndLine < c.StartLine {
					t.Fatalf("lines %d-%d come behind %d", c.StartLine, c.EndLine, last)
				}
				last = c.EndLine
			}
		}
	})
}
