package yara

import "math"

func mathModule() *module {
	m := functions(map[string][]call{
		"in_range":           {{"fff", typBool, func(_ *evaluation, a []value) value { return boolValue(a[0].f >= a[1].f && a[0].f <= a[2].f) }}},
		"mean":               overBytes("", typFloat, func(b []byte, _ []value) value { return ratio(sum(b), len(b)) }),
		"deviation":          overBytes("f", typFloat, deviation),
		"entropy":            overBytes("", typFloat, entropy),
		"serial_correlation": overBytes("", typFloat, serialCorrelation),
		"monte_carlo_pi":     overBytes("", typFloat, monteCarloPi),
		"min": {{"ii", typInt, func(_ *evaluation, a []value) value {
			if uint64(a[0].i) < uint64(a[1].i) {
				return a[0]
			}
			return a[1]
		}}},
		"max": {{"ii", typInt, func(_ *evaluation, a []value) value {
			if uint64(a[0].i) > uint64(a[1].i) {
				return a[0]
			}
			return a[1]
		}}},
		"abs":       {{"i", typInt, func(_ *evaluation, a []value) value { return intValue(max(a[0].i, -a[0].i)) }}},
		"to_number": {{"b", typInt, func(_ *evaluation, a []value) value { return a[0] }}},
		"count": wholeOrPart("i", typInt, func(h *[256]int, _ int, a []value) value {
			return intValue(int64(h[byte(a[0].i)]))
		}),
		"percentage": wholeOrPart("i", typFloat, func(h *[256]int, n int, a []value) value {
			// Single precision, as in YARA.
			return floatValue(float64(float32(h[byte(a[0].i)]) / float32(n)))
		}),
		"mode": wholeOrPart("", typInt, func(h *[256]int, _ int, _ []value) value {
			best := 0
			for c, n := range h {
				if n > h[best] {
					best = c
				}
			}
			return intValue(int64(best))
		}),
	})
	m.fields["MEAN_BYTES"] = &decl{typ: typFloat}
	known := constants{"MEAN_BYTES": floatValue(127.5)}
	return &module{decl: m, load: func(*evaluation) value { return object(known) }}
}

// wholeOrPart makes the two signatures of a function of how often bytes occur: in
// the whole text and, with offset and size, in a part.
func wholeOrPart(params string, ret typ, f func(h *[256]int, n int, a []value) value) []call {
	over := func(c *evaluation, offset, size value, a []value) value {
		b, ok := c.section(offset, size)
		if !ok {
			return value{}
		}
		h := histogram(b)
		return f(&h, len(b), a)
	}
	return []call{
		{params, ret, func(c *evaluation, a []value) value {
			return over(c, intValue(0), intValue(int64(len(c.data))), a)
		}},
		{params + "ii", ret, func(c *evaluation, a []value) value {
			n := len(params)
			return over(c, a[n], a[n+1], a[:n])
		}},
	}
}

func histogram(b []byte) (h [256]int) {
	for _, c := range b {
		h[c]++
	}
	return h
}

func sum(b []byte) float64 {
	total := 0.0
	for _, c := range b {
		total += float64(c)
	}
	return total
}

func ratio(a float64, n int) value {
	if n == 0 {
		return value{}
	}
	return floatValue(a / float64(n))
}

func deviation(b []byte, a []value) value {
	total := 0.0
	for _, c := range b {
		total += math.Abs(float64(c) - a[0].f)
	}
	return ratio(total, len(b))
}

func entropy(b []byte, _ []value) value {
	e := 0.0
	for _, n := range histogram(b) {
		if n > 0 {
			x := float64(n) / float64(len(b))
			e -= x * math.Log2(x)
		}
	}
	return floatValue(e)
}

// serialCorrelation is that of the program ent, with YARA's last term.
func serialCorrelation(b []byte, _ []value) value {
	var last, x, t1, t2, t3 float64
	for _, c := range b {
		x = float64(c)
		t1 += last * x
		t2 += x
		t3 += x * x
		last = x
	}
	t1 += last * x
	t2 *= t2
	n := float64(len(b))
	d := n*t3 - t2
	if d == 0 {
		return floatValue(-100000)
	}
	return floatValue((n*t1 - t2) / d)
}

// monteCarloPi is how far from pi points made of six bytes each put it.
func monteCarloPi(b []byte, _ []value) value {
	const radius = 1<<24 - 1
	inside, points := 0, 0
	for ; len(b) >= 6; b = b[6:] {
		x := float64(int(b[0])<<16 | int(b[1])<<8 | int(b[2]))
		y := float64(int(b[3])<<16 | int(b[4])<<8 | int(b[5]))
		points++
		if x*x+y*y <= radius*radius {
			inside++
		}
	}
	if points == 0 {
		return value{}
	}
	pi := 4 * float64(inside) / float64(points)
	return floatValue(math.Abs((pi - math.Pi) / math.Pi))
}
