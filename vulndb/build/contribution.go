package build

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// What is kept of a description, in bytes and items. A vulnerability merged
// from several sources keeps as many references as one.
const (
	maxTitle       = 240
	maxDescription = 2048
	maxReferences  = 10
	maxReference   = 300
	maxSeverities  = 8
	maxCWEs        = 8
	maxAction      = 400
)

// contribution is what one source says about one vulnerability. In the log
// strings that the file will hold in its table stand as numbers.
type contribution struct {
	vulndb.Vulnerability
	carried bool

	// after reading it back
	source   uint32 // number in Builder.originOf
	vectors  []layout.Ref
	origins  []uint32 // of the severities
	cwes     []uint32
	artifact int
}

// newContribution trims v.
func newContribution(v *vulndb.Vulnerability, carried bool) contribution {
	c := contribution{Vulnerability: *v, carried: carried}
	c.Title = cutText(strings.Join(strings.Fields(v.Title), " "), maxTitle)
	c.Description = cutText(strings.TrimSpace(strings.ToValidUTF8(v.Description, "\uFFFD")), maxDescription)
	c.References = nil
	for _, r := range v.References {
		if len(r) <= maxReference && r != "" && len(c.References) < maxReferences {
			c.References = append(c.References, r)
		}
	}
	if len(v.Severities) > maxSeverities {
		c.Severities = v.Severities[:maxSeverities]
	}
	for _, cwe := range v.CWEs {
		n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(cwe), "CWE-"), 10, 32)
		if err == nil && len(c.cwes) < maxCWEs {
			c.cwes = append(c.cwes, uint32(n))
		}
	}
	return c
}

// cutText shortens a text at the end of a sentence, or else of a word, so that
// it has at most limit bytes.
func cutText(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const mark = " ..."
	cut := s[:limit-len(mark)]
	for len(cut) > 0 && !utf8.ValidString(cut[max(0, len(cut)-utf8.UTFMax):]) {
		cut = cut[:len(cut)-1]
	}
	if i := strings.LastIndexAny(cut, ".\n"); i > limit/2 {
		cut = cut[:i+1]
	} else if i := strings.LastIndexByte(cut, ' '); i > limit/2 {
		cut = cut[:i]
	}
	return strings.TrimSpace(cut) + mark
}

const (
	isCarried = 1 << iota
	isWithdrawn
	hasKEV
	isRansomware
	hasEPSS
)

// append encodes the contribution; it is called under the builder's lock.
func (c *contribution) append(b []byte, builder *Builder, artifact int) []byte {
	flags := byte(0)
	for i, is := range [...]bool{
		c.carried, !c.Withdrawn.IsZero(), c.KEV != nil, c.KEV != nil && c.KEV.Ransomware, c.EPSS != nil,
	} {
		if is {
			flags |= 1 << i
		}
	}
	b = append(b, flags)
	b = binary.AppendUvarint(b, uint64(builder.originNumber(artifact, builder.strings.add(c.Source))))
	b = binary.AppendVarint(b, unixSeconds(c.Published))
	b = binary.AppendVarint(b, unixSeconds(c.Modified))
	b = appendText(b, c.Title)
	b = appendText(b, c.Description)
	b = binary.AppendUvarint(b, uint64(len(c.Severities)))
	for _, s := range c.Severities {
		score := s.Score
		if score == 0 && s.Vector != "" {
			score, _ = finding.CVSSScore(s.Vector)
		}
		if s.Severity == finding.Unknown {
			s.Severity = finding.FromScore(score)
		}
		b = binary.AppendUvarint(b, uint64(builder.originNumber(artifact, builder.strings.add(s.Source))))
		b = append(b, byte(s.Severity), byte(math.Round(score*10)))
		b = binary.AppendUvarint(b, uint64(builder.ref(s.Vector)))
	}
	b = binary.AppendUvarint(b, uint64(len(c.cwes)))
	for _, n := range c.cwes {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = binary.AppendUvarint(b, uint64(len(c.References)))
	for _, r := range c.References {
		b = appendText(b, r)
	}
	if c.KEV != nil {
		b = appendText(b, c.KEV.Added)
		b = appendText(b, c.KEV.Due)
		b = appendText(b, cutText(c.KEV.Action, maxAction))
	}
	if c.EPSS != nil {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.EPSS.Score))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.EPSS.Percentile))
	}
	return b
}

// readContribution decodes what append wrote.
func (b *Builder) readContribution(record []byte) (contribution, error) {
	cur := format.NewCursor(record)
	flags := cur.Byte()
	c := contribution{carried: flags&isCarried != 0, source: uint32(cur.Uvarint())}
	c.artifact = b.originOf[c.source].artifact
	c.Source = b.strings.string(b.originOf[c.source].source)
	c.Published, c.Modified = unixTime(cur.Varint()), unixTime(cur.Varint())
	if flags&isWithdrawn != 0 {
		c.Withdrawn = time.Unix(1, 0)
	}
	c.Title, c.Description = string(cur.Bytes()), string(cur.Bytes())
	for range cur.Count() {
		c.origins = append(c.origins, uint32(cur.Uvarint()))
		c.Severities = append(c.Severities, finding.SourcedSeverity{
			Source:   b.strings.string(b.originOf[c.origins[len(c.origins)-1]].source),
			Severity: finding.Severity(cur.Byte()), Score: float64(cur.Byte()),
		})
		c.vectors = append(c.vectors, layout.Ref(cur.Uvarint()))
	}
	for range cur.Count() {
		c.cwes = append(c.cwes, uint32(cur.Uvarint()))
	}
	for range cur.Count() {
		c.References = append(c.References, string(cur.Bytes()))
	}
	if flags&hasKEV != 0 {
		c.KEV = &finding.KEV{
			Added: string(cur.Bytes()), Due: string(cur.Bytes()), Action: string(cur.Bytes()), Ransomware: flags&isRansomware != 0,
		}
	}
	if flags&hasEPSS != 0 {
		c.EPSS = &finding.EPSS{Score: readFloat(&cur), Percentile: readFloat(&cur)}
	}
	return c, cur.Err()
}

func readFloat(cur *format.Cursor) float64 {
	var bits uint64
	for i := range 8 {
		bits |= uint64(cur.Byte()) << (8 * i)
	}
	return math.Float64frombits(bits)
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// unixSeconds is 0 for the zero time.
func unixSeconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func unixTime(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
