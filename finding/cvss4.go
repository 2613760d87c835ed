package finding

import (
	"math"
	"strings"
)

var cvss4Metrics = map[string]cvssMetric{
	"AV": {"N A L P", true}, "AC": {"L H", true}, "AT": {"N P", true}, "PR": {"N L H", true}, "UI": {"N P A", true},
	"VC": {"H L N", true}, "VI": {"H L N", true}, "VA": {"H L N", true},
	"SC": {"H L N", true}, "SI": {"H L N", true}, "SA": {"H L N", true},
	"E":  {"X A P U", false},
	"CR": {"X H M L", false}, "IR": {"X H M L", false}, "AR": {"X H M L", false},
	"MAV": {"X N A L P", false}, "MAC": {"X L H", false}, "MAT": {"X N P", false},
	"MPR": {"X N L H", false}, "MUI": {"X N P A", false},
	"MVC": {"X H L N", false}, "MVI": {"X H L N", false}, "MVA": {"X H L N", false},
	"MSC": {"X H L N", false}, "MSI": {"X S H L N", false}, "MSA": {"X S H L N", false},
	"S": {"X N P", false}, "AU": {"X N Y", false}, "R": {"X A U I", false}, "V": {"X D C", false},
	"RE": {"X L M H", false}, "U": {"X Clear Green Amber Red", false},
}

// cvss4Levels orders the values of a metric from the worst on. SC, SI and SA
// share one scale, on which only SI and SA can reach S, "safety".
var cvss4Levels = map[string]string{
	"AV": "NALP", "PR": "NLH", "UI": "NPA", "AC": "LH", "AT": "NP",
	"VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "SHLN", "SI": "SHLN", "SA": "SHLN",
	"CR": "HML", "IR": "HML", "AR": "HML",
}

// cvss4Group is one set of metrics that together make one or two digits of the
// macro vector. Source: CVSS v4.0 specification, section 8.2 and tables 24-30.
type cvss4Group struct {
	metrics []string
	// worst lists for each level the worst combinations of values in it, in
	// the order of metrics.
	worst [][]string
	// depth is for each level the number of steps down to its mildest
	// combination, and one.
	depth []float64
}

var cvss4Groups = [...]cvss4Group{
	{[]string{"AV", "PR", "UI"}, [][]string{{"NNN"}, {"ANN", "NLN", "NNP"}, {"PNN", "ALP"}}, []float64{1, 4, 5}},
	{[]string{"AC", "AT"}, [][]string{{"LN"}, {"HN", "LP"}}, []float64{1, 2}},
	// EQ3 and EQ6 depend on each other: levels are 00, 01, 10, 11, 21.
	{[]string{"VC", "VI", "VA", "CR", "IR", "AR"}, [][]string{
		{"HHHHHH"}, {"HHLMMH", "HHHMMM"}, {"LHHHHH", "HLHHHH"},
		{"LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"}, {"LLLHHH"},
	}, []float64{7, 6, 8, 8, 10}},
	{[]string{"SC", "SI", "SA"}, [][]string{{"HSS"}, {"HHH"}, {"LLL"}}, []float64{6, 5, 4}},
}

// cvss4Scores are the scores of the worst vector of each macro vector, times
// ten: rows by EQ1, EQ2 and EQ3+EQ6, columns by EQ4 and EQ5.
// Source: CVSS v4.0 specification, section 8.3; the values are those of the
// reference calculator's lookup table.
var cvss4Scores = [30][9]float64{
	{100, 98, 95, 100, 93, 91, 93, 89, 81}, {99, 95, 92, 96, 87, 81, 90, 80, 68},
	{98, 95, 90, 93, 89, 81, 88, 78, 69}, {95, 92, 84, 92, 81, 65, 80, 70, 48},
	{92, 82, 72, 79, 69, 50, 69, 55, 27}, {99, 95, 92, 95, 90, 84, 92, 82, 72},
	{97, 92, 85, 91, 83, 71, 81, 71, 53}, {95, 92, 85, 92, 80, 70, 84, 71, 50},
	{93, 85, 73, 82, 72, 59, 70, 52, 30}, {86, 75, 52, 71, 52, 29, 63, 29, 17},
	{98, 94, 91, 94, 86, 77, 87, 74, 63}, {95, 87, 81, 89, 74, 64, 75, 63, 49},
	{94, 88, 76, 86, 74, 59, 72, 57, 52}, {89, 77, 67, 76, 58, 50, 57, 52, 25},
	{83, 70, 54, 65, 58, 26, 53, 21, 13}, {95, 88, 76, 90, 75, 61, 77, 68, 52},
	{90, 76, 70, 77, 62, 53, 66, 59, 30}, {89, 76, 62, 74, 57, 47, 61, 57, 24},
	{78, 67, 58, 59, 57, 23, 52, 29, 16}, {71, 59, 30, 58, 26, 15, 23, 13, 6},
	{93, 86, 75, 86, 74, 56, 70, 52, 40}, {87, 72, 58, 74, 61, 34, 54, 40, 22},
	{85, 74, 62, 72, 55, 46, 53, 34, 19}, {75, 55, 51, 57, 41, 19, 36, 19, 8},
	{64, 51, 20, 47, 21, 11, 24, 9, 4}, {88, 73, 60, 73, 59, 41, 54, 45, 20},
	{75, 53, 50, 55, 40, 20, 43, 22, 11}, {75, 58, 40, 61, 48, 20, 46, 17, 8},
	{55, 45, 21, 51, 18, 9, 18, 7, 2}, {53, 24, 14, 24, 12, 5, 10, 3, 1},
}

// macroVector holds the levels of EQ1, EQ2, EQ3+EQ6, EQ4 and EQ5.
type macroVector [5]int

// score is ten times the score of the worst vector, and whether there is such
// a macro vector.
func (v macroVector) score() (float64, bool) {
	for i, levels := range [...]int{3, 2, 5, 3, 3} {
		if v[i] >= levels {
			return 0, false
		}
	}
	return cvss4Scores[(v[0]*2+v[1])*5+v[2]][v[3]*3+v[4]], true
}

// milder is the score of the next macro vector down in group g.
func (v macroVector) milder(g int) (float64, bool) {
	if g != 2 {
		v[g]++
		return v.score()
	}
	switch v[2] {
	case 0: // 00 goes down to both 01 and 10: the worse of them counts
		left, right := v, v
		left[2], right[2] = 1, 2
		a, _ := left.score()
		b, _ := right.score()
		return max(a, b), true
	case 1, 2: // to 11
		v[2] = 3
	default: // 11 to 21, and 21 to nothing
		v[2]++
	}
	return v.score()
}

// cvss4 scores a vector by interpolating between the worst vectors of its macro
// vector and the next milder ones.
// Source: CVSS v4.0 specification, section 8.2.
func cvss4(m vectorMetrics) float64 {
	m = effective(m)
	if strings.Trim(m["VC"]+m["VI"]+m["VA"]+m["SC"]+m["SI"]+m["SA"], "N") == "" {
		return 0
	}
	v := macro(m)
	score, _ := v.score()
	sum, lower := 0.0, 0.0
	for g := range v {
		milder, ok := v.milder(g)
		if !ok {
			continue
		}
		lower++
		if g < len(cvss4Groups) {
			group := &cvss4Groups[g]
			sum += (score - milder) * group.distance(m, v[g]) / group.depth[v[g]]
		}
	}
	if lower > 0 {
		score -= sum / lower
	}
	return math.Round(max(score, 0)+1e-9) / 10
}

// distance is the number of steps from the worst combination of the level that
// m doesn't exceed in any metric.
func (g *cvss4Group) distance(m vectorMetrics, level int) float64 {
candidates:
	for _, worst := range g.worst[level] {
		steps := 0
		for i, name := range g.metrics {
			levels := cvss4Levels[name]
			d := strings.Index(levels, m[name]) - strings.IndexByte(levels, worst[i])
			if d < 0 {
				continue candidates
			}
			steps += d
		}
		return float64(steps)
	}
	return 0
}

// effective puts modified metrics in the place of base metrics, and the worst
// value for what is not defined.
func effective(m vectorMetrics) vectorMetrics {
	out := make(vectorMetrics, len(cvss4Levels)+1)
	for name := range cvss4Levels {
		out[name] = m[name]
		if v := m["M"+name]; v != "" && v != "X" {
			out[name] = v
		}
	}
	for name, worst := range map[string]string{"E": "A", "CR": "H", "IR": "H", "AR": "H"} {
		if out[name] = m[name]; out[name] == "" || out[name] == "X" {
			out[name] = worst
		}
	}
	return out
}

func macro(m vectorMetrics) (v macroVector) {
	level := func(conditions ...bool) int {
		for i, c := range conditions {
			if c {
				return i
			}
		}
		return len(conditions)
	}
	open := [...]bool{m["AV"] == "N", m["PR"] == "N", m["UI"] == "N"}
	v[0] = level(open[0] && open[1] && open[2], (open[0] || open[1] || open[2]) && m["AV"] != "P")
	v[1] = level(m["AC"] == "L" && m["AT"] == "N")
	c, i, a := m["VC"] == "H", m["VI"] == "H", m["VA"] == "H"
	eq3 := level(c && i, c || i || a)
	eq6 := level(c && m["CR"] == "H" || i && m["IR"] == "H" || a && m["AR"] == "H")
	v[2] = min(2*eq3+eq6, 4)
	v[3] = level(m["SI"] == "S" || m["SA"] == "S", m["SC"] == "H" || m["SI"] == "H" || m["SA"] == "H")
	v[4] = strings.Index("APU", m["E"])
	return v
}
