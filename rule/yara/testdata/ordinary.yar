rule texts {
  strings:
    $a = "error" nocase
    $b = "main" fullword
    $c = "Copyright" wide ascii
    $d = "usage" nocase wide ascii fullword
    $e = "/bin/sh"
    $f = "GNU"
    $g = "the" fullword nocase
  condition: any of them
}

rule encoded {
  strings:
    $a = "exec" xor(1-255)
    $b = "http://" xor(0x20-0x7f) wide ascii
    $c = "password" base64
    $d = "hello" base64 base64wide
  condition: any of them
}

rule hex {
  strings:
    $elf = { 7F 45 4C 46 0? 01 ?1 }
    $call = { E8 ?? ?? ?? 00 (48 | 49) 8? C? }
    $jump = { 48 83 EC ?8 [4-24] C3 }
    $long = { 55 48 89 E5 [100-700] C9 C3 }
    $open = { 23 21 2F [-] 65 78 69 74 0A }
    $nested = { 0F ( 84 | 85 | 8? ?? ( 00 | FF ) ) [1-3] 00 }
    $three = { 7F 45 4C 46 [200-] 2E 74 65 78 74 00 [1-40] 2E 64 61 74 61 }
  condition: any of them
}

rule regexes {
  strings:
    $a = /https?:\/\/[a-z0-9.\/-]+/ nocase
    $b = /[a-z]+_[a-z]+\(\)/
    $c = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/
    $d = /(GPL|LGPL|MIT|BSD)[ -]?[23]?/
    $e = /\bint\s+\w+\s*\(/
    $f = /%[0-9]*l?[dux]/
    $g = /if .{0,20}then/
    $h = /<.*?>/
    $i = /lib[a-z]+\.so(\.[0-9]+)+/ wide ascii
    $j = /^#!.+/
    $k = /\}\s*$/
    $l = /[A-Z]{3,8}=[^\n]*/
    $m = /(ab|cd|ef)+[x-z]/i fullword
    $n = /e{2,}/
    $o = /a+b*c?d/
    $p = /v[0-9]+?(\.[0-9]+?)*?-/
  condition: any of them
}

rule counts {
  strings:
    $a = "return"
    $b = /re[a-z]{2}rn/
  condition: #a > 3 and #a == #b and @a[2] > @a[1] and !b[1] == 6 and for any i in (1..#a) : ( @a[i] % 2 == 0 )
}

rule spans {
  strings:
    $a = "\n"
    $b = "if"
  condition: $b in (0..filesize \ 2) and #a in (0..1000) > 10 and any of ($a, $b) in (filesize - 50..filesize)
}
