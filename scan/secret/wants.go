package secret

import (
	"bytes"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

const (
	// binaryBytes is how large a compiled file may be that is searched.
	binaryBytes = 1 << 20
	// textBytes is how much of a text is searched.
	textBytes = 256 << 20
)

// dull are ends of names of files that hold no secrets, or none that a search
// would find: media, archives, fonts, indexes.
var dull = []string{
	".gz", ".xz", ".bz2", ".zst", ".zip", ".jar", ".war", ".whl", ".7z", ".rar", ".tgz", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".bmp", ".tif",
	".ttf", ".otf", ".woff", ".woff2", ".eot", ".mp3", ".mp4", ".ogg", ".wav", ".avi", ".webm", ".pdf", ".mo", ".gmo", ".so", ".a", ".o", ".svg", ".css", ".md5sums", ".symbols", ".triggers",
	".afm", ".pfb", ".hyp", ".dic", ".aff", ".icc", ".ko", ".gresource", ".typelib", ".list", ".d.ts", ".h", ".hpp", ".po", ".pot",
}

// dullDirs are directories of such.
var dullDirs = []string{
	"var/lib/dpkg/", "lib/apk/", "usr/lib/apk/", "var/lib/rpm/", "var/lib/apt/lists/", "usr/share/zoneinfo/", "usr/share/locale/", "usr/share/i18n/", "usr/share/man/",
	"usr/share/info/", "usr/share/icons/", "usr/share/fonts/", "usr/share/mime/", "usr/share/perl/", "usr/share/unicode/", "usr/include/", "proc/", "sys/", "var/cache/apt/", "usr/share/vim/", "usr/share/common-licenses/",
}

func wants(e *image.Entry, head []byte) bool {
	if e.Size < 8 || e.Size > textBytes {
		return e.Size > textBytes && bytes.IndexByte(head, 0) < 0 && !isDull(e.Path)
	}
	if isStore(e.Path, head) || isShadow(e.Path) {
		return true
	}
	if isDull(e.Path) {
		return false
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	if bytes.IndexByte(head, 0) < 0 {
		return true
	}
	return e.Size <= binaryBytes && isProgram(head)
}

func isDull(path string) bool {
	if i := strings.LastIndexByte(path, '.'); i >= 0 && len(path)-i <= 10 {
		if slices.Contains(dull, path[i:]) || strings.HasSuffix(path, ".d.ts") {
			return true
		}
	}
	for _, dir := range dullDirs {
		if strings.HasPrefix(path, dir) {
			return true
		}
	}
	return strings.Contains(path, "/share/doc/") && strings.HasSuffix(path, "copyright")
}

// isProgram says whether a file with zero bytes is compiled code, which holds
// strings as they are: ELF, Java classes, Python's and SQLite's files.
func isProgram(head []byte) bool {
	switch {
	case bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("\xca\xfe\xba\xbe")), bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return true
	}
	return len(head) > 4 && head[2] == '\r' && head[3] == '\n' // .pyc
}

// isShadow says whether path is a password database of the system.
func isShadow(path string) bool {
	return path == "etc/shadow" || path == "etc/shadow-" || path == "etc/master.passwd" || strings.HasSuffix(path, "/etc/shadow")
}

// storeEnds are names of keystores.
var storeEnds = []string{".p12", ".pfx", ".jks", ".jceks", ".bks", ".keystore", ".kdbx", ".kdb", ".ppk", ".der", ".key", ".pk8", ".keytab"}

func isStore(path string, head []byte) bool {
	_, base := scanner.Split(path)
	i := strings.LastIndexByte(base, '.')
	return i >= 0 && slices.Contains(storeEnds, base[i:]) && storeKind(head) != ""
}

// storeKind names a keystore by its first bytes.
func storeKind(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xfe, 0xed, 0xfe, 0xed}):
		return "Java keystore"
	case bytes.HasPrefix(head, []byte{0xce, 0xce, 0xce, 0xce}):
		return "Java JCEKS keystore"
	case bytes.HasPrefix(head, []byte{0x03, 0xd9, 0xa2, 0x9a}):
		return "KeePass database"
	case bytes.HasPrefix(head, []byte{0x05, 0x02}):
		return "Kerberos keytab"
	case len(head) > 8 && head[0] == 0x30 && head[1] == 0x82 && bytes.Equal(head[4:7], []byte{2, 1, 3}):
		return "PKCS#12 file"
	case len(head) > 8 && head[0] == 0x30 && (head[1] == 0x82 && bytes.Equal(head[4:6], []byte{2, 1}) || head[1] < 0x80 && bytes.Equal(head[2:4], []byte{2, 1})):
		return "private key in DER form"
	}
	return ""
}
