package scan

import (
	"fmt"
	"path"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rule/shell"
	"github.com/boltseal/boltseal/scan/integrity"
)

var (
	changedFile = finding.Rule{ID: "integrity/changed-file", Title: "File differs from its package", TitleZH: "文件与软件包中的内容不一致", Techniques: []string{"T1554"}}
	setUID      = finding.Rule{ID: "integrity/set-uid", Title: "Set-uid file", TitleZH: "可疑的 set-uid 文件", Techniques: []string{"T1548.001"}}
	unownedFile = finding.Rule{ID: "integrity/unowned-program", Title: "Programs that no package owns", TitleZH: "不属于任何软件包的程序", Techniques: []string{"T1036.005"}}
	hiddenFile  = finding.Rule{ID: "integrity/hidden-program", Title: "Program in a hidden directory", TitleZH: "隐藏目录中的程序", Techniques: []string{"T1564.001"}}
	impostor    = finding.Rule{ID: "integrity/unowned-library", Title: "Library with a system library's name that no package owns", TitleZH: "冒用系统库名称且不属于任何软件包的动态库", Techniques: []string{"T1574.006", "T1556.003"}}
	packedFile  = finding.Rule{ID: "integrity/packed-program", Title: "Packed program that no package owns", TitleZH: "不属于任何软件包的加壳程序", Techniques: []string{"T1027.002"}}
)

var remedies = map[string]string{
	changedFile.ID: "Reinstall the package, or find out which build step changed the file.",
	setUID.ID:      "Take the bit away (chmod u-s), or remove the file.",
	unownedFile.ID: "Make sure that the build brought them; install what a distribution has as a package.",
	hiddenFile.ID:  "Find out what it is and who put it there.",
	impostor.ID:    "Make sure that the build brought it: it is loaded into programs that ask for passwords.",
	packedFile.ID:  "Ship the program unpacked, so that it can be looked into.",
}

// byLanguage says whether a program came with a package of a language.
func (d *drift) byLanguage(p string) bool {
	if d.known[p] {
		return true
	}
	for _, dir := range []string{"node_modules/", "site-packages/", "dist-packages/", "/gems/", "/.build-id/"} {
		if strings.Contains(p, dir) {
			return true
		}
	}
	return false
}

// suspicious reports a program that no package owns where its place, name or
// form is unusual, and says whether someone has.
func (d *drift) suspicious(p string, f fact) bool {
	base := path.Base(p)
	odd, _ := integrity.Odd(p)
	switch {
	case odd != finding.Unknown: // the scanner has told of it
	case hiddenPlace(p):
		d.add(hiddenFile, finding.Medium, hiddenFile.Title+": "+base, p, f.layer, ownerText(""))
	case systemLibrary(p, base):
		d.add(impostor, finding.Medium, impostor.Title+": "+base, p, f.layer, ownerText(""))
	case f.Packed:
		d.add(packedFile, finding.Low, packedFile.Title+": "+base, p, f.layer, "the program is compressed by UPX or has no section headers")
	default:
		return false
	}
	return true
}

// hiddenPlace says whether a path leads through a hidden directory that is not
// one of a well-known tool, or is a hidden file.
func hiddenPlace(p string) bool {
	if !strings.HasPrefix(p, ".") && !strings.Contains(p, "/.") {
		return false
	}
	for name := range strings.SplitSeq(p, "/") {
		if strings.HasPrefix(name, ".") && !shell.KnownHidden(name) {
			return true
		}
	}
	return false
}

// systemLibrary says whether an unowned file would be loaded where programs look
// for libraries that see passwords or every call.
func systemLibrary(p, base string) bool {
	if !strings.HasPrefix(p, "lib") && !strings.HasPrefix(p, "usr/lib") && !strings.HasPrefix(p, "usr/local/lib") {
		return false
	}
	if strings.HasSuffix(path.Dir(p), "/security") {
		return strings.HasPrefix(base, "pam_")
	}
	if strings.Count(p, "/") > 3 {
		return false
	}
	for _, name := range []string{"libc.so.", "libc-2.", "ld-linux", "ld-musl", "libpam.so", "libpam_misc.so", "libnss_files", "libnss_dns", "libselinux.so", "libkeyutils.so", "libaudit.so"} {
		if strings.HasPrefix(base, name) {
			return true
		}
	}
	return false
}

// group is the directory under which programs that no package owns are told:
// the directory itself where distributions have theirs, else the application's.
func group(p string) string {
	dir := path.Dir(p)
	if systemDir(dir) {
		return dir
	}
	parts := strings.SplitN(dir, "/", 4)
	depth := 1
	switch parts[0] {
	case "opt", "srv", "home":
		depth = 2
	case "usr", "var":
		depth = 3
		if len(parts) > 1 && parts[1] == "local" {
			depth = 2
		}
	}
	return strings.Join(parts[:min(depth, len(parts))], "/")
}

// systemDir says whether distributions put programs into the directory.
func systemDir(dir string) bool {
	switch dir {
	case "bin", "sbin", "lib", "lib64", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "usr/libexec":
		return true
	}
	parent := path.Dir(dir)
	return (parent == "usr/lib" || parent == "lib") && strings.Contains(dir, "-linux-")
}

// unowned reports programs of one directory together.
func (d *drift) unowned(dir string, paths []string) {
	severity := finding.Negligible
	if systemDir(dir) {
		severity = finding.Low
	}
	names := make([]string, 0, 6)
	for _, p := range paths[:min(len(paths), 5)] {
		names = append(names, strings.TrimPrefix(p, dir+"/"))
	}
	if more := len(paths) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	title := fmt.Sprintf("%d programs that no package owns", len(paths))
	if len(paths) == 1 {
		title = "Program that no package owns: " + path.Base(paths[0])
	}
	d.add(unownedFile, severity, title, dir, d.facts[paths[0]].layer, strings.Join(names, ", "))
}
