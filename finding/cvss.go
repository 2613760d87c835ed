package finding

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrCVSS is the cause of errors about a string that is no CVSS vector.
var ErrCVSS = errors.New("not a CVSS vector")

// CVSSScore computes the score of a CVSS vector of version 2.0, 3.0, 3.1 or
// 4.0. For versions 2 and 3 it is the base score; for version 4 threat,
// environmental and supplemental metrics count as that specification says.
//
// Source: the specifications at https://www.first.org/cvss.
func CVSSScore(vector string) (float64, error) {
	score := cvss2
	metrics, allowed := vector, cvss2Metrics
	if rest, ok := strings.CutPrefix(vector, "CVSS:"); ok {
		version, rest, _ := strings.Cut(rest, "/")
		metrics = rest
		switch version {
		case "3.0":
			score, allowed = cvss30, cvss3Metrics
		case "3.1":
			score, allowed = cvss31, cvss3Metrics
		case "4.0":
			score, allowed = cvss4, cvss4Metrics
		default:
			return 0, fmt.Errorf("score %q: %w", clipVector(vector), ErrCVSS)
		}
	}
	m, err := parseVector(metrics, allowed)
	if err != nil {
		return 0, fmt.Errorf("score %q: %w", clipVector(vector), err)
	}
	return score(m), nil
}

func clipVector(s string) string { return s[:min(len(s), 160)] }

// vectorMetrics are the values of a vector by metric. A metric that the vector
// leaves out has the value "".
type vectorMetrics map[string]string

// cvssMetric is one metric of a version: its values, separated by spaces, and
// whether a vector must have it.
type cvssMetric struct {
	values   string
	required bool
}

// parseVector reads "AV:N/AC:L/...". It refuses unknown metrics and values,
// repeated metrics, and a vector without all base metrics.
func parseVector(s string, allowed map[string]cvssMetric) (vectorMetrics, error) {
	s = strings.TrimSuffix(strings.Trim(s, "()"), "/")
	m := make(vectorMetrics, len(allowed))
	for part := range strings.SplitSeq(s, "/") {
		name, value, _ := strings.Cut(part, ":")
		metric, known := allowed[name]
		_, repeated := m[name]
		if !known || repeated || !hasWord(metric.values, value) {
			return nil, ErrCVSS
		}
		m[name] = value
	}
	for name, metric := range allowed {
		if _, ok := m[name]; metric.required && !ok {
			return nil, ErrCVSS
		}
	}
	return m, nil
}

func hasWord(words, word string) bool {
	for w := range strings.SplitSeq(words, " ") {
		if w == word {
			return true
		}
	}
	return false
}

var cvss2Metrics = map[string]cvssMetric{
	"AV": {"L A N", true}, "AC": {"H M L", true}, "Au": {"M S N", true},
	"C": {"N P C", true}, "I": {"N P C", true}, "A": {"N P C", true},
	"E": {"U POC F H ND", false}, "RL": {"OF TF W U ND", false}, "RC": {"UC UR C ND", false},
	"CDP": {"N L LM MH H ND", false}, "TD": {"N L M H ND", false},
	"CR": {"L M H ND", false}, "IR": {"L M H ND", false}, "AR": {"L M H ND", false},
}

// cvss2 is the base score of version 2.
// Source: A Complete Guide to CVSS Version 2.0, section 3.2.1.
func cvss2(m vectorMetrics) float64 {
	weight := map[string]float64{"N": 0, "P": 0.275, "C": 0.660}
	impact := 10.41 * (1 - (1-weight[m["C"]])*(1-weight[m["I"]])*(1-weight[m["A"]]))
	exploitability := 20 *
		map[string]float64{"L": 0.395, "A": 0.646, "N": 1}[m["AV"]] *
		map[string]float64{"H": 0.35, "M": 0.61, "L": 0.71}[m["AC"]] *
		map[string]float64{"M": 0.45, "S": 0.56, "N": 0.704}[m["Au"]]
	f := 1.176
	if impact == 0 {
		f = 0
	}
	return math.Round((0.6*impact+0.4*exploitability-1.5)*f*10) / 10
}

var cvss3Metrics = map[string]cvssMetric{
	"AV": {"N A L P", true}, "AC": {"L H", true}, "PR": {"N L H", true}, "UI": {"N R", true}, "S": {"U C", true},
	"C": {"H L N", true}, "I": {"H L N", true}, "A": {"H L N", true},
	"E": {"X U P F H", false}, "RL": {"X O T W U", false}, "RC": {"X U R C", false},
	"CR": {"X L M H", false}, "IR": {"X L M H", false}, "AR": {"X L M H", false},
	"MAV": {"X N A L P", false}, "MAC": {"X L H", false}, "MPR": {"X N L H", false}, "MUI": {"X N R", false},
	"MS": {"X U C", false}, "MC": {"X H L N", false}, "MI": {"X H L N", false}, "MA": {"X H L N", false},
}

// cvss30 and cvss31 are the base scores of version 3; they differ in rounding
// up. Source: CVSS v3.1 specification, section 7.1 and appendix A.
func cvss30(m vectorMetrics) float64 {
	return math.Ceil(cvss3(m)*10) / 10
}

func cvss31(m vectorMetrics) float64 {
	scaled := int(math.Round(cvss3(m) * 100_000))
	if scaled%10_000 == 0 {
		return float64(scaled) / 100_000
	}
	return float64(scaled/10_000+1) / 10
}

func cvss3(m vectorMetrics) float64 {
	weight := map[string]float64{"H": 0.56, "L": 0.22, "N": 0}
	privileges := map[string]float64{"N": 0.85, "L": 0.62, "H": 0.27}
	iss := 1 - (1-weight[m["C"]])*(1-weight[m["I"]])*(1-weight[m["A"]])
	changed := m["S"] == "C"
	impact := 6.42 * iss
	if changed {
		impact = 7.52*(iss-0.029) - 3.25*math.Pow(iss-0.02, 15)
		privileges["L"], privileges["H"] = 0.68, 0.5
	}
	if impact <= 0 {
		return 0
	}
	exploitability := 8.22 *
		map[string]float64{"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2}[m["AV"]] *
		map[string]float64{"L": 0.77, "H": 0.44}[m["AC"]] *
		privileges[m["PR"]] *
		map[string]float64{"N": 0.85, "R": 0.62}[m["UI"]]
	if changed {
		return min(1.08*(impact+exploitability), 10)
	}
	return min(impact+exploitability, 10)
}
