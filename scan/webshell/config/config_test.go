package config

import "testing"

func TestAnalyze(t *testing.T) {
	for _, c := range []struct {
		path, src string
		want      int // line, 0 for none
	}{
		{".htaccess", "Options -Indexes\nAddType application/x-httpd-php .jpg .png\n", 2},
		{"a/.htaccess", "<FilesMatch \"\\.gif\">\nSetHandler application/x-httpd-php\n</FilesMatch>\n", 2},
		{".htaccess", "AddHandler cgi-script .txt", 1},
		{".htaccess", "php_value auto_prepend_file \"shell.gif\"", 1},
		{".htaccess", "php_value auto_append_file php://input", 1},
		{".htaccess", "AddType application/x-httpd-php .php .php5\nAddType image/svg+xml .svg\nAddHandler cgi-script .cgi .pl", 0},
		{".htaccess", "php_value auto_prepend_file /srv/app/guard.php\nphp_value upload_max_filesize 20M", 0},
		{".user.ini", "memory_limit=64M\nauto_prepend_file=01.gif\n", 2},
		{".user.ini", "auto_prepend_file = '/srv/wordpress/waf.php'\n", 0},
		{"web.config", "<configuration>\n<add name=\"w\" path=\"*.config\" verb=\"*\" modules=\"IsapiModule\" scriptProcessor=\"%windir%\\system32\\inetsrv\\asp.dll\" />", 2},
		{"Web.Config", "<add name=\"x\" path=\"*.jpg\" verb=\"*\" type=\"System.Web.UI.PageHandlerFactory\" />", 1},
		{"web.config", "<add name=\"r\" path=\"*.axd\" verb=\"*\" type=\"System.Web.Handlers.AssemblyResourceLoader\" />", 0},
	} {
		if !New().Wants(c.path, nil) {
			t.Errorf("%s: not wanted", c.path)
		}
		vs, err := New().Analyze(t.Context(), c.path, []byte(c.src))
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if len(vs) > 0 {
			got = vs[0].Line
		}
		if got != c.want {
			t.Errorf("%s %q: line %d, want %d", c.path, c.src, got, c.want)
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	f.Add(".htaccess", "php_value auto_prepend_file x.gif")
	f.Add("web.config", "<add path=\"*.config\" asp.dll")
	f.Fuzz(func(t *testing.T, path, src string) {
		New().Analyze(t.Context(), path, []byte(src))
	})
}
