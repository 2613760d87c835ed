package asp

import "testing"

func TestUnscramble(t *testing.T) {
	got := unscramble("<%#@~^DgAAAA==\\ko$K6,JC\x7fV^GJqAQAAA==^#~@%>")
	if want := `<%MsgBox "Hello"%>`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
