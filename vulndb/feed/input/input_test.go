package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed"
)

func document(body io.Reader) feed.Document { return feed.Document{Name: "doc", Body: body} }

// endless is n times c.
type endless struct {
	c byte
	n int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.n)
	for i := range p[:n] {
		p[i] = e.c
	}
	e.n -= n
	return int(n), nil
}

func TestRecordsBeyondTheLimit(t *testing.T) {
	huge := func(prefix string) feed.Document {
		return document(io.MultiReader(strings.NewReader(prefix), &endless{'a', MaxRecord + 100}))
	}
	var v any
	stream := NewStream(huge(`{"key":"`))
	for name, err := range map[string]error{
		"json":   JSON(huge(`"`), &v),
		"stream": stream.Object(func(string) error { return stream.Decode(&v) }),
		"line":   Lines(context.Background(), huge(""), func([]byte) error { return nil }),
	} {
		if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "doc") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestStream(t *testing.T) {
	var got []string
	s := NewStream(document(strings.NewReader(`{"a":{"b":1,"skip":{"x":[]}},"list":[1,2],"none":null}`)))
	err := s.Object(func(key string) error {
		switch key {
		case "list":
			return s.Array(func() error {
				var n int
				err := s.Decode(&n)
				got = append(got, fmt.Sprint(n))
				return err
			})
		case "a", "none":
			return s.Object(func(inner string) error {
				got = append(got, key+"."+inner)
				return s.Skip()
			})
		}
		return errors.New("unexpected " + key)
	})
	if err == nil {
		err = s.End()
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.b", "a.skip", "1", "2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStreamErrors(t *testing.T) {
	for body, want := range map[string]string{
		`[1]`:       "expected {, found [",
		`{"a":1`:    "byte 6: unexpected EOF",
		`{"a":1} 2`: "after the end",
		``:          "byte 0: unexpected EOF",
	} {
		s := NewStream(document(strings.NewReader(body)))
		err := s.Object(func(string) error { return s.Skip() })
		if err == nil {
			err = s.End()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestList(t *testing.T) {
	for body, want := range map[string]List[string]{
		`["a","b"]`: {"a", "b"}, `"a"`: {"a"}, `null`: nil, `""`: nil,
	} {
		var got List[string]
		if err := JSON(document(strings.NewReader(body)), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestTime(t *testing.T) {
	want := time.Date(2016, 5, 5, 1, 59, 0, 0, time.UTC)
	for _, s := range []string{"2016-05-05 01:59:00 UTC", "2016-05-05T01:59:00", "2016-05-05 01:59", "2016-05-05T03:59:00+02:00"} {
		if got := Time(s); !got.Equal(want) {
			t.Errorf("%s is %v", s, got)
		}
	}
	if got := Time("soon"); !got.IsZero() || Unix("soon") != 0 {
		t.Errorf("soon is %v", got)
	}
}

func TestCVEs(t *testing.T) {
	got := CVEs("CVE-2020-0001, xCVE-2020-12345-CVE-2020-0001 CVE-20-1 CVE-2020-")
	if diff := cmp.Diff([]string{"CVE-2020-0001", "CVE-2020-12345"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
