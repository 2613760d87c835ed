package scan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// findings gathers what is wrong with the files of all layers, whether they are
// in the final file system or not: their bytes ship with the image. What is
// found again in an upper layer's copy of the same file is told once, there.
func findings(layers []*layerResult, ids []string) []finding.Finding {
	byID := map[string]finding.Finding{}
	for i, l := range layers {
		for _, r := range l.Shadowed {
			collect(byID, &r, ids[i], finding.PresenceOverwritten)
		}
		for _, r := range l.Files {
			if len(r.Result.Findings) > 0 {
				collect(byID, &r, ids[i], presence(layers[i:], r.Path))
			}
		}
	}
	out := make([]finding.Finding, 0, len(byID))
	for _, f := range byID {
		out = append(out, f)
	}
	sortFindings(out)
	return out
}

// collect completes the findings of one file.
func collect(byID map[string]finding.Finding, r *fileResult, layer string, where finding.Presence) {
	seen := map[string]int{}
	for _, f := range r.Result.Findings {
		f.Location.Path = inside(r.Path, f.Location.Path)
		f.Location.Layer = layer
		f.Presence = where
		// Several of one rule in one file are told apart by what the scanner
		// gave, else by their order: lines move from build to build.
		key := f.ID
		if key == "" {
			key = strconv.Itoa(seen[ruleID(&f)])
			seen[ruleID(&f)]++
		}
		f.ID = finding.NewID(string(f.Kind), ruleID(&f), f.Location.Path, key)
		byID[f.ID] = f
	}
}

// inside puts the place in an archive behind the archive's path.
func inside(file, place string) string {
	if strings.HasPrefix(place, "!/") {
		return file + place
	}
	return file
}

func ruleID(f *finding.Finding) string {
	if f.Rule == nil {
		return ""
	}
	return f.Rule.ID
}

// presence says what the layers above did to a file of the first layer. A file
// that has another name, by a hard link, is there as long as one of them is.
func presence(layers []*layerResult, path string) finding.Presence {
	where := fate(layers[1:], path)
	for _, h := range layers[0].Hardlinks {
		if where != "" && h.Target == path {
			where = fate(layers[1:], h.Path)
		}
	}
	return where
}

// fate says what layers do to a file at path below them.
func fate(layers []*layerResult, path string) finding.Presence {
	for _, l := range layers {
		switch {
		case l.Entries.has(pathHash(path)):
			return finding.PresenceOverwritten
		case l.removes(path), l.Entries.hides(path):
			return finding.PresenceDeleted
		}
	}
	return ""
}

// removes says whether the layer has a whiteout for the file or hides all that
// is below a directory on its way.
func (l *layerResult) removes(path string) bool {
	return l.Opaques.has(pathHash(".")) || l.Whiteouts.has(pathHash(path)) || above(path, func(dir uint64) bool {
		return l.Whiteouts.has(dir) || l.Opaques.has(dir)
	})
}

func sortFindings(list []finding.Finding) {
	slices.SortFunc(list, func(a, b finding.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Location.Path, b.Location.Path), strings.Compare(a.ID, b.ID))
	})
}
