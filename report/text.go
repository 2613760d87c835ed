package report

import (
	"fmt"
	"strings"
)

// text is one phrase in every language that reports speak.
type text struct{ en, zh string }

// Languages are the values of Options.Lang.
var Languages = []string{"en", "zh-CN"}

// phrases is the catalogue. Verbs of fmt.Sprintf stand in the same order in all
// languages, or name their argument.
var phrases = map[string]text{
	"priority":              {"PRIO", "优先级"},
	"severity":              {"SEVERITY", "严重性"},
	"id":                    {"VULNERABILITY", "漏洞"},
	"package":               {"PACKAGE", "软件包"},
	"installed":             {"INSTALLED", "已安装版本"},
	"fixed":                 {"FIXED IN", "修复版本"},
	"layer":                 {"LAYER", "层"},
	"title":                 {"WHAT", "说明"},
	"rule":                  {"RULE", "规则"},
	"where":                 {"WHERE", "位置"},
	"image-config":          {"image configuration", "镜像配置"},
	"deleted":               {"deleted in a later layer", "已在后续层删除"},
	"overwritten":           {"overwritten in a later layer", "已在后续层覆盖"},
	"kind-vulnerability":    {"vulnerabilities", "漏洞"},
	"kind-malware":          {"malware", "恶意文件"},
	"kind-webshell":         {"WebShells", "WebShell"},
	"kind-secret":           {"secrets", "敏感信息"},
	"kind-misconfiguration": {"misconfigurations", "配置缺陷"},
	"kind-license":          {"licenses", "许可证"},
	"n-kind":                {"%[1]d %[2]s", "%[2]s %[1]d"},
	"html-rule":             {"Rule", "规则"},
	"html-techniques":       {"ATT&CK", "ATT&CK"},
	"html-trace":            {"Flow", "数据流"},
	"html-remedy":           {"Remedy", "处置建议"},
	"html-confidence":       {"Confidence", "置信度"},
	"confidence-high":       {"high", "高"},
	"confidence-medium":     {"medium", "中"},
	"confidence-low":        {"low", "低"},
	"html-all-kinds":        {"All kinds", "全部类型"},
	"html-kind":             {"Kind", "类型"},
	"html-id":               {"What", "问题"},
	"html-subject":          {"Where", "位置"},
	"critical":              {"critical", "严重"},
	"high":                  {"high", "高危"},
	"medium":                {"medium", "中危"},
	"low":                   {"low", "低危"},
	"negligible":            {"negligible", "可忽略"},
	"unknown":               {"unknown", "未知"},
	"system-packages":       {"operating system packages", "操作系统软件包"},
	"will_not_fix":          {"will not fix", "不修复"},
	"deferred":              {"deferred", "暂缓修复"},
	"end_of_life":           {"end of life", "已停止维护"},
	"affected":              {"no fix yet", "暂无修复"},
	"under_investigation":   {"in review", "调查中"},
	"kev":                   {"exploited", "已被利用"},
	"malicious":             {"MALICIOUS PACKAGE", "恶意软件包"},
	"layers":                {"Layers", "镜像层"},
	"summary":               {"%d packages, findings: %d (%s)", "%d 个软件包，%d 个问题：%s"},
	"summary-none":          {"%d packages, no findings", "%d 个软件包，未发现问题"},
	"summary-more":          {"%d fixable, %d known to be exploited (!), %d withdrawn", "%d 个可修复，%d 个已知被利用（!），%d 个已排除"},
	"n-severity":            {"%[1]d %[2]s", "%[2]s %[1]d"},
	"middleware":            {"Middleware", "中间件"},
	"upgrades":              {"Upgrade first: %d upgrades repair %d findings", "优先升级：%d 项升级可修复 %d 个问题"},
	"upgrade-to":            {"UPGRADE TO", "升级到"},
	"repairs":               {"REPAIRS", "可修复的问题"},
	"n-exploited":           {"%d exploited", "%d 个已被利用"},
	"more-upgrades":         {"… and %d more upgrades (--rows 0 lists all)", "……另有 %d 项升级（--rows 0 列出全部）"},
	"not-shown":             {"… not listed: %s", "……未列出：%s"},
	"see-all":               {"Findings not listed: %d. See all with --rows 0, or in a browser with --format html -o report.html.", "未列出的问题：%d 个。用 --rows 0 列出全部，或用 --format html -o report.html 在浏览器中查看。"},
	"database":              {"Database of %s: %d vulnerabilities.", "漏洞库日期 %s，共 %d 个漏洞。"},
	"partial":               {"PARTIAL RESULT. Places that could not be read: %d", "结果不完整：%d 处无法读取："},
	"withdrawn":             {"Withdrawn findings", "已排除的问题"},
	"note":                  {"note: ", "注意："},
	"more":                  {"… and %d more (use --format json for all)", "……另有 %d 项（用 --format json 查看全部）"},
	"also":                  {" +%d", " +%d"},
	"evidence-lockfile":     {"lock file, not proven installed", "锁文件，未证实已安装"},
	"all-packages":          {"All packages", "全部软件包"},
	"digest":                {"digest", "摘要"},
	"html-theme":            {"Light / dark", "浅色 / 深色"},
	"html-findings":         {"findings", "问题"},
	"html-fixable":          {"fixable", "可修复"},
	"html-withdrawn":        {"withdrawn", "已排除"},
	"html-packages":         {"packages", "软件包"},
	"html-partial":          {"Partial result. Places that could not be read: %d.", "结果不完整：%d 处无法读取。"},
	"html-search":           {"Search packages, vulnerabilities, paths", "搜索软件包、漏洞、路径"},
	"html-priority":         {"Priority", "优先级"},
	"html-severity":         {"Severity", "严重性"},
	"html-vulnerability":    {"Vulnerability", "漏洞"},
	"html-package":          {"Package", "软件包"},
	"html-installed":        {"Installed", "已安装版本"},
	"html-fixed":            {"Fixed in", "修复版本"},
	"html-layer":            {"Layer", "层"},
	"html-all-layers":       {"All layers", "全部层"},
	"html-description":      {"Description", "描述"},
	"html-severities":       {"Graded by", "评级来源"},
	"html-published":        {"Published", "发布日期"},
	"html-advisories":       {"Advisories", "安全公告"},
	"html-references":       {"References", "参考链接"},
	"html-evidence":         {"Evidence", "依据"},
	"html-until":            {"until", "有效期至"},
	"html-due":              {"due", "修复期限"},
	"html-ransomware":       {"used by ransomware", "被勒索软件利用"},
	"html-n-packages":       {"%d packages", "%d 个软件包"},
	"html-n-findings":       {"%d findings", "%d 个问题"},
	"html-notes":            {"Remarks on the scan: %d", "扫描备注：%d 条"},
	"html-more":             {"… and %d more", "……另有 %d 条"},
	"html-upgrade":          {"Upgrade", "升级"},
	"html-repairs":          {"Repairs", "可修复的问题"},
	"html-all-upgrades":     {"Show all %d upgrades", "显示全部 %d 项升级"},
	"html-all-findings":     {"All findings", "全部问题"},
	"html-show-more":        {"Show more (%s left)", "显示更多（还有 %s 个）"},
	"html-no-script":        {"Without its script this page shows the %d most urgent of %d findings, without their details. --format json has all.", "脚本未运行，本页仅显示最紧急的 %d 个问题（共 %d 个），不含详情。--format json 包含全部内容。"},
	"html-group":            {"Group", "分组"},
	"html-no-group":         {"Not grouped", "不分组"},
	"html-by-package":       {"By package", "按软件包分组"},
	"html-by-place":         {"By place", "按位置分组"},
	"html-made":             {"Made by", "生成工具："},
	"policy-pass":           {"Policy %[1]s: PASSED, rules: %[4]d", "策略 %[1]s：通过，共 %[4]d 条规则"},
	"policy-warn":           {"Policy %[1]s: PASSED, rules: %[4]d, warnings: %[3]d", "策略 %[1]s：通过，%[3]d 条警告，共 %[4]d 条规则"},
	"policy-deny":           {"Policy %[1]s: DENIED by %[2]d of %[4]d rules, warnings: %[3]d", "策略 %[1]s：拒绝，%[4]d 条规则中有 %[2]d 条不通过，%[3]d 条警告"},
	"policy-error":          {"the rule could not be judged: %s", "规则无法判定：%s"},
	"policy-more":           {"%d more", "另有 %d 项"},
	"policy-join":           {"; ", "；"},
	"outcome-deny":          {"DENY", "拒绝"},
	"outcome-warn":          {"WARN", "警告"},
	"waived":                {"waived %d of %s by %s: %s (until %s)", "已豁免 %d 项 %s，责任人 %s：%s（有效期至 %s）"},
	"waiver-expired":        {"EXPIRED WAIVER of %s by %s: it ended on %s and excuses nothing any more (would be: %d), %s", "豁免已过期：%s，责任人 %s，已于 %s 到期，不再生效（%d 项），%s"},
	"no-database": {"Vulnerabilities were not matched: there is no vulnerability database yet; only the built-in emergency advisories were. Run 'boltseal db update' to build it, then scan again.",
		"未匹配漏洞：尚无漏洞库，仅匹配了内置的应急公告。请先运行 “boltseal db update” 生成漏洞库，再重新扫描。"},
	"not-covered": {"No advisories are loaded for %s (%s): the absence of findings about its packages means nothing.",
		"漏洞库中没有 %s（%s）的公告：其软件包没有问题记录并不代表安全。"},
	"stale": {"The last update of these sources failed, older data is in use: %s.", "以下数据源上次更新失败，正在使用旧数据：%s。"},
	"old":   {"The vulnerability database is %s days old. Run 'boltseal db update'.", "漏洞库已有 %s 天未更新，请运行 “boltseal db update”。"},
	"old-data": {"The database has no advisories newer than: %s. Later vulnerabilities are missing from this report, however recently the database was fetched.",
		"漏洞库的公告只到以下日期：%s。无论漏洞库何时获取，此后的漏洞都不在本报告中。"},
	"expired":     {"The decision to ignore %s has expired (%s): the finding counts again.", "对 %s 的忽略决定已过期（%s），该问题重新计入。"},
	"unversioned": {"%s packages have no known version and could not be matched.", "%s 个软件包版本未知，无法匹配漏洞。"},
}

// say looks a phrase up and fills it in. A key without a phrase is itself.
func say(lang, key string, args ...any) string {
	p, ok := phrases[key]
	if !ok {
		return key
	}
	format := p.en
	if strings.HasPrefix(lang, "zh") {
		format = p.zh
	}
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// In gives a notice in the reader's language.
func (n Notice) In(lang string) string {
	if _, ok := phrases[n.Key]; !ok {
		return n.Text
	}
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = a
	}
	return say(lang, n.Key, args...)
}

// list joins items as the language does.
func list(lang string, items []string) string {
	if strings.HasPrefix(lang, "zh") {
		return strings.Join(items, "、")
	}
	return strings.Join(items, ", ")
}
