package php

import "strings"

// feature is a set of what the tokens of a file show. It decides whether the
// file must be parsed at all: most files of an application neither read the
// request nor hide anything.
type feature uint16

const (
	source  feature = 1 << iota // reads the request, the network or serialized data
	sink                        // may run code or commands, or write files
	dynamic                     // calls what a value names
	hides                       // has decoders or computed names
	long                        // has a long text
	loads                       // includes other files
)

// worth says whether the file can be a WebShell.
func (f feature) worth() bool {
	return f&(source|hides) != 0 && f&(sink|dynamic) != 0
}

func variableFeature(v string) feature {
	switch v {
	case "$_GET", "$_POST", "$_REQUEST", "$_COOKIE", "$_FILES", "$_SERVER", "$_ENV", "$GLOBALS",
		"$HTTP_GET_VARS", "$HTTP_POST_VARS", "$HTTP_COOKIE_VARS", "$HTTP_SERVER_VARS", "$HTTP_POST_FILES", "$HTTP_RAW_POST_DATA":
		return source
	}
	return 0
}

// nameFeature looks at a keyword, function or class.
func nameFeature(word string) feature {
	if len(word) < 2 || len(word) > 32 {
		return 0
	}
	var buf [32]byte
	w := buf[:0]
	for i := range len(word) {
		c := word[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c == '\\' {
			w = w[:0]
			continue
		}
		w = append(w, c)
	}
	return features[string(w)]
}

// stringFeature looks at a short text: names of functions may be in strings.
func stringFeature(s string) feature {
	f := nameFeature(s) &^ loads
	if strings.Contains(s, "://") || strings.HasPrefix(s, "data:") {
		f |= source
	}
	return f
}

// templateFeature looks at a text with variables in it.
func templateFeature(s string) feature {
	var f feature
	if strings.Contains(s, "$_") {
		f |= source
	}
	if s[0] == '`' {
		f |= sink
	}
	if strings.Contains(s, "://") {
		f |= source
	}
	if strings.Contains(s, "eval") || strings.Contains(s, "system") {
		f |= sink
	}
	return f
}

// features is what names show.
var features = func() map[string]feature {
	m := make(map[string]feature, 256)
	for f, words := range map[feature]string{
		source: `getallheaders apache_request_headers filter_input filter_input_array get_defined_vars getenv fsockopen pfsockopen
			stream_socket_client curl_exec curl_multi_exec dns_get_record gethostbyname unserialize session_id apache_getenv import_request_variables socket_connect socket_read
			_get _post _request _cookie _files _server argv getdoccomment error_get_last getmessage`,
		sink: `eval assert system exec shell_exec passthru popen proc_open pcntl_exec create_function include include_once require require_once
			preg_replace preg_filter mb_ereg_replace mb_eregi_replace fwrite fputs file_put_contents move_uploaded_file copy dl ffi com
			call_user_func call_user_func_array reflectionfunction reflectionmethod reflectionclass register_shutdown_function register_tick_function
			usort uasort uksort array_map array_filter array_walk array_walk_recursive array_reduce ob_start iterator_apply
			array_udiff array_udiff_assoc array_udiff_uassoc array_uintersect array_diff_ukey array_diff_uassoc array_intersect_ukey array_intersect_uassoc array_uintersect_assoc array_uintersect_uassoc
			preg_replace_callback preg_replace_callback_array mb_ereg_replace_callback filter_var filter_var_array forward_static_call forward_static_call_array
			set_error_handler set_exception_handler spl_autoload_register fromcallable arrayobject arrayiterator callbackfilteriterator
			header_register_callback session_set_save_handler sqlitecreatefunction sqlitecreatecollation createfunction mail unlink rename mb_send_mail expect_popen ssh2_exec
			win_shell_execute rmdir chmod assert_options readline_callback_handler_install rewind xml_set_element_handler xml_set_character_data_handler extract touch splfileobject ziparchive simplexmlelement domdocument
			array_key_exists_callback registerphpfunctions iterator_to_array error_log link symlink stream_wrapper_register runkit_function_add virtual imap_open yaml_parse libxml_set_external_entity_loader`,
		hides: `base64_decode gzinflate gzuncompress gzdecode str_rot13 strrev chr hex2bin pack convert_uudecode bzdecompress zlib_decode openssl_decrypt mcrypt_decrypt urldecode rawurldecode
			html_entity_decode quoted_printable_decode hexdec base_convert goto __halt_compiler parse_str mb_parse_str get_defined_functions get_defined_constants getdoccomment str_replace strtr
			substr_replace array_flip utf8_decode iconv mb_convert_encoding extract constant compact implode join vsprintf`,
		loads: `include include_once require require_once`,
	} {
		for _, w := range strings.Fields(words) {
			m[w] |= f
		}
	}
	return m
}()
