package php

import "testing"

func FuzzAnalyze(f *testing.F) {
	for _, src := range samples() {
		f.Add([]byte(src))
	}
	f.Add([]byte("<?php __halt_compiler();x"))
	f.Add([]byte("<?php <<<A\n{$a[1]}\nA; class{ function"))
	a := New()
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		for _, name := range []string{"x.php", "x.jpg"} {
			vs, _ := a.Analyze(t.Context(), name, src)
			for _, v := range vs {
				if v.Rule == nil || v.Confidence == "" {
					t.Errorf("verdict without rule or confidence: %+v", v)
				}
			}
		}
	})
}

func FuzzLex(f *testing.F) {
	f.Add("<?php $a = \"x{$b[1]}\"; /* */ # x\n ?> y <?= 1.5e3 ?>")
	f.Fuzz(func(t *testing.T, src string) {
		l, _ := lex(src, false)
		end := int32(0)
		for _, tok := range l.toks {
			if tok.pos < end || tok.end < tok.pos || int(tok.end) > len(src) {
				t.Fatalf("token %+v behind %d", tok, end)
			}
			end = tok.pos
		}
	})
}
