package persistence

import (
	"path"
	"strings"
)

// preload reads /etc/ld.so.preload: libraries that the dynamic loader puts into
// every program, set-uid ones too. Source: ld.so(8).
func (h *hook) preload(text string) {
	each(text, func(n int, line string) {
		for _, lib := range strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ':' || r == '\t' }) {
			if knownPreload(lib) {
				h.add(preloadKnown, n, lib)
				continue
			}
			h.add(preloadFile, n, lib)
		}
	})
}

// ldPreload looks at a value of LD_PRELOAD.
func (h *hook) ldPreload(n int, value string) {
	value = unquote(value)
	for _, lib := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ':' }) {
		switch {
		case Odd(lib):
			h.add(preloadOdd, n, lib)
		case !KnownPreload(lib) && !strings.HasPrefix(lib, "$"):
			h.add(preloadEnv, n, lib)
		}
	}
}

func knownPreload(lib string) bool { return KnownPreload(lib) && !Odd(lib) }

// KnownPreload says whether a library is one that images preload for good
// reasons: allocators, and what makes old programs run on another C library.
func KnownPreload(lib string) bool {
	base := path.Base(lib)
	for _, known := range []string{"libjemalloc", "libtcmalloc", "libmimalloc", "librpmalloc", "libsnmalloc", "libhoard", "libgcompat", "libasan", "libubsan", "libtsan", "libfaketime", "libnss_wrapper", "libuid_wrapper", "libfakeroot", "libarmmem", "libSegFault", "libstdc++", "libgomp", "libiomp5", "libgfortran", "libpthread", "libstderred", "libeatmydata", "libvtv", "libnvidia", "libcuda", "libtrick", "libpreloadable_iconv", "preloadable_libiconv", "libavoid-fork", "libcap"} {
		if strings.HasPrefix(base, known) {
			return true
		}
	}
	return false
}

// environment reads NAME=value lines.
func (h *hook) environment(text string) {
	each(text, func(n int, line string) {
		line = strings.TrimPrefix(line, "export ")
		if value, ok := strings.CutPrefix(line, "LD_PRELOAD"); ok {
			_, value, _ = strings.Cut(strings.Replace(value, "DEFAULT", "", 1), "=")
			h.ldPreload(n, value)
		}
	})
}

// libraries reads ld.so.conf and its parts.
func (h *hook) libraries(text string) {
	each(text, func(n int, line string) {
		if Odd(line) {
			h.add(libraryPath, n, line)
		}
	})
}

// passwd looks for a second root.
func (h *hook) passwd(text string) {
	each(text, func(n int, line string) {
		if f := strings.Split(line, ":"); len(f) >= 7 && f[2] == "0" && f[0] != "root" && f[0] != "toor" {
			h.add(secondRoot, n, f[0]+" has ID 0 and the shell "+f[6])
		}
	})
}
