package persistence

import "github.com/boltseal/boltseal/finding"

// rule is what one check of this package reports.
type rule struct {
	id             string
	title, titleZH string
	severity       finding.Severity
	technique      string // ATT&CK
	kind           finding.Kind
	remedy         string
}

const (
	malware = finding.KindMalware
	config  = finding.KindMisconfiguration

	low      = finding.Low
	medium   = finding.Medium
	high     = finding.High
	critical = finding.Critical
)

const trace = "Find out who put it there, and build the image again without it from a trusted base."

var (
	preloadFile    = rule{"persistence/ld-so-preload", "Library is preloaded into every program", "所有程序都会预加载的动态库", high, "T1574.006", malware, "Remove the entry from /etc/ld.so.preload, and the library if no package owns it."}
	preloadKnown   = rule{"persistence/ld-so-preload", "Library is preloaded into every program", "所有程序都会预加载的动态库", low, "T1574.006", malware, "Preload the library for the one program that needs it."}
	preloadEnv     = rule{"persistence/ld-preload", "LD_PRELOAD is set for all programs", "为所有程序设置了 LD_PRELOAD", medium, "T1574.006", malware, trace}
	preloadOdd     = rule{"persistence/ld-preload", "LD_PRELOAD names a library in an odd place", "LD_PRELOAD 指向可疑位置的动态库", high, "T1574.006", malware, trace}
	libraryPath    = rule{"persistence/library-path", "Libraries are looked for in a temporary or hidden directory", "在临时或隐藏目录中查找动态库", high, "T1574.006", malware, trace}
	binaryHook     = rule{"persistence/binary-hook", "Program where start-up scripts stand", "启动脚本目录中的二进制程序", medium, "T1037", malware, trace}
	wrapped        = rule{"persistence/wrapped-program", "System program was replaced by a script", "系统程序被脚本替换", high, "T1554", malware, "Reinstall the package that owns the program."}
	aliased        = rule{"persistence/alias", "Alias stands in front of a program that asks for passwords", "别名劫持了会询问密码的程序", high, "T1546.004", malware, trace}
	inetdShell     = rule{"persistence/inetd-shell", "Network service that gives a shell", "提供 Shell 的网络服务", critical, "T1543", malware, trace}
	wrapperRuns    = rule{"persistence/tcp-wrapper", "TCP wrapper runs a command", "TCP wrapper 执行命令", medium, "T1546", malware, trace}
	pamExec        = rule{"persistence/pam-exec", "PAM runs a command at login", "PAM 在登录时执行命令", medium, "T1556.003", malware, "Make sure that the command is wanted; it runs as root."}
	pamExecPass    = rule{"persistence/pam-exec", "PAM hands passwords to a command", "PAM 把口令交给外部命令", high, "T1556.003", malware, "Make sure that the command is wanted: it learns every password."}
	pamPermit      = rule{"persistence/pam-permit", "PAM lets everyone in", "PAM 允许任何人登录", high, "T1556.003", malware, "Remove the pam_permit line, or set it to required behind the modules that check."}
	pamOdd         = rule{"persistence/pam-module", "PAM module in an odd place", "PAM 模块位于可疑位置", high, "T1556.003", malware, trace}
	pamUnknown     = rule{"persistence/pam-module", "PAM module that is not well known", "未知的 PAM 模块", low, "T1556.003", malware, "Make sure that the module is wanted: it learns every password."}
	sshKeysCommand = rule{"persistence/sshd-keys-command", "sshd asks a command for keys", "sshd 通过外部命令获取公钥", medium, "T1098.004", malware, "Make sure that the command is wanted: it decides who may log in."}
	sshKeysFile    = rule{"persistence/sshd-keys-file", "sshd takes keys from an odd place", "sshd 从可疑位置读取公钥", high, "T1098.004", malware, trace}
	authorizedKeys = rule{"persistence/authorized-keys", "SSH key may log in", "镜像内置了可登录的 SSH 公钥", medium, "T1098.004", malware, "Give keys to the container when it runs, or use the engine's exec instead of SSH."}
	insecureKey    = rule{"persistence/authorized-keys", "SSH key whose private key everyone has may log in", "公开私钥对应的 SSH 公钥可登录", critical, "T1098.004", malware, "Remove the key: its private half is public."}
	secondRoot     = rule{"persistence/second-root", "Account beside root with user ID 0", "除 root 外的 UID 0 账户", high, "T1136.001", malware, "Remove the account or give it another ID."}
	gitRuns        = rule{"persistence/git-config", "git configuration runs a command", "git 配置会执行命令", medium, "T1546", malware, "Remove the setting; it runs whenever someone uses git there."}

	rootLogin   = rule{"config/sshd-root-login", "sshd lets root log in with a password", "sshd 允许 root 用口令登录", low, "T1021.004", config, "Set PermitRootLogin to no or prohibit-password."}
	emptyPass   = rule{"config/sshd-empty-passwords", "sshd accepts empty passwords", "sshd 接受空口令", high, "T1021.004", config, "Set PermitEmptyPasswords to no."}
	userEnv     = rule{"config/sshd-user-environment", "sshd takes environment variables from users", "sshd 接受用户设置的环境变量", low, "T1574.006", config, "Set PermitUserEnvironment to no."}
	noPassword  = rule{"config/sudo-nopasswd", "sudo asks for no password", "sudo 无需口令", medium, "T1548.003", config, "Name the one command that is needed, or let the container run as the user that it needs."}
	noPassOne   = rule{"config/sudo-nopasswd", "sudo asks for no password for some commands", "sudo 对部分命令无需口令", low, "T1548.003", config, "Make sure that none of the commands can start a shell."}
	noPassShell = rule{"config/sudo-nopasswd", "sudo asks for no password for a command that can start a shell", "sudo 无需口令即可运行能获取 Shell 的命令", medium, "T1548.003", config, "Take a command that cannot start others."}
	unsigned    = rule{"config/unsigned-repository", "Package repository whose signatures are not checked", "软件源未启用签名校验", low, "T1195.002", config, "Import the repository's key and turn the check on."}
)
