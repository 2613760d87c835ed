package history

import "github.com/boltseal/boltseal/finding"

const dockerBest = "https://docs.docker.com/build/building/best-practices/"

// Checks lists all checks of images.
func Checks() []Check {
	return []Check{
		{
			ID: "image-user-root", CIS: "4.1", Severity: finding.Medium,
			Title: "The image runs as root", TitleZH: "镜像以 root 用户运行",
			Remedy:    "Create a user in the Dockerfile and end it with USER and that user's number.",
			Reference: dockerBest + "#user", find: userRoot,
		},
		{
			ID: "image-sudo", CIS: "4.3", Severity: finding.Medium,
			Title: "sudo is in the image", TitleZH: "镜像中安装了 sudo",
			Remedy:    "Remove sudo; switch users with USER in the Dockerfile, or with gosu or setpriv at start.",
			Reference: dockerBest + "#user", find: sudo,
		},
		{
			ID: "image-ssh-server", CIS: "4.3", Severity: finding.Medium,
			Title: "An SSH server is in the image", TitleZH: "镜像中安装了 SSH 服务",
			Remedy: "Remove the SSH server and use docker exec or kubectl exec, which the platform authorizes and records.", find: sshServer,
		},
		{
			ID: "image-old", CIS: "4.4", Severity: finding.Low,
			Title: "The image was built more than a year ago", TitleZH: "镜像构建时间超过一年",
			Remedy: "Build it again on a current base image, and regularly from then on.", find: old,
		},
		{
			ID: "image-tag-latest", CIS: "4.2", Severity: finding.Low,
			Title: "The image or its base is named by the tag latest", TitleZH: "镜像或基础镜像使用 latest 标签",
			Remedy:    "Name images by a version, best with the digest.",
			Reference: dockerBest + "#pin-base-image-versions", find: latest,
		},
		{
			ID: "image-no-healthcheck", CIS: "4.6", Severity: finding.Low,
			Title: "The image has no health check", TitleZH: "镜像没有健康检查",
			Remedy:    "Add HEALTHCHECK to the Dockerfile; in Kubernetes use probes.",
			Reference: "https://docs.docker.com/reference/dockerfile/#healthcheck", find: healthcheck,
		},
		{
			ID: "image-update-alone", CIS: "4.7", Severity: finding.Low,
			Title: "Package lists are updated in a layer of their own", TitleZH: "单独一层更新软件包列表",
			Remedy:    "Update and install in one RUN, or old lists from the build cache install old packages.",
			Reference: dockerBest + "#apt-get", find: updateAlone,
		},
		{
			ID: "image-setuid-added", CIS: "4.8", Severity: finding.Medium,
			Title: "The build sets set-uid or set-gid bits", TitleZH: "构建时设置了 setuid 或 setgid 位",
			Remedy: "Do without set-uid programs: give the one capability that is needed, or switch users at start.", find: setuid,
		},
		{
			ID: "image-chmod-world", Severity: finding.Medium,
			Title: "The build lets everyone write files", TitleZH: "构建时使文件对所有用户可写",
			Remedy: "Give the files to the user that needs them (COPY --chown, chown) instead of mode 777.", find: worldWritable,
		},
		{
			ID: "image-add-url", CIS: "4.9", Severity: finding.Medium,
			Title: "ADD downloads from a URL", TitleZH: "使用 ADD 从 URL 下载文件",
			Remedy:    "Use ADD --checksum, or download and verify in RUN; COPY for local files.",
			Reference: dockerBest + "#add-or-copy", find: addURL,
		},
		{
			ID: "image-secret-env", CIS: "4.10", Severity: finding.High,
			Title: "A variable of the image seems to hold a secret", TitleZH: "镜像环境变量疑似包含密钥",
			Remedy:    "Give secrets to the container at start, as files; for builds use RUN --mount=type=secret. Change what has been in the image.",
			Reference: "https://docs.docker.com/build/building/secrets/", find: secretEnv,
		},
		{
			ID: "image-password-set", CIS: "4.10", Severity: finding.High,
			Title: "The build sets a password", TitleZH: "构建时设置了密码",
			Remedy: "Leave accounts without passwords (locked): the password stands in the history of the image.", find: passwordSet,
		},
		{
			ID: "image-download-unverified", CIS: "4.11", Severity: finding.Medium,
			Title: "The build downloads without checking certificates or signatures", TitleZH: "构建时下载未校验证书或签名",
			Remedy: "Let curl, wget, git and package managers verify; install the certificate of a private server with ca-certificates.", find: unverified,
		},
		{
			ID: "image-tls-off", Severity: finding.High,
			Title: "A variable of the image switches the verification of TLS off", TitleZH: "镜像环境变量关闭了 TLS 校验",
			Remedy: "Remove the variable and trust the private certificate authority instead.", find: tlsOff,
		},
		{
			ID: "image-preload", Severity: finding.Medium,
			Title: "A variable of the image loads code into every program", TitleZH: "镜像环境变量向所有进程注入代码",
			Remedy: "Make sure that the library is what it seems; set the variable for the one program that needs it.", find: preload,
		},
		{
			ID: "image-path-unsafe", Severity: finding.Medium,
			Title: "PATH has a directory that anyone can write to", TitleZH: "PATH 包含任何人可写的目录",
			Remedy: "Keep relative and temporary directories out of PATH.", find: unsafePath,
		},
		{
			ID: "image-port-admin", CIS: "5.8", Severity: finding.Medium,
			Title: "A port of an administration service is exposed", TitleZH: "暴露了管理服务端口",
			Remedy: "Do not run remote administration in the container; remove EXPOSE.", find: adminPort,
		},
		{
			ID: "image-volume-sensitive", CIS: "5.5", Severity: finding.High,
			Title: "A volume of the image asks for a place of the host", TitleZH: "镜像卷指向宿主机敏感路径",
			Remedy: "Remove the volume; what holds the engine's socket or the host's files is root on the host.", find: sensitiveVolume,
		},
		{
			ID: "image-apt-recommends", Severity: finding.Low, CIS: "4.3",
			Title: "apt installs recommended packages too", TitleZH: "apt 安装了推荐的附加软件包",
			Remedy:    "Use apt-get install --no-install-recommends: what is not there needs no patch.",
			Reference: dockerBest + "#apt-get", find: aptRecommends,
		},
		{
			ID: "image-dist-upgrade", Severity: finding.Low,
			Title: "The build upgrades the whole distribution", TitleZH: "构建时升级整个发行版",
			Remedy: "Build on a newer base image instead; patch single packages when no newer one is there.", find: distUpgrade,
		},
	}
}
