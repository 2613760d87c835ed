package php

import (
	"compress/bzip2"
	"compress/flate"
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"hash/crc32"
	"html"
	"io"
	"math"
	"net/url"
	"slices"
	"strings"
)

// pure is a function without effects. hides is how much its result hides: 1
// for pieces of text, 2 for decoders.
type pure = *pureFunc

type pureFunc struct {
	hides uint8
	// least is how many arguments it needs; all must be known scalars, except
	// where arrays says otherwise.
	least  int
	arrays bool
	do     func(m *machine, a []value) (value, bool)
}

func (f *pureFunc) run(m *machine, c *call) (value, bool) {
	if len(c.args) < f.least {
		return unknown, false
	}
	var fl *flow
	for i, a := range c.args {
		if a.k == vUnset && a.flow == nil && !f.arrays {
			c.args[i] = null
			continue
		}
		if f.arrays {
			continue
		}
		if !a.known() {
			return unknown, false
		}
		fl = better(fl, a.flow)
	}
	v, ok := f.do(m, c.args)
	if ok && fl != nil {
		v.flow = better(v.flow, fl)
	}
	return v, ok && len(v.s) <= maxText
}

// clean are functions whose result carries nothing of what they are given.
var clean = wordSet(`strlen count sizeof md5 sha1 crc32 hash hash_hmac intval floatval doubleval boolval is_array is_string is_numeric is_int is_null is_callable is_object is_bool is_file is_dir is_readable is_writable
	is_writeable is_executable file_exists filesize filemtime fileperms fileowner in_array array_key_exists function_exists method_exists class_exists defined isset empty strcmp strcasecmp strncmp strncasecmp strpos stripos strrpos
	ctype_alnum ctype_alpha ctype_digit abs floor ceil round max min rand mt_rand time microtime date mktime strtotime number_format memory_get_usage sleep usleep password_hash password_verify
	unlink mkdir rmdir chmod rename copy touch opendir closedir fclose move_uploaded_file header setcookie session_start ini_set ini_get error_reporting set_time_limit ignore_user_abort ob_start ob_end_clean
	flush mysql_query mysqli_query mysql_connect mysqli_connect mysql_select_db fwrite fputs file_put_contents system passthru exec shell_exec popen proc_open pcntl_exec mail version_compare
	preg_quote escapeshellcmd_ checkdate gethostbyname ip2long strnatcmp similar_text levenshtein soundex metaphone crypt bin2hex uniqid filter_has_var extension_loaded array_sum array_product is_link ord hexdec octdec bindec`)

// passes are functions that hand on what they are given and are not computed.
var passes = wordSet(`gzinflate gzuncompress gzdecode zlib_decode bzdecompress base64_decode openssl_decrypt openssl_public_decrypt openssl_private_decrypt mcrypt_decrypt mcrypt_cbc mcrypt_ecb mdecrypt_generic
	iconv mb_convert_encoding json_decode unserialize sprintf vsprintf array_merge array_slice array_values array_keys array_flip array_combine array_fill array_pad array_rand array_column array_chunk array_unique array_diff array_intersect
	preg_split explode implode join split str_split mb_str_split strtr str_replace str_ireplace substr_replace substr mb_substr trim ltrim rtrim chop nl2br stripslashes addslashes htmlspecialchars htmlentities htmlspecialchars_decode html_entity_decode
	urldecode rawurldecode urlencode rawurlencode hex2bin pack unpack strrev str_rot13 strtolower strtoupper ucfirst lcfirst ucwords str_pad str_repeat chunk_split wordwrap convert_uudecode quoted_printable_decode utf8_decode utf8_encode
	gzcompress gzdeflate gzencode base64_encode convert_uuencode serialize json_encode var_export strval settype strstr stristr strrchr strchr strpbrk substr_count basename dirname realpath parse_url get_magic_quotes_gpc array_reverse
	array_map array_filter array_walk array_fill_keys key each current reset end next filter_var sscanf str_getcsv http_build_query stripcslashes nl_langinfo mb_strtolower mb_strtoupper array_search array_key_first array_key_last array_change_key_case
	mb_decode_mimeheader iconv_mime_decode imap_base64 imap_qprint mb_decode_numericentity sodium_crypto_secretbox_open sodium_base642bin mb_ereg_replace ereg_replace eregi_replace curl_unescape vsprintf long2ip date strftime nl2br ctype_print lcg_value strip_tags array_splice array_intersect_key array_diff_key
	range money_format convert_cyr_string hebrev fscanf gzread igbinary_unserialize msgpack_unpack yaml_parse simplexml_load_string xmlrpc_decode uopz_get_return func_get_args escapeshellcmd array_replace array_merge_recursive array_walk_recursive preg_grep array_count_values`)

// decoders are the functions whose result on a text of the file may be code.
var decoders = map[string]int{"base64_decode": 2, "gzinflate": 2, "gzuncompress": 2, "gzdecode": 2, "zlib_decode": 2, "bzdecompress": 2, "str_rot13": 2, "hex2bin": 2, "convert_uudecode": 2,
	"openssl_decrypt": 2, "mcrypt_decrypt": 2, "openssl_public_decrypt": 2, "pack": 2, "strrev": 2, "urldecode": 2, "rawurldecode": 2, "quoted_printable_decode": 2, "sodium_crypto_secretbox_open": 2}

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func text1(hides uint8, f func(string) string) pure {
	return &pureFunc{hides: hides, least: 1, do: func(_ *machine, a []value) (value, bool) { return str(f(toStr(a[0]))), true }}
}

func textOK(hides uint8, f func(string) (string, bool)) pure {
	return &pureFunc{hides: hides, least: 1, do: func(_ *machine, a []value) (value, bool) {
		s, ok := f(toStr(a[0]))
		return str(s), ok
	}}
}

func scalars(hides uint8, least int, f func(a []value) (value, bool)) pure {
	return &pureFunc{hides: hides, least: least, do: func(_ *machine, a []value) (value, bool) { return f(a) }}
}

// inflated reads at most maxText bytes.
func inflated(r io.Reader, err error) (string, bool) {
	if err != nil {
		return "", false
	}
	b, err := io.ReadAll(io.LimitReader(r, maxText))
	return string(b), err == nil || len(b) > 0
}

// lower and upper change ASCII letters only.
func lower(s string) string {
	return mapBytes(s, func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c + 32
		}
		return c
	})
}

func upper(s string) string {
	return mapBytes(s, func(c byte) byte {
		if c >= 'a' && c <= 'z' {
			return c - 32
		}
		return c
	})
}

func mapBytes(s string, f func(byte) byte) string {
	b := []byte(s)
	for i := range b {
		b[i] = f(b[i])
	}
	return string(b)
}

func rot13(c byte) byte {
	switch l := c | 0x20; {
	case c < 0x80 && l >= 'a' && l <= 'm':
		return c + 13
	case c < 0x80 && l >= 'n' && l <= 'z':
		return c - 13
	}
	return c
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// cutset is the second argument of trim, with ranges as "a..z".
func cutset(a []value) string {
	if len(a) < 2 {
		return " \n\r\t\v\x00"
	}
	s := toStr(a[1])
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+3 < len(s) && s[i+1] == '.' && s[i+2] == '.' && s[i+3] >= s[i] {
			for c := int(s[i]); c <= int(s[i+3]); c++ {
				b.WriteByte(byte(c))
			}
			i += 3
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func trim(left, right bool) pure {
	return scalars(0, 1, func(a []value) (value, bool) {
		s, set := toStr(a[0]), cutset(a)
		for left && s != "" && strings.IndexByte(set, s[0]) >= 0 {
			s = s[1:]
		}
		for right && s != "" && strings.IndexByte(set, s[len(s)-1]) >= 0 {
			s = s[:len(s)-1]
		}
		return str(s), true
	})
}

// span is the part of n elements that an offset and a length mean.
func span(n int, off int64, length value) (from, to int) {
	if off < 0 {
		off = max(0, off+int64(n))
	}
	off = min(off, int64(n))
	end := int64(n)
	if length.k != vNull && length.k != vUnset {
		l := toInt(length)
		if l >= 0 {
			end = min(off+min(l, int64(n)), int64(n))
		} else {
			end = max(int64(n)+l, off)
		}
	}
	return int(off), int(end)
}

func arg(a []value, i int) value {
	if i < len(a) {
		return a[i]
	}
	return value{}
}

func position(find func(s, sub string) int) pure {
	return scalars(0, 2, func(a []value) (value, bool) {
		s, sub := toStr(a[0]), toStr(a[1])
		off := toInt(arg(a, 2))
		if off < 0 {
			off += int64(len(s))
		}
		if off < 0 || off > int64(len(s)) {
			return unknown, false
		}
		if i := find(s[off:], sub); i >= 0 {
			return integer(off + int64(i)), true
		}
		return boolean(false), true
	})
}

func part(find func(s, sub string) int) pure {
	return scalars(1, 2, func(a []value) (value, bool) {
		s, sub := toStr(a[0]), toStr(a[1])
		i := find(s, sub)
		switch {
		case i < 0:
			return boolean(false), true
		case len(a) > 2 && a[2].i != 0:
			return str(s[:i]), true
		}
		return str(s[i:]), true
	})
}

func foldIndex(s, sub string) int { return strings.Index(lower(s), lower(sub)) }

func mathFunc(f func(float64) float64) pure {
	return scalars(0, 1, func(a []value) (value, bool) { return float(f(toFloat(a[0]))), true })
}

// pures are the functions by name.
func pures() map[string]pure {
	m := map[string]pure{
		"strrev": text1(2, reversed), "str_rot13": text1(2, func(s string) string { return mapBytes(s, rot13) }),
		"strtolower": text1(1, lower), "strtoupper": text1(1, upper), "mb_strtolower": text1(1, lower), "mb_strtoupper": text1(1, upper),
		"base64_encode": text1(0, encode64), "bin2hex": text1(0, func(s string) string { return hex.EncodeToString([]byte(s)) }),
		"md5": scalars(1, 1, func(a []value) (value, bool) { s := md5.Sum([]byte(toStr(a[0]))); return digest(s[:], arg(a, 1)), true }),
		"sha1": scalars(1, 1, func(a []value) (value, bool) {
			s := sha1.Sum([]byte(toStr(a[0])))
			return digest(s[:], arg(a, 1)), true
		}),
		"crc32":        scalars(0, 1, func(a []value) (value, bool) { return integer(int64(crc32.ChecksumIEEE([]byte(toStr(a[0]))))), true }),
		"hex2bin":      textOK(2, func(s string) (string, bool) { b, err := hex.DecodeString(s); return string(b), err == nil }),
		"gzinflate":    textOK(2, func(s string) (string, bool) { return inflated(flate.NewReader(strings.NewReader(s)), nil) }),
		"gzuncompress": textOK(2, unzlib), "gzdecode": textOK(2, ungzip), "bzdecompress": textOK(2, func(s string) (string, bool) { return inflated(bzip2.NewReader(strings.NewReader(s)), nil) }),
		"zlib_decode": textOK(2, func(s string) (string, bool) {
			for _, f := range []func(string) (string, bool){unzlib, ungzip} {
				if out, ok := f(s); ok {
					return out, true
				}
			}
			return inflated(flate.NewReader(strings.NewReader(s)), nil)
		}),
		"base64_decode": scalars(2, 1, func(a []value) (value, bool) {
			return str(decodeBase64(toStr(a[0]))), !(len(a) > 1 && a[1].i != 0)
		}),
		"urldecode": text1(2, func(s string) string { return percent(strings.ReplaceAll(s, "+", " ")) }), "rawurldecode": text1(2, percent),
		"urlencode": text1(0, url.QueryEscape), "convert_uudecode": textOK(2, uudecode), "quoted_printable_decode": text1(2, quotedPrintable),
		"html_entity_decode": text1(2, html.UnescapeString), "htmlspecialchars_decode": text1(2, html.UnescapeString),
		"stripslashes": text1(1, stripSlashes), "stripcslashes": text1(2, func(s string) string { return unescape(s, '"') }), "addslashes": text1(0, addSlashes),
		"utf8_decode": text1(1, latin), "strval": text1(0, func(s string) string { return s }), "lcfirst": text1(1, func(s string) string { return lower(s[:min(1, len(s))]) + s[min(1, len(s)):] }),
		"ucfirst": text1(1, func(s string) string { return upper(s[:min(1, len(s))]) + s[min(1, len(s)):] }),
		"trim":    trim(true, true), "ltrim": trim(true, false), "rtrim": trim(false, true), "chop": trim(false, true),
		"strpos": position(strings.Index), "stripos": position(foldIndex), "strrpos": position(strings.LastIndex), "mb_strpos": position(strings.Index),
		"strstr": part(strings.Index), "strchr": part(strings.Index), "stristr": part(foldIndex), "strrchr": part(func(s, sub string) int {
			if sub == "" {
				return -1
			}
			return strings.LastIndexByte(s, sub[0])
		}),
		"sqrt": mathFunc(math.Sqrt), "floor": mathFunc(math.Floor), "ceil": mathFunc(math.Ceil), "log": mathFunc(math.Log), "sin": mathFunc(math.Sin), "cos": mathFunc(math.Cos), "exp": mathFunc(math.Exp),
		"str_split": scalars(1, 1, split), "mb_str_split": scalars(1, 1, split), "explode": scalars(1, 2, explode),
		"chr": scalars(2, 1, func(a []value) (value, bool) { return str(string([]byte{byte(toInt(a[0]))})), true }),
		"ord": scalars(0, 1, func(a []value) (value, bool) {
			if s := toStr(a[0]); s != "" {
				return integer(int64(s[0])), true
			}
			return integer(0), true
		}),
		"strlen": scalars(0, 1, func(a []value) (value, bool) { return integer(int64(len(toStr(a[0])))), true }),
		"substr": scalars(1, 2, func(a []value) (value, bool) {
			s := toStr(a[0])
			from, to := span(len(s), toInt(a[1]), arg(a, 2))
			return str(s[from:to]), true
		}),
		"str_repeat": scalars(0, 2, func(a []value) (value, bool) {
			n := toInt(a[1])
			if n < 0 || n*int64(len(toStr(a[0]))) > maxText || n > maxText {
				return unknown, false
			}
			return str(strings.Repeat(toStr(a[0]), int(n))), true
		}),
		"str_pad": scalars(1, 2, strPad), "chunk_split": scalars(1, 1, chunkSplit), "substr_replace": scalars(1, 3, substrReplace), "sprintf": scalars(1, 1, sprintf), "ucwords": scalars(1, 1, ucwords),
		"intval": scalars(0, 1, intval), "floatval": scalars(0, 1, func(a []value) (value, bool) { return float(toFloat(a[0])), true }),
		"abs": scalars(0, 1, func(a []value) (value, bool) {
			n := toNum(a[0])
			if n.k == vInt {
				if n.i == math.MinInt64 {
					return unknown, false
				}
				return integer(max(n.i, -n.i)), true
			}
			return float(math.Abs(n.f)), true
		}),
		"dechex": scalars(0, 1, base(16)), "decoct": scalars(0, 1, base(8)), "decbin": scalars(0, 1, base(2)),
		"hexdec": scalars(0, 1, unbase(16)), "octdec": scalars(0, 1, unbase(8)), "bindec": scalars(0, 1, unbase(2)), "base_convert": scalars(2, 3, baseConvert),
		"pow": scalars(0, 2, func(a []value) (value, bool) { v := arithmetic("**", toNum(a[0]), toNum(a[1])); return v, v.known() }),
		"intdiv": scalars(0, 2, func(a []value) (value, bool) {
			x, y := toInt(a[0]), toInt(a[1])
			if y == 0 || y == -1 {
				return unknown, false
			}
			return integer(x / y), true
		}),
		"round":  scalars(0, 1, func(a []value) (value, bool) { return float(math.Round(toFloat(a[0]))), len(a) == 1 }),
		"fmod":   scalars(0, 2, func(a []value) (value, bool) { return float(math.Mod(toFloat(a[0]), toFloat(a[1]))), true }),
		"strcmp": scalars(0, 2, func(a []value) (value, bool) { return integer(int64(strings.Compare(toStr(a[0]), toStr(a[1])))), true }),
		"substr_count": scalars(0, 2, func(a []value) (value, bool) {
			return integer(int64(strings.Count(toStr(a[0]), toStr(a[1])))), toStr(a[1]) != "" && len(a) == 2
		}),
		"is_string": kindOf(vStr), "is_int": kindOf(vInt), "is_integer": kindOf(vInt), "is_null": kindOf(vNull), "is_bool": kindOf(vBool), "is_float": kindOf(vFloat),
		"basename": scalars(1, 1, func(a []value) (value, bool) {
			s := strings.TrimRight(toStr(a[0]), "/")
			s = s[strings.LastIndexByte(s, '/')+1:]
			if suf := toStr(arg(a, 1)); suf != "" && s != suf {
				s = strings.TrimSuffix(s, suf)
			}
			return str(s), true
		}),
		"nl2br":           text1(0, func(s string) string { return strings.ReplaceAll(s, "\n", "<br />\n") }),
		"openssl_decrypt": scalars(2, 3, opensslDecrypt), "unserialize": scalars(2, 1, unserialize), "json_decode": scalars(2, 1, jsonDecode),
		"iconv": scalars(1, 3, func(a []value) (value, bool) { return a[2], ascii(toStr(a[2])) }), "mb_convert_encoding": scalars(1, 2, func(a []value) (value, bool) {
			if strings.EqualFold(toStr(arg(a, 2)), "base64") {
				return str(decodeBase64(toStr(a[0]))), true
			}
			return a[0], ascii(toStr(a[0]))
		}),
		"pack": scalars(2, 1, pack),
	}
	arrayFuncs(m)
	return m
}
