import "elf"
import "hash"
import "math"
import "time"

rule m1 { condition: defined (elf.type) and (elf.type) >> 0 & 1 == 1 }
rule m2 { condition: defined (elf.machine) and (elf.machine) >> 0 & 1 == 1 }
rule m3 { condition: defined (elf.entry_point) and (elf.entry_point) >> 0 & 1 == 1 }
rule m4 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 0 & 1 == 1 }
rule m5 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 0 & 1 == 1 }
rule m6 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 0 & 1 == 1 }
rule m7 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 0 & 1 == 1 }
rule m8 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 0 & 1 == 1 }
rule m9 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 0 & 1 == 1 }
rule m10 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 0 & 1 == 1 }
rule m11 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 0 & 1 == 1 }
rule m12 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 0 & 1 == 1 }
rule m13 { condition: defined (entrypoint) and (entrypoint) >> 0 & 1 == 1 }
rule m14 { condition: defined (elf.sections[3].size) and (elf.sections[3].size) >> 0 & 1 == 1 }
rule m15 { condition: defined (elf.sections[3].offset) and (elf.sections[3].offset) >> 0 & 1 == 1 }
rule m16 { condition: defined (elf.sections[3].address) and (elf.sections[3].address) >> 0 & 1 == 1 }
rule m17 { condition: defined (elf.sections[0].type) and (elf.sections[0].type) >> 0 & 1 == 1 }
rule m18 { condition: defined (elf.sections[2].flags) and (elf.sections[2].flags) >> 0 & 1 == 1 }
rule m19 { condition: defined (elf.segments[0].offset) and (elf.segments[0].offset) >> 0 & 1 == 1 }
rule m20 { condition: defined (elf.segments[0].type) and (elf.segments[0].type) >> 0 & 1 == 1 }
rule m21 { condition: defined (elf.segments[0].virtual_address) and (elf.segments[0].virtual_address) >> 0 & 1 == 1 }
rule m22 { condition: defined (elf.segments[0].memory_size) and (elf.segments[0].memory_size) >> 0 & 1 == 1 }
rule m23 { condition: defined (elf.segments[0].file_size) and (elf.segments[0].file_size) >> 0 & 1 == 1 }
rule m24 { condition: defined (elf.segments[0].alignment) and (elf.segments[0].alignment) >> 0 & 1 == 1 }
rule m25 { condition: defined (elf.segments[0].flags) and (elf.segments[0].flags) >> 0 & 1 == 1 }
rule m26 { condition: defined (elf.dynamic[0].val) and (elf.dynamic[0].val) >> 0 & 1 == 1 }
rule m27 { condition: defined (elf.dynamic[0].type) and (elf.dynamic[0].type) >> 0 & 1 == 1 }
rule m28 { condition: defined (elf.dynsym[1].value) and (elf.dynsym[1].value) >> 0 & 1 == 1 }
rule m29 { condition: defined (elf.dynsym[1].size) and (elf.dynsym[1].size) >> 0 & 1 == 1 }
rule m30 { condition: defined (elf.dynsym[0].type) and (elf.dynsym[0].type) >> 0 & 1 == 1 }
rule m31 { condition: defined (elf.dynsym[0].bind) and (elf.dynsym[0].bind) >> 0 & 1 == 1 }
rule m32 { condition: defined (elf.dynsym[0].shndx) and (elf.dynsym[0].shndx) >> 0 & 1 == 1 }
rule m33 { condition: defined (elf.symtab[0].value) and (elf.symtab[0].value) >> 0 & 1 == 1 }
rule m34 { condition: defined (math.mode()) and (math.mode()) >> 0 & 1 == 1 }
rule m35 { condition: defined (math.count(0)) and (math.count(0)) >> 0 & 1 == 1 }
rule m36 { condition: defined (math.count(0,100,1000)) and (math.count(0,100,1000)) >> 0 & 1 == 1 }
rule m37 { condition: defined (math.mode(0,500)) and (math.mode(0,500)) >> 0 & 1 == 1 }
rule m38 { condition: defined (hash.crc32(0,1000)) and (hash.crc32(0,1000)) >> 0 & 1 == 1 }
rule m39 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 0 & 1 == 1 }
rule m40 { condition: defined (math.min(filesize,0)) and (math.min(filesize,0)) >> 0 & 1 == 1 }
rule m41 { condition: defined (math.max(filesize,0)) and (math.max(filesize,0)) >> 0 & 1 == 1 }
rule m42 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 0 & 1 == 1 }
rule m44 { condition: defined (elf.type) and (elf.type) >> 3 & 1 == 1 }
rule m45 { condition: defined (elf.machine) and (elf.machine) >> 3 & 1 == 1 }
rule m46 { condition: defined (elf.entry_point) and (elf.entry_point) >> 3 & 1 == 1 }
rule m47 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 3 & 1 == 1 }
rule m48 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 3 & 1 == 1 }
rule m49 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 3 & 1 == 1 }
rule m50 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 3 & 1 == 1 }
rule m51 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 3 & 1 == 1 }
rule m52 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 3 & 1 == 1 }
rule m53 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 3 & 1 == 1 }
rule m54 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 3 & 1 == 1 }
rule m55 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 3 & 1 == 1 }
rule m56 { condition: defined (entrypoint) and (entrypoint) >> 3 & 1 == 1 }
rule m57 { condition: defined (elf.sections[4].size) and (elf.sections[4].size) >> 3 & 1 == 1 }
rule m58 { condition: defined (elf.sections[4].offset) and (elf.sections[4].offset) >> 3 & 1 == 1 }
rule m59 { condition: defined (elf.sections[4].address) and (elf.sections[4].address) >> 3 & 1 == 1 }
rule m60 { condition: defined (elf.sections[1].type) and (elf.sections[1].type) >> 3 & 1 == 1 }
rule m61 { condition: defined (elf.sections[3].flags) and (elf.sections[3].flags) >> 3 & 1 == 1 }
rule m62 { condition: defined (elf.segments[1].offset) and (elf.segments[1].offset) >> 3 & 1 == 1 }
rule m63 { condition: defined (elf.segments[1].type) and (elf.segments[1].type) >> 3 & 1 == 1 }
rule m64 { condition: defined (elf.segments[1].virtual_address) and (elf.segments[1].virtual_address) >> 3 & 1 == 1 }
rule m65 { condition: defined (elf.segments[1].memory_size) and (elf.segments[1].memory_size) >> 3 & 1 == 1 }
rule m66 { condition: defined (elf.segments[1].file_size) and (elf.segments[1].file_size) >> 3 & 1 == 1 }
rule m67 { condition: defined (elf.segments[1].alignment) and (elf.segments[1].alignment) >> 3 & 1 == 1 }
rule m68 { condition: defined (elf.segments[1].flags) and (elf.segments[1].flags) >> 3 & 1 == 1 }
rule m69 { condition: defined (elf.dynamic[1].val) and (elf.dynamic[1].val) >> 3 & 1 == 1 }
rule m70 { condition: defined (elf.dynamic[1].type) and (elf.dynamic[1].type) >> 3 & 1 == 1 }
rule m71 { condition: defined (elf.dynsym[6].value) and (elf.dynsym[6].value) >> 3 & 1 == 1 }
rule m72 { condition: defined (elf.dynsym[6].size) and (elf.dynsym[6].size) >> 3 & 1 == 1 }
rule m73 { condition: defined (elf.dynsym[5].type) and (elf.dynsym[5].type) >> 3 & 1 == 1 }
rule m74 { condition: defined (elf.dynsym[5].bind) and (elf.dynsym[5].bind) >> 3 & 1 == 1 }
rule m75 { condition: defined (elf.dynsym[7].shndx) and (elf.dynsym[7].shndx) >> 3 & 1 == 1 }
rule m76 { condition: defined (elf.symtab[5].value) and (elf.symtab[5].value) >> 3 & 1 == 1 }
rule m77 { condition: defined (math.mode()) and (math.mode()) >> 3 & 1 == 1 }
rule m78 { condition: defined (math.count(30)) and (math.count(30)) >> 3 & 1 == 1 }
rule m79 { condition: defined (math.count(1,100,1000)) and (math.count(1,100,1000)) >> 3 & 1 == 1 }
rule m80 { condition: defined (math.mode(100,500)) and (math.mode(100,500)) >> 3 & 1 == 1 }
rule m81 { condition: defined (hash.crc32(1,1000)) and (hash.crc32(1,1000)) >> 3 & 1 == 1 }
rule m82 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 3 & 1 == 1 }
rule m83 { condition: defined (math.min(filesize,1000)) and (math.min(filesize,1000)) >> 3 & 1 == 1 }
rule m84 { condition: defined (math.max(filesize,1000)) and (math.max(filesize,1000)) >> 3 & 1 == 1 }
rule m85 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 3 & 1 == 1 }
rule m87 { condition: defined (elf.type) and (elf.type) >> 6 & 1 == 1 }
rule m88 { condition: defined (elf.machine) and (elf.machine) >> 6 & 1 == 1 }
rule m89 { condition: defined (elf.entry_point) and (elf.entry_point) >> 6 & 1 == 1 }
rule m90 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 6 & 1 == 1 }
rule m91 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 6 & 1 == 1 }
rule m92 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 6 & 1 == 1 }
rule m93 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 6 & 1 == 1 }
rule m94 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 6 & 1 == 1 }
rule m95 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 6 & 1 == 1 }
rule m96 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 6 & 1 == 1 }
rule m97 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 6 & 1 == 1 }
rule m98 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 6 & 1 == 1 }
rule m99 { condition: defined (entrypoint) and (entrypoint) >> 6 & 1 == 1 }
rule m100 { condition: defined (elf.sections[5].size) and (elf.sections[5].size) >> 6 & 1 == 1 }
rule m101 { condition: defined (elf.sections[5].offset) and (elf.sections[5].offset) >> 6 & 1 == 1 }
rule m102 { condition: defined (elf.sections[5].address) and (elf.sections[5].address) >> 6 & 1 == 1 }
rule m103 { condition: defined (elf.sections[2].type) and (elf.sections[2].type) >> 6 & 1 == 1 }
rule m104 { condition: defined (elf.sections[4].flags) and (elf.sections[4].flags) >> 6 & 1 == 1 }
rule m105 { condition: defined (elf.segments[2].offset) and (elf.segments[2].offset) >> 6 & 1 == 1 }
rule m106 { condition: defined (elf.segments[2].type) and (elf.segments[2].type) >> 6 & 1 == 1 }
rule m107 { condition: defined (elf.segments[2].virtual_address) and (elf.segments[2].virtual_address) >> 6 & 1 == 1 }
rule m108 { condition: defined (elf.segments[2].memory_size) and (elf.segments[2].memory_size) >> 6 & 1 == 1 }
rule m109 { condition: defined (elf.segments[2].file_size) and (elf.segments[2].file_size) >> 6 & 1 == 1 }
rule m110 { condition: defined (elf.segments[2].alignment) and (elf.segments[2].alignment) >> 6 & 1 == 1 }
rule m111 { condition: defined (elf.segments[2].flags) and (elf.segments[2].flags) >> 6 & 1 == 1 }
rule m112 { condition: defined (elf.dynamic[2].val) and (elf.dynamic[2].val) >> 6 & 1 == 1 }
rule m113 { condition: defined (elf.dynamic[2].type) and (elf.dynamic[2].type) >> 6 & 1 == 1 }
rule m114 { condition: defined (elf.dynsym[11].value) and (elf.dynsym[11].value) >> 6 & 1 == 1 }
rule m115 { condition: defined (elf.dynsym[11].size) and (elf.dynsym[11].size) >> 6 & 1 == 1 }
rule m116 { condition: defined (elf.dynsym[10].type) and (elf.dynsym[10].type) >> 6 & 1 == 1 }
rule m117 { condition: defined (elf.dynsym[10].bind) and (elf.dynsym[10].bind) >> 6 & 1 == 1 }
rule m118 { condition: defined (elf.dynsym[14].shndx) and (elf.dynsym[14].shndx) >> 6 & 1 == 1 }
rule m119 { condition: defined (elf.symtab[10].value) and (elf.symtab[10].value) >> 6 & 1 == 1 }
rule m120 { condition: defined (math.mode()) and (math.mode()) >> 6 & 1 == 1 }
rule m121 { condition: defined (math.count(60)) and (math.count(60)) >> 6 & 1 == 1 }
rule m122 { condition: defined (math.count(2,100,1000)) and (math.count(2,100,1000)) >> 6 & 1 == 1 }
rule m123 { condition: defined (math.mode(200,500)) and (math.mode(200,500)) >> 6 & 1 == 1 }
rule m124 { condition: defined (hash.crc32(2,1000)) and (hash.crc32(2,1000)) >> 6 & 1 == 1 }
rule m125 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 6 & 1 == 1 }
rule m126 { condition: defined (math.min(filesize,2000)) and (math.min(filesize,2000)) >> 6 & 1 == 1 }
rule m127 { condition: defined (math.max(filesize,2000)) and (math.max(filesize,2000)) >> 6 & 1 == 1 }
rule m128 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 6 & 1 == 1 }
rule m130 { condition: defined (elf.type) and (elf.type) >> 9 & 1 == 1 }
rule m131 { condition: defined (elf.machine) and (elf.machine) >> 9 & 1 == 1 }
rule m132 { condition: defined (elf.entry_point) and (elf.entry_point) >> 9 & 1 == 1 }
rule m133 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 9 & 1 == 1 }
rule m134 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 9 & 1 == 1 }
rule m135 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 9 & 1 == 1 }
rule m136 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 9 & 1 == 1 }
rule m137 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 9 & 1 == 1 }
rule m138 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 9 & 1 == 1 }
rule m139 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 9 & 1 == 1 }
rule m140 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 9 & 1 == 1 }
rule m141 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 9 & 1 == 1 }
rule m142 { condition: defined (entrypoint) and (entrypoint) >> 9 & 1 == 1 }
rule m143 { condition: defined (elf.sections[6].size) and (elf.sections[6].size) >> 9 & 1 == 1 }
rule m144 { condition: defined (elf.sections[6].offset) and (elf.sections[6].offset) >> 9 & 1 == 1 }
rule m145 { condition: defined (elf.sections[6].address) and (elf.sections[6].address) >> 9 & 1 == 1 }
rule m146 { condition: defined (elf.sections[3].type) and (elf.sections[3].type) >> 9 & 1 == 1 }
rule m147 { condition: defined (elf.sections[5].flags) and (elf.sections[5].flags) >> 9 & 1 == 1 }
rule m148 { condition: defined (elf.segments[3].offset) and (elf.segments[3].offset) >> 9 & 1 == 1 }
rule m149 { condition: defined (elf.segments[3].type) and (elf.segments[3].type) >> 9 & 1 == 1 }
rule m150 { condition: defined (elf.segments[3].virtual_address) and (elf.segments[3].virtual_address) >> 9 & 1 == 1 }
rule m151 { condition: defined (elf.segments[3].memory_size) and (elf.segments[3].memory_size) >> 9 & 1 == 1 }
rule m152 { condition: defined (elf.segments[3].file_size) and (elf.segments[3].file_size) >> 9 & 1 == 1 }
rule m153 { condition: defined (elf.segments[3].alignment) and (elf.segments[3].alignment) >> 9 & 1 == 1 }
rule m154 { condition: defined (elf.segments[3].flags) and (elf.segments[3].flags) >> 9 & 1 == 1 }
rule m155 { condition: defined (elf.dynamic[3].val) and (elf.dynamic[3].val) >> 9 & 1 == 1 }
rule m156 { condition: defined (elf.dynamic[3].type) and (elf.dynamic[3].type) >> 9 & 1 == 1 }
rule m157 { condition: defined (elf.dynsym[16].value) and (elf.dynsym[16].value) >> 9 & 1 == 1 }
rule m158 { condition: defined (elf.dynsym[16].size) and (elf.dynsym[16].size) >> 9 & 1 == 1 }
rule m159 { condition: defined (elf.dynsym[15].type) and (elf.dynsym[15].type) >> 9 & 1 == 1 }
rule m160 { condition: defined (elf.dynsym[15].bind) and (elf.dynsym[15].bind) >> 9 & 1 == 1 }
rule m161 { condition: defined (elf.dynsym[21].shndx) and (elf.dynsym[21].shndx) >> 9 & 1 == 1 }
rule m162 { condition: defined (elf.symtab[15].value) and (elf.symtab[15].value) >> 9 & 1 == 1 }
rule m163 { condition: defined (math.mode()) and (math.mode()) >> 9 & 1 == 1 }
rule m164 { condition: defined (math.count(90)) and (math.count(90)) >> 9 & 1 == 1 }
rule m165 { condition: defined (math.count(3,100,1000)) and (math.count(3,100,1000)) >> 9 & 1 == 1 }
rule m166 { condition: defined (math.mode(300,500)) and (math.mode(300,500)) >> 9 & 1 == 1 }
rule m167 { condition: defined (hash.crc32(3,1000)) and (hash.crc32(3,1000)) >> 9 & 1 == 1 }
rule m168 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 9 & 1 == 1 }
rule m169 { condition: defined (math.min(filesize,3000)) and (math.min(filesize,3000)) >> 9 & 1 == 1 }
rule m170 { condition: defined (math.max(filesize,3000)) and (math.max(filesize,3000)) >> 9 & 1 == 1 }
rule m171 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 9 & 1 == 1 }
rule m173 { condition: defined (elf.type) and (elf.type) >> 12 & 1 == 1 }
rule m174 { condition: defined (elf.machine) and (elf.machine) >> 12 & 1 == 1 }
rule m175 { condition: defined (elf.entry_point) and (elf.entry_point) >> 12 & 1 == 1 }
rule m176 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 12 & 1 == 1 }
rule m177 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 12 & 1 == 1 }
rule m178 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 12 & 1 == 1 }
rule m179 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 12 & 1 == 1 }
rule m180 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 12 & 1 == 1 }
rule m181 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 12 & 1 == 1 }
rule m182 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 12 & 1 == 1 }
rule m183 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 12 & 1 == 1 }
rule m184 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 12 & 1 == 1 }
rule m185 { condition: defined (entrypoint) and (entrypoint) >> 12 & 1 == 1 }
rule m186 { condition: defined (elf.sections[7].size) and (elf.sections[7].size) >> 12 & 1 == 1 }
rule m187 { condition: defined (elf.sections[7].offset) and (elf.sections[7].offset) >> 12 & 1 == 1 }
rule m188 { condition: defined (elf.sections[7].address) and (elf.sections[7].address) >> 12 & 1 == 1 }
rule m189 { condition: defined (elf.sections[4].type) and (elf.sections[4].type) >> 12 & 1 == 1 }
rule m190 { condition: defined (elf.sections[6].flags) and (elf.sections[6].flags) >> 12 & 1 == 1 }
rule m191 { condition: defined (elf.segments[4].offset) and (elf.segments[4].offset) >> 12 & 1 == 1 }
rule m192 { condition: defined (elf.segments[4].type) and (elf.segments[4].type) >> 12 & 1 == 1 }
rule m193 { condition: defined (elf.segments[4].virtual_address) and (elf.segments[4].virtual_address) >> 12 & 1 == 1 }
rule m194 { condition: defined (elf.segments[4].memory_size) and (elf.segments[4].memory_size) >> 12 & 1 == 1 }
rule m195 { condition: defined (elf.segments[4].file_size) and (elf.segments[4].file_size) >> 12 & 1 == 1 }
rule m196 { condition: defined (elf.segments[4].alignment) and (elf.segments[4].alignment) >> 12 & 1 == 1 }
rule m197 { condition: defined (elf.segments[4].flags) and (elf.segments[4].flags) >> 12 & 1 == 1 }
rule m198 { condition: defined (elf.dynamic[4].val) and (elf.dynamic[4].val) >> 12 & 1 == 1 }
rule m199 { condition: defined (elf.dynamic[4].type) and (elf.dynamic[4].type) >> 12 & 1 == 1 }
rule m200 { condition: defined (elf.dynsym[21].value) and (elf.dynsym[21].value) >> 12 & 1 == 1 }
rule m201 { condition: defined (elf.dynsym[21].size) and (elf.dynsym[21].size) >> 12 & 1 == 1 }
rule m202 { condition: defined (elf.dynsym[20].type) and (elf.dynsym[20].type) >> 12 & 1 == 1 }
rule m203 { condition: defined (elf.dynsym[20].bind) and (elf.dynsym[20].bind) >> 12 & 1 == 1 }
rule m204 { condition: defined (elf.dynsym[28].shndx) and (elf.dynsym[28].shndx) >> 12 & 1 == 1 }
rule m205 { condition: defined (elf.symtab[20].value) and (elf.symtab[20].value) >> 12 & 1 == 1 }
rule m206 { condition: defined (math.mode()) and (math.mode()) >> 12 & 1 == 1 }
rule m207 { condition: defined (math.count(120)) and (math.count(120)) >> 12 & 1 == 1 }
rule m208 { condition: defined (math.count(4,100,1000)) and (math.count(4,100,1000)) >> 12 & 1 == 1 }
rule m209 { condition: defined (math.mode(400,500)) and (math.mode(400,500)) >> 12 & 1 == 1 }
rule m210 { condition: defined (hash.crc32(4,1000)) and (hash.crc32(4,1000)) >> 12 & 1 == 1 }
rule m211 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 12 & 1 == 1 }
rule m212 { condition: defined (math.min(filesize,4000)) and (math.min(filesize,4000)) >> 12 & 1 == 1 }
rule m213 { condition: defined (math.max(filesize,4000)) and (math.max(filesize,4000)) >> 12 & 1 == 1 }
rule m214 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 12 & 1 == 1 }
rule m216 { condition: defined (elf.type) and (elf.type) >> 15 & 1 == 1 }
rule m217 { condition: defined (elf.machine) and (elf.machine) >> 15 & 1 == 1 }
rule m218 { condition: defined (elf.entry_point) and (elf.entry_point) >> 15 & 1 == 1 }
rule m219 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 15 & 1 == 1 }
rule m220 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 15 & 1 == 1 }
rule m221 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 15 & 1 == 1 }
rule m222 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 15 & 1 == 1 }
rule m223 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 15 & 1 == 1 }
rule m224 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 15 & 1 == 1 }
rule m225 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 15 & 1 == 1 }
rule m226 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 15 & 1 == 1 }
rule m227 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 15 & 1 == 1 }
rule m228 { condition: defined (entrypoint) and (entrypoint) >> 15 & 1 == 1 }
rule m229 { condition: defined (elf.sections[8].size) and (elf.sections[8].size) >> 15 & 1 == 1 }
rule m230 { condition: defined (elf.sections[8].offset) and (elf.sections[8].offset) >> 15 & 1 == 1 }
rule m231 { condition: defined (elf.sections[8].address) and (elf.sections[8].address) >> 15 & 1 == 1 }
rule m232 { condition: defined (elf.sections[5].type) and (elf.sections[5].type) >> 15 & 1 == 1 }
rule m233 { condition: defined (elf.sections[7].flags) and (elf.sections[7].flags) >> 15 & 1 == 1 }
rule m234 { condition: defined (elf.segments[5].offset) and (elf.segments[5].offset) >> 15 & 1 == 1 }
rule m235 { condition: defined (elf.segments[5].type) and (elf.segments[5].type) >> 15 & 1 == 1 }
rule m236 { condition: defined (elf.segments[5].virtual_address) and (elf.segments[5].virtual_address) >> 15 & 1 == 1 }
rule m237 { condition: defined (elf.segments[5].memory_size) and (elf.segments[5].memory_size) >> 15 & 1 == 1 }
rule m238 { condition: defined (elf.segments[5].file_size) and (elf.segments[5].file_size) >> 15 & 1 == 1 }
rule m239 { condition: defined (elf.segments[5].alignment) and (elf.segments[5].alignment) >> 15 & 1 == 1 }
rule m240 { condition: defined (elf.segments[5].flags) and (elf.segments[5].flags) >> 15 & 1 == 1 }
rule m241 { condition: defined (elf.dynamic[5].val) and (elf.dynamic[5].val) >> 15 & 1 == 1 }
rule m242 { condition: defined (elf.dynamic[5].type) and (elf.dynamic[5].type) >> 15 & 1 == 1 }
rule m243 { condition: defined (elf.dynsym[26].value) and (elf.dynsym[26].value) >> 15 & 1 == 1 }
rule m244 { condition: defined (elf.dynsym[26].size) and (elf.dynsym[26].size) >> 15 & 1 == 1 }
rule m245 { condition: defined (elf.dynsym[25].type) and (elf.dynsym[25].type) >> 15 & 1 == 1 }
rule m246 { condition: defined (elf.dynsym[25].bind) and (elf.dynsym[25].bind) >> 15 & 1 == 1 }
rule m247 { condition: defined (elf.dynsym[35].shndx) and (elf.dynsym[35].shndx) >> 15 & 1 == 1 }
rule m248 { condition: defined (elf.symtab[25].value) and (elf.symtab[25].value) >> 15 & 1 == 1 }
rule m249 { condition: defined (math.mode()) and (math.mode()) >> 15 & 1 == 1 }
rule m250 { condition: defined (math.count(150)) and (math.count(150)) >> 15 & 1 == 1 }
rule m251 { condition: defined (math.count(5,100,1000)) and (math.count(5,100,1000)) >> 15 & 1 == 1 }
rule m252 { condition: defined (math.mode(500,500)) and (math.mode(500,500)) >> 15 & 1 == 1 }
rule m253 { condition: defined (hash.crc32(5,1000)) and (hash.crc32(5,1000)) >> 15 & 1 == 1 }
rule m254 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 15 & 1 == 1 }
rule m255 { condition: defined (math.min(filesize,5000)) and (math.min(filesize,5000)) >> 15 & 1 == 1 }
rule m256 { condition: defined (math.max(filesize,5000)) and (math.max(filesize,5000)) >> 15 & 1 == 1 }
rule m257 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 15 & 1 == 1 }
rule m259 { condition: defined (elf.type) and (elf.type) >> 18 & 1 == 1 }
rule m260 { condition: defined (elf.machine) and (elf.machine) >> 18 & 1 == 1 }
rule m261 { condition: defined (elf.entry_point) and (elf.entry_point) >> 18 & 1 == 1 }
rule m262 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 18 & 1 == 1 }
rule m263 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 18 & 1 == 1 }
rule m264 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 18 & 1 == 1 }
rule m265 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 18 & 1 == 1 }
rule m266 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 18 & 1 == 1 }
rule m267 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 18 & 1 == 1 }
rule m268 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 18 & 1 == 1 }
rule m269 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 18 & 1 == 1 }
rule m270 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 18 & 1 == 1 }
rule m271 { condition: defined (entrypoint) and (entrypoint) >> 18 & 1 == 1 }
rule m272 { condition: defined (elf.sections[9].size) and (elf.sections[9].size) >> 18 & 1 == 1 }
rule m273 { condition: defined (elf.sections[9].offset) and (elf.sections[9].offset) >> 18 & 1 == 1 }
rule m274 { condition: defined (elf.sections[9].address) and (elf.sections[9].address) >> 18 & 1 == 1 }
rule m275 { condition: defined (elf.sections[6].type) and (elf.sections[6].type) >> 18 & 1 == 1 }
rule m276 { condition: defined (elf.sections[8].flags) and (elf.sections[8].flags) >> 18 & 1 == 1 }
rule m277 { condition: defined (elf.segments[6].offset) and (elf.segments[6].offset) >> 18 & 1 == 1 }
rule m278 { condition: defined (elf.segments[6].type) and (elf.segments[6].type) >> 18 & 1 == 1 }
rule m279 { condition: defined (elf.segments[6].virtual_address) and (elf.segments[6].virtual_address) >> 18 & 1 == 1 }
rule m280 { condition: defined (elf.segments[6].memory_size) and (elf.segments[6].memory_size) >> 18 & 1 == 1 }
rule m281 { condition: defined (elf.segments[6].file_size) and (elf.segments[6].file_size) >> 18 & 1 == 1 }
rule m282 { condition: defined (elf.segments[6].alignment) and (elf.segments[6].alignment) >> 18 & 1 == 1 }
rule m283 { condition: defined (elf.segments[6].flags) and (elf.segments[6].flags) >> 18 & 1 == 1 }
rule m284 { condition: defined (elf.dynamic[6].val) and (elf.dynamic[6].val) >> 18 & 1 == 1 }
rule m285 { condition: defined (elf.dynamic[6].type) and (elf.dynamic[6].type) >> 18 & 1 == 1 }
rule m286 { condition: defined (elf.dynsym[31].value) and (elf.dynsym[31].value) >> 18 & 1 == 1 }
rule m287 { condition: defined (elf.dynsym[31].size) and (elf.dynsym[31].size) >> 18 & 1 == 1 }
rule m288 { condition: defined (elf.dynsym[30].type) and (elf.dynsym[30].type) >> 18 & 1 == 1 }
rule m289 { condition: defined (elf.dynsym[30].bind) and (elf.dynsym[30].bind) >> 18 & 1 == 1 }
rule m290 { condition: defined (elf.dynsym[42].shndx) and (elf.dynsym[42].shndx) >> 18 & 1 == 1 }
rule m291 { condition: defined (elf.symtab[30].value) and (elf.symtab[30].value) >> 18 & 1 == 1 }
rule m292 { condition: defined (math.mode()) and (math.mode()) >> 18 & 1 == 1 }
rule m293 { condition: defined (math.count(180)) and (math.count(180)) >> 18 & 1 == 1 }
rule m294 { condition: defined (math.count(6,100,1000)) and (math.count(6,100,1000)) >> 18 & 1 == 1 }
rule m295 { condition: defined (math.mode(600,500)) and (math.mode(600,500)) >> 18 & 1 == 1 }
rule m296 { condition: defined (hash.crc32(6,1000)) and (hash.crc32(6,1000)) >> 18 & 1 == 1 }
rule m297 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 18 & 1 == 1 }
rule m298 { condition: defined (math.min(filesize,6000)) and (math.min(filesize,6000)) >> 18 & 1 == 1 }
rule m299 { condition: defined (math.max(filesize,6000)) and (math.max(filesize,6000)) >> 18 & 1 == 1 }
rule m300 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 18 & 1 == 1 }
rule m302 { condition: defined (elf.type) and (elf.type) >> 21 & 1 == 1 }
rule m303 { condition: defined (elf.machine) and (elf.machine) >> 21 & 1 == 1 }
rule m304 { condition: defined (elf.entry_point) and (elf.entry_point) >> 21 & 1 == 1 }
rule m305 { condition: defined (elf.number_of_sections) and (elf.number_of_sections) >> 21 & 1 == 1 }
rule m306 { condition: defined (elf.number_of_segments) and (elf.number_of_segments) >> 21 & 1 == 1 }
rule m307 { condition: defined (elf.sh_offset) and (elf.sh_offset) >> 21 & 1 == 1 }
rule m308 { condition: defined (elf.ph_offset) and (elf.ph_offset) >> 21 & 1 == 1 }
rule m309 { condition: defined (elf.sh_entry_size) and (elf.sh_entry_size) >> 21 & 1 == 1 }
rule m310 { condition: defined (elf.ph_entry_size) and (elf.ph_entry_size) >> 21 & 1 == 1 }
rule m311 { condition: defined (elf.dynamic_section_entries) and (elf.dynamic_section_entries) >> 21 & 1 == 1 }
rule m312 { condition: defined (elf.symtab_entries) and (elf.symtab_entries) >> 21 & 1 == 1 }
rule m313 { condition: defined (elf.dynsym_entries) and (elf.dynsym_entries) >> 21 & 1 == 1 }
rule m314 { condition: defined (entrypoint) and (entrypoint) >> 21 & 1 == 1 }
rule m315 { condition: defined (elf.sections[10].size) and (elf.sections[10].size) >> 21 & 1 == 1 }
rule m316 { condition: defined (elf.sections[10].offset) and (elf.sections[10].offset) >> 21 & 1 == 1 }
rule m317 { condition: defined (elf.sections[10].address) and (elf.sections[10].address) >> 21 & 1 == 1 }
rule m318 { condition: defined (elf.sections[7].type) and (elf.sections[7].type) >> 21 & 1 == 1 }
rule m319 { condition: defined (elf.sections[9].flags) and (elf.sections[9].flags) >> 21 & 1 == 1 }
rule m320 { condition: defined (elf.segments[7].offset) and (elf.segments[7].offset) >> 21 & 1 == 1 }
rule m321 { condition: defined (elf.segments[7].type) and (elf.segments[7].type) >> 21 & 1 == 1 }
rule m322 { condition: defined (elf.segments[7].virtual_address) and (elf.segments[7].virtual_address) >> 21 & 1 == 1 }
rule m323 { condition: defined (elf.segments[7].memory_size) and (elf.segments[7].memory_size) >> 21 & 1 == 1 }
rule m324 { condition: defined (elf.segments[7].file_size) and (elf.segments[7].file_size) >> 21 & 1 == 1 }
rule m325 { condition: defined (elf.segments[7].alignment) and (elf.segments[7].alignment) >> 21 & 1 == 1 }
rule m326 { condition: defined (elf.segments[7].flags) and (elf.segments[7].flags) >> 21 & 1 == 1 }
rule m327 { condition: defined (elf.dynamic[7].val) and (elf.dynamic[7].val) >> 21 & 1 == 1 }
rule m328 { condition: defined (elf.dynamic[7].type) and (elf.dynamic[7].type) >> 21 & 1 == 1 }
rule m329 { condition: defined (elf.dynsym[36].value) and (elf.dynsym[36].value) >> 21 & 1 == 1 }
rule m330 { condition: defined (elf.dynsym[36].size) and (elf.dynsym[36].size) >> 21 & 1 == 1 }
rule m331 { condition: defined (elf.dynsym[35].type) and (elf.dynsym[35].type) >> 21 & 1 == 1 }
rule m332 { condition: defined (elf.dynsym[35].bind) and (elf.dynsym[35].bind) >> 21 & 1 == 1 }
rule m333 { condition: defined (elf.dynsym[49].shndx) and (elf.dynsym[49].shndx) >> 21 & 1 == 1 }
rule m334 { condition: defined (elf.symtab[35].value) and (elf.symtab[35].value) >> 21 & 1 == 1 }
rule m335 { condition: defined (math.mode()) and (math.mode()) >> 21 & 1 == 1 }
rule m336 { condition: defined (math.count(210)) and (math.count(210)) >> 21 & 1 == 1 }
rule m337 { condition: defined (math.count(7,100,1000)) and (math.count(7,100,1000)) >> 21 & 1 == 1 }
rule m338 { condition: defined (math.mode(700,500)) and (math.mode(700,500)) >> 21 & 1 == 1 }
rule m339 { condition: defined (hash.crc32(7,1000)) and (hash.crc32(7,1000)) >> 21 & 1 == 1 }
rule m340 { condition: defined (hash.checksum32(0,filesize)) and (hash.checksum32(0,filesize)) >> 21 & 1 == 1 }
rule m341 { condition: defined (math.min(filesize,7000)) and (math.min(filesize,7000)) >> 21 & 1 == 1 }
rule m342 { condition: defined (math.max(filesize,7000)) and (math.max(filesize,7000)) >> 21 & 1 == 1 }
rule m343 { condition: defined (math.abs(5-filesize)) and (math.abs(5-filesize)) >> 21 & 1 == 1 }
rule m345 { condition: math.entropy(0,filesize) > 0.074000 }
rule m346 { condition: math.entropy(0,filesize) > 0.274000 }
rule m347 { condition: math.entropy(0,filesize) > 0.474000 }
rule m348 { condition: math.entropy(0,filesize) > 0.674000 }
rule m349 { condition: math.entropy(0,filesize) > 0.874000 }
rule m350 { condition: math.entropy(0,filesize) > 1.074000 }
rule m351 { condition: math.entropy(0,filesize) > 1.274000 }
rule m352 { condition: math.entropy(0,filesize) > 1.474000 }
rule m353 { condition: math.entropy(0,filesize) > 1.674000 }
rule m354 { condition: math.entropy(0,filesize) > 1.874000 }
rule m355 { condition: math.entropy(0,filesize) > 2.074000 }
rule m356 { condition: math.entropy(0,filesize) > 2.274000 }
rule m357 { condition: math.entropy(0,filesize) > 2.474000 }
rule m358 { condition: math.entropy(0,filesize) > 2.674000 }
rule m359 { condition: math.entropy(0,filesize) > 2.874000 }
rule m360 { condition: math.entropy(0,filesize) > 3.074000 }
rule m361 { condition: math.entropy(0,filesize) > 3.274000 }
rule m362 { condition: math.entropy(0,filesize) > 3.474000 }
rule m363 { condition: math.entropy(0,filesize) > 3.674000 }
rule m364 { condition: math.entropy(0,filesize) > 3.874000 }
rule m365 { condition: math.entropy(0,filesize) > 4.074000 }
rule m366 { condition: math.entropy(0,filesize) > 4.274000 }
rule m367 { condition: math.entropy(0,filesize) > 4.474000 }
rule m368 { condition: math.entropy(0,filesize) > 4.674000 }
rule m369 { condition: math.entropy(0,filesize) > 4.874000 }
rule m370 { condition: math.entropy(0,filesize) > 5.074000 }
rule m371 { condition: math.entropy(0,filesize) > 5.274000 }
rule m372 { condition: math.entropy(0,filesize) > 5.474000 }
rule m373 { condition: math.entropy(0,filesize) > 5.674000 }
rule m374 { condition: math.entropy(0,filesize) > 5.874000 }
rule m375 { condition: math.entropy(0,filesize) > 6.074000 }
rule m376 { condition: math.entropy(0,filesize) > 6.274000 }
rule m377 { condition: math.entropy(0,filesize) > 6.474000 }
rule m378 { condition: math.entropy(0,filesize) > 6.674000 }
rule m379 { condition: math.entropy(0,filesize) > 6.874000 }
rule m380 { condition: math.entropy(0,filesize) > 7.074000 }
rule m381 { condition: math.entropy(0,filesize) > 7.274000 }
rule m382 { condition: math.entropy(0,filesize) > 7.474000 }
rule m383 { condition: math.entropy(0,filesize) > 7.674000 }
rule m384 { condition: math.entropy(0,filesize) > 7.874000 }
rule m385 { condition: math.mean(0,filesize) > 2.358750 }
rule m386 { condition: math.mean(0,filesize) > 8.733750 }
rule m387 { condition: math.mean(0,filesize) > 15.108750 }
rule m388 { condition: math.mean(0,filesize) > 21.483750 }
rule m389 { condition: math.mean(0,filesize) > 27.858750 }
rule m390 { condition: math.mean(0,filesize) > 34.233750 }
rule m391 { condition: math.mean(0,filesize) > 40.608750 }
rule m392 { condition: math.mean(0,filesize) > 46.983750 }
rule m393 { condition: math.mean(0,filesize) > 53.358750 }
rule m394 { condition: math.mean(0,filesize) > 59.733750 }
rule m395 { condition: math.mean(0,filesize) > 66.108750 }
rule m396 { condition: math.mean(0,filesize) > 72.483750 }
rule m397 { condition: math.mean(0,filesize) > 78.858750 }
rule m398 { condition: math.mean(0,filesize) > 85.233750 }
rule m399 { condition: math.mean(0,filesize) > 91.608750 }
rule m400 { condition: math.mean(0,filesize) > 97.983750 }
rule m401 { condition: math.mean(0,filesize) > 104.358750 }
rule m402 { condition: math.mean(0,filesize) > 110.733750 }
rule m403 { condition: math.mean(0,filesize) > 117.108750 }
rule m404 { condition: math.mean(0,filesize) > 123.483750 }
rule m405 { condition: math.mean(0,filesize) > 129.858750 }
rule m406 { condition: math.mean(0,filesize) > 136.233750 }
rule m407 { condition: math.mean(0,filesize) > 142.608750 }
rule m408 { condition: math.mean(0,filesize) > 148.983750 }
rule m409 { condition: math.mean(0,filesize) > 155.358750 }
rule m410 { condition: math.mean(0,filesize) > 161.733750 }
rule m411 { condition: math.mean(0,filesize) > 168.108750 }
rule m412 { condition: math.mean(0,filesize) > 174.483750 }
rule m413 { condition: math.mean(0,filesize) > 180.858750 }
rule m414 { condition: math.mean(0,filesize) > 187.233750 }
rule m415 { condition: math.mean(0,filesize) > 193.608750 }
rule m416 { condition: math.mean(0,filesize) > 199.983750 }
rule m417 { condition: math.mean(0,filesize) > 206.358750 }
rule m418 { condition: math.mean(0,filesize) > 212.733750 }
rule m419 { condition: math.mean(0,filesize) > 219.108750 }
rule m420 { condition: math.mean(0,filesize) > 225.483750 }
rule m421 { condition: math.mean(0,filesize) > 231.858750 }
rule m422 { condition: math.mean(0,filesize) > 238.233750 }
rule m423 { condition: math.mean(0,filesize) > 244.608750 }
rule m424 { condition: math.mean(0,filesize) > 250.983750 }
rule m425 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 1.184000 }
rule m426 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 4.384000 }
rule m427 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 7.584000 }
rule m428 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 10.784000 }
rule m429 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 13.984000 }
rule m430 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 17.184000 }
rule m431 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 20.384000 }
rule m432 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 23.584000 }
rule m433 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 26.784000 }
rule m434 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 29.984000 }
rule m435 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 33.184000 }
rule m436 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 36.384000 }
rule m437 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 39.584000 }
rule m438 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 42.784000 }
rule m439 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 45.984000 }
rule m440 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 49.184000 }
rule m441 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 52.384000 }
rule m442 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 55.584000 }
rule m443 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 58.784000 }
rule m444 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 61.984000 }
rule m445 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 65.184000 }
rule m446 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 68.384000 }
rule m447 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 71.584000 }
rule m448 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 74.784000 }
rule m449 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 77.984000 }
rule m450 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 81.184000 }
rule m451 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 84.384000 }
rule m452 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 87.584000 }
rule m453 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 90.784000 }
rule m454 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 93.984000 }
rule m455 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 97.184000 }
rule m456 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 100.384000 }
rule m457 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 103.584000 }
rule m458 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 106.784000 }
rule m459 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 109.984000 }
rule m460 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 113.184000 }
rule m461 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 116.384000 }
rule m462 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 119.584000 }
rule m463 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 122.784000 }
rule m464 { condition: math.deviation(0,filesize,math.MEAN_BYTES) > 125.984000 }
rule m465 { condition: math.serial_correlation(0,filesize) > -0.981500 }
rule m466 { condition: math.serial_correlation(0,filesize) > -0.931500 }
rule m467 { condition: math.serial_correlation(0,filesize) > -0.881500 }
rule m468 { condition: math.serial_correlation(0,filesize) > -0.831500 }
rule m469 { condition: math.serial_correlation(0,filesize) > -0.781500 }
rule m470 { condition: math.serial_correlation(0,filesize) > -0.731500 }
rule m471 { condition: math.serial_correlation(0,filesize) > -0.681500 }
rule m472 { condition: math.serial_correlation(0,filesize) > -0.631500 }
rule m473 { condition: math.serial_correlation(0,filesize) > -0.581500 }
rule m474 { condition: math.serial_correlation(0,filesize) > -0.531500 }
rule m475 { condition: math.serial_correlation(0,filesize) > -0.481500 }
rule m476 { condition: math.serial_correlation(0,filesize) > -0.431500 }
rule m477 { condition: math.serial_correlation(0,filesize) > -0.381500 }
rule m478 { condition: math.serial_correlation(0,filesize) > -0.331500 }
rule m479 { condition: math.serial_correlation(0,filesize) > -0.281500 }
rule m480 { condition: math.serial_correlation(0,filesize) > -0.231500 }
rule m481 { condition: math.serial_correlation(0,filesize) > -0.181500 }
rule m482 { condition: math.serial_correlation(0,filesize) > -0.131500 }
rule m483 { condition: math.serial_correlation(0,filesize) > -0.081500 }
rule m484 { condition: math.serial_correlation(0,filesize) > -0.031500 }
rule m485 { condition: math.serial_correlation(0,filesize) > 0.018500 }
rule m486 { condition: math.serial_correlation(0,filesize) > 0.068500 }
rule m487 { condition: math.serial_correlation(0,filesize) > 0.118500 }
rule m488 { condition: math.serial_correlation(0,filesize) > 0.168500 }
rule m489 { condition: math.serial_correlation(0,filesize) > 0.218500 }
rule m490 { condition: math.serial_correlation(0,filesize) > 0.268500 }
rule m491 { condition: math.serial_correlation(0,filesize) > 0.318500 }
rule m492 { condition: math.serial_correlation(0,filesize) > 0.368500 }
rule m493 { condition: math.serial_correlation(0,filesize) > 0.418500 }
rule m494 { condition: math.serial_correlation(0,filesize) > 0.468500 }
rule m495 { condition: math.serial_correlation(0,filesize) > 0.518500 }
rule m496 { condition: math.serial_correlation(0,filesize) > 0.568500 }
rule m497 { condition: math.serial_correlation(0,filesize) > 0.618500 }
rule m498 { condition: math.serial_correlation(0,filesize) > 0.668500 }
rule m499 { condition: math.serial_correlation(0,filesize) > 0.718500 }
rule m500 { condition: math.serial_correlation(0,filesize) > 0.768500 }
rule m501 { condition: math.serial_correlation(0,filesize) > 0.818500 }
rule m502 { condition: math.serial_correlation(0,filesize) > 0.868500 }
rule m503 { condition: math.serial_correlation(0,filesize) > 0.918500 }
rule m504 { condition: math.serial_correlation(0,filesize) > 0.968500 }
rule m505 { condition: math.monte_carlo_pi(0,filesize) > 0.009250 }
rule m506 { condition: math.monte_carlo_pi(0,filesize) > 0.034250 }
rule m507 { condition: math.monte_carlo_pi(0,filesize) > 0.059250 }
rule m508 { condition: math.monte_carlo_pi(0,filesize) > 0.084250 }
rule m509 { condition: math.monte_carlo_pi(0,filesize) > 0.109250 }
rule m510 { condition: math.monte_carlo_pi(0,filesize) > 0.134250 }
rule m511 { condition: math.monte_carlo_pi(0,filesize) > 0.159250 }
rule m512 { condition: math.monte_carlo_pi(0,filesize) > 0.184250 }
rule m513 { condition: math.monte_carlo_pi(0,filesize) > 0.209250 }
rule m514 { condition: math.monte_carlo_pi(0,filesize) > 0.234250 }
rule m515 { condition: math.monte_carlo_pi(0,filesize) > 0.259250 }
rule m516 { condition: math.monte_carlo_pi(0,filesize) > 0.284250 }
rule m517 { condition: math.monte_carlo_pi(0,filesize) > 0.309250 }
rule m518 { condition: math.monte_carlo_pi(0,filesize) > 0.334250 }
rule m519 { condition: math.monte_carlo_pi(0,filesize) > 0.359250 }
rule m520 { condition: math.monte_carlo_pi(0,filesize) > 0.384250 }
rule m521 { condition: math.monte_carlo_pi(0,filesize) > 0.409250 }
rule m522 { condition: math.monte_carlo_pi(0,filesize) > 0.434250 }
rule m523 { condition: math.monte_carlo_pi(0,filesize) > 0.459250 }
rule m524 { condition: math.monte_carlo_pi(0,filesize) > 0.484250 }
rule m525 { condition: math.monte_carlo_pi(0,filesize) > 0.509250 }
rule m526 { condition: math.monte_carlo_pi(0,filesize) > 0.534250 }
rule m527 { condition: math.monte_carlo_pi(0,filesize) > 0.559250 }
rule m528 { condition: math.monte_carlo_pi(0,filesize) > 0.584250 }
rule m529 { condition: math.monte_carlo_pi(0,filesize) > 0.609250 }
rule m530 { condition: math.monte_carlo_pi(0,filesize) > 0.634250 }
rule m531 { condition: math.monte_carlo_pi(0,filesize) > 0.659250 }
rule m532 { condition: math.monte_carlo_pi(0,filesize) > 0.684250 }
rule m533 { condition: math.monte_carlo_pi(0,filesize) > 0.709250 }
rule m534 { condition: math.monte_carlo_pi(0,filesize) > 0.734250 }
rule m535 { condition: math.monte_carlo_pi(0,filesize) > 0.759250 }
rule m536 { condition: math.monte_carlo_pi(0,filesize) > 0.784250 }
rule m537 { condition: math.monte_carlo_pi(0,filesize) > 0.809250 }
rule m538 { condition: math.monte_carlo_pi(0,filesize) > 0.834250 }
rule m539 { condition: math.monte_carlo_pi(0,filesize) > 0.859250 }
rule m540 { condition: math.monte_carlo_pi(0,filesize) > 0.884250 }
rule m541 { condition: math.monte_carlo_pi(0,filesize) > 0.909250 }
rule m542 { condition: math.monte_carlo_pi(0,filesize) > 0.934250 }
rule m543 { condition: math.monte_carlo_pi(0,filesize) > 0.959250 }
rule m544 { condition: math.monte_carlo_pi(0,filesize) > 0.984250 }
rule m545 { condition: math.percentage(0) > 0.009250 }
rule m546 { condition: math.percentage(0) > 0.034250 }
rule m547 { condition: math.percentage(0) > 0.059250 }
rule m548 { condition: math.percentage(0) > 0.084250 }
rule m549 { condition: math.percentage(0) > 0.109250 }
rule m550 { condition: math.percentage(0) > 0.134250 }
rule m551 { condition: math.percentage(0) > 0.159250 }
rule m552 { condition: math.percentage(0) > 0.184250 }
rule m553 { condition: math.percentage(0) > 0.209250 }
rule m554 { condition: math.percentage(0) > 0.234250 }
rule m555 { condition: math.percentage(0) > 0.259250 }
rule m556 { condition: math.percentage(0) > 0.284250 }
rule m557 { condition: math.percentage(0) > 0.309250 }
rule m558 { condition: math.percentage(0) > 0.334250 }
rule m559 { condition: math.percentage(0) > 0.359250 }
rule m560 { condition: math.percentage(0) > 0.384250 }
rule m561 { condition: math.percentage(0) > 0.409250 }
rule m562 { condition: math.percentage(0) > 0.434250 }
rule m563 { condition: math.percentage(0) > 0.459250 }
rule m564 { condition: math.percentage(0) > 0.484250 }
rule m565 { condition: math.percentage(0) > 0.509250 }
rule m566 { condition: math.percentage(0) > 0.534250 }
rule m567 { condition: math.percentage(0) > 0.559250 }
rule m568 { condition: math.percentage(0) > 0.584250 }
rule m569 { condition: math.percentage(0) > 0.609250 }
rule m570 { condition: math.percentage(0) > 0.634250 }
rule m571 { condition: math.percentage(0) > 0.659250 }
rule m572 { condition: math.percentage(0) > 0.684250 }
rule m573 { condition: math.percentage(0) > 0.709250 }
rule m574 { condition: math.percentage(0) > 0.734250 }
rule m575 { condition: math.percentage(0) > 0.759250 }
rule m576 { condition: math.percentage(0) > 0.784250 }
rule m577 { condition: math.percentage(0) > 0.809250 }
rule m578 { condition: math.percentage(0) > 0.834250 }
rule m579 { condition: math.percentage(0) > 0.859250 }
rule m580 { condition: math.percentage(0) > 0.884250 }
rule m581 { condition: math.percentage(0) > 0.909250 }
rule m582 { condition: math.percentage(0) > 0.934250 }
rule m583 { condition: math.percentage(0) > 0.959250 }
rule m584 { condition: math.percentage(0) > 0.984250 }
rule m585 { condition: math.percentage(65,10,1000) > 0.009250 }
rule m586 { condition: math.percentage(65,10,1000) > 0.034250 }
rule m587 { condition: math.percentage(65,10,1000) > 0.059250 }
rule m588 { condition: math.percentage(65,10,1000) > 0.084250 }
rule m589 { condition: math.percentage(65,10,1000) > 0.109250 }
rule m590 { condition: math.percentage(65,10,1000) > 0.134250 }
rule m591 { condition: math.percentage(65,10,1000) > 0.159250 }
rule m592 { condition: math.percentage(65,10,1000) > 0.184250 }
rule m593 { condition: math.percentage(65,10,1000) > 0.209250 }
rule m594 { condition: math.percentage(65,10,1000) > 0.234250 }
rule m595 { condition: math.percentage(65,10,1000) > 0.259250 }
rule m596 { condition: math.percentage(65,10,1000) > 0.284250 }
rule m597 { condition: math.percentage(65,10,1000) > 0.309250 }
rule m598 { condition: math.percentage(65,10,1000) > 0.334250 }
rule m599 { condition: math.percentage(65,10,1000) > 0.359250 }
rule m600 { condition: math.percentage(65,10,1000) > 0.384250 }
rule m601 { condition: math.percentage(65,10,1000) > 0.409250 }
rule m602 { condition: math.percentage(65,10,1000) > 0.434250 }
rule m603 { condition: math.percentage(65,10,1000) > 0.459250 }
rule m604 { condition: math.percentage(65,10,1000) > 0.484250 }
rule m605 { condition: math.percentage(65,10,1000) > 0.509250 }
rule m606 { condition: math.percentage(65,10,1000) > 0.534250 }
rule m607 { condition: math.percentage(65,10,1000) > 0.559250 }
rule m608 { condition: math.percentage(65,10,1000) > 0.584250 }
rule m609 { condition: math.percentage(65,10,1000) > 0.609250 }
rule m610 { condition: math.percentage(65,10,1000) > 0.634250 }
rule m611 { condition: math.percentage(65,10,1000) > 0.659250 }
rule m612 { condition: math.percentage(65,10,1000) > 0.684250 }
rule m613 { condition: math.percentage(65,10,1000) > 0.709250 }
rule m614 { condition: math.percentage(65,10,1000) > 0.734250 }
rule m615 { condition: math.percentage(65,10,1000) > 0.759250 }
rule m616 { condition: math.percentage(65,10,1000) > 0.784250 }
rule m617 { condition: math.percentage(65,10,1000) > 0.809250 }
rule m618 { condition: math.percentage(65,10,1000) > 0.834250 }
rule m619 { condition: math.percentage(65,10,1000) > 0.859250 }
rule m620 { condition: math.percentage(65,10,1000) > 0.884250 }
rule m621 { condition: math.percentage(65,10,1000) > 0.909250 }
rule m622 { condition: math.percentage(65,10,1000) > 0.934250 }
rule m623 { condition: math.percentage(65,10,1000) > 0.959250 }
rule m624 { condition: math.percentage(65,10,1000) > 0.984250 }
rule m625 { condition: math.entropy(filesize-100,1000) > 0.074000 }
rule m626 { condition: math.entropy(filesize-100,1000) > 0.274000 }
rule m627 { condition: math.entropy(filesize-100,1000) > 0.474000 }
rule m628 { condition: math.entropy(filesize-100,1000) > 0.674000 }
rule m629 { condition: math.entropy(filesize-100,1000) > 0.874000 }
rule m630 { condition: math.entropy(filesize-100,1000) > 1.074000 }
rule m631 { condition: math.entropy(filesize-100,1000) > 1.274000 }
rule m632 { condition: math.entropy(filesize-100,1000) > 1.474000 }
rule m633 { condition: math.entropy(filesize-100,1000) > 1.674000 }
rule m634 { condition: math.entropy(filesize-100,1000) > 1.874000 }
rule m635 { condition: math.entropy(filesize-100,1000) > 2.074000 }
rule m636 { condition: math.entropy(filesize-100,1000) > 2.274000 }
rule m637 { condition: math.entropy(filesize-100,1000) > 2.474000 }
rule m638 { condition: math.entropy(filesize-100,1000) > 2.674000 }
rule m639 { condition: math.entropy(filesize-100,1000) > 2.874000 }
rule m640 { condition: math.entropy(filesize-100,1000) > 3.074000 }
rule m641 { condition: math.entropy(filesize-100,1000) > 3.274000 }
rule m642 { condition: math.entropy(filesize-100,1000) > 3.474000 }
rule m643 { condition: math.entropy(filesize-100,1000) > 3.674000 }
rule m644 { condition: math.entropy(filesize-100,1000) > 3.874000 }
rule m645 { condition: math.entropy(filesize-100,1000) > 4.074000 }
rule m646 { condition: math.entropy(filesize-100,1000) > 4.274000 }
rule m647 { condition: math.entropy(filesize-100,1000) > 4.474000 }
rule m648 { condition: math.entropy(filesize-100,1000) > 4.674000 }
rule m649 { condition: math.entropy(filesize-100,1000) > 4.874000 }
rule m650 { condition: math.entropy(filesize-100,1000) > 5.074000 }
rule m651 { condition: math.entropy(filesize-100,1000) > 5.274000 }
rule m652 { condition: math.entropy(filesize-100,1000) > 5.474000 }
rule m653 { condition: math.entropy(filesize-100,1000) > 5.674000 }
rule m654 { condition: math.entropy(filesize-100,1000) > 5.874000 }
rule m655 { condition: math.entropy(filesize-100,1000) > 6.074000 }
rule m656 { condition: math.entropy(filesize-100,1000) > 6.274000 }
rule m657 { condition: math.entropy(filesize-100,1000) > 6.474000 }
rule m658 { condition: math.entropy(filesize-100,1000) > 6.674000 }
rule m659 { condition: math.entropy(filesize-100,1000) > 6.874000 }
rule m660 { condition: math.entropy(filesize-100,1000) > 7.074000 }
rule m661 { condition: math.entropy(filesize-100,1000) > 7.274000 }
rule m662 { condition: math.entropy(filesize-100,1000) > 7.474000 }
rule m663 { condition: math.entropy(filesize-100,1000) > 7.674000 }
rule m664 { condition: math.entropy(filesize-100,1000) > 7.874000 }
rule m665 { condition: math.deviation(100,1000,100.0) > 1.184000 }
rule m666 { condition: math.deviation(100,1000,100.0) > 4.384000 }
rule m667 { condition: math.deviation(100,1000,100.0) > 7.584000 }
rule m668 { condition: math.deviation(100,1000,100.0) > 10.784000 }
rule m669 { condition: math.deviation(100,1000,100.0) > 13.984000 }
rule m670 { condition: math.deviation(100,1000,100.0) > 17.184000 }
rule m671 { condition: math.deviation(100,1000,100.0) > 20.384000 }
rule m672 { condition: math.deviation(100,1000,100.0) > 23.584000 }
rule m673 { condition: math.deviation(100,1000,100.0) > 26.784000 }
rule m674 { condition: math.deviation(100,1000,100.0) > 29.984000 }
rule m675 { condition: math.deviation(100,1000,100.0) > 33.184000 }
rule m676 { condition: math.deviation(100,1000,100.0) > 36.384000 }
rule m677 { condition: math.deviation(100,1000,100.0) > 39.584000 }
rule m678 { condition: math.deviation(100,1000,100.0) > 42.784000 }
rule m679 { condition: math.deviation(100,1000,100.0) > 45.984000 }
rule m680 { condition: math.deviation(100,1000,100.0) > 49.184000 }
rule m681 { condition: math.deviation(100,1000,100.0) > 52.384000 }
rule m682 { condition: math.deviation(100,1000,100.0) > 55.584000 }
rule m683 { condition: math.deviation(100,1000,100.0) > 58.784000 }
rule m684 { condition: math.deviation(100,1000,100.0) > 61.984000 }
rule m685 { condition: math.deviation(100,1000,100.0) > 65.184000 }
rule m686 { condition: math.deviation(100,1000,100.0) > 68.384000 }
rule m687 { condition: math.deviation(100,1000,100.0) > 71.584000 }
rule m688 { condition: math.deviation(100,1000,100.0) > 74.784000 }
rule m689 { condition: math.deviation(100,1000,100.0) > 77.984000 }
rule m690 { condition: math.deviation(100,1000,100.0) > 81.184000 }
rule m691 { condition: math.deviation(100,1000,100.0) > 84.384000 }
rule m692 { condition: math.deviation(100,1000,100.0) > 87.584000 }
rule m693 { condition: math.deviation(100,1000,100.0) > 90.784000 }
rule m694 { condition: math.deviation(100,1000,100.0) > 93.984000 }
rule m695 { condition: math.deviation(100,1000,100.0) > 97.184000 }
rule m696 { condition: math.deviation(100,1000,100.0) > 100.384000 }
rule m697 { condition: math.deviation(100,1000,100.0) > 103.584000 }
rule m698 { condition: math.deviation(100,1000,100.0) > 106.784000 }
rule m699 { condition: math.deviation(100,1000,100.0) > 109.984000 }
rule m700 { condition: math.deviation(100,1000,100.0) > 113.184000 }
rule m701 { condition: math.deviation(100,1000,100.0) > 116.384000 }
rule m702 { condition: math.deviation(100,1000,100.0) > 119.584000 }
rule m703 { condition: math.deviation(100,1000,100.0) > 122.784000 }
rule m704 { condition: math.deviation(100,1000,100.0) > 125.984000 }
rule m705 { condition: elf.sections[1].name == ".interp" }
rule m706 { condition: for any s in elf.sections : ( s.name == ".text" and s.flags & elf.SHF_EXECINSTR != 0 ) }
rule m707 { condition: for any s in elf.dynsym : ( s.name == "malloc" or s.name == "free" ) }
rule m708 { condition: for any s in elf.segments : ( s.type == elf.PT_LOAD and s.flags & elf.PF_X != 0 ) }
rule m709 { condition: hash.md5(0,0) == "d41d8cd98f00b204e9800998ecf8427e" }
rule m710 { condition: hash.sha256(0,100) contains "0" }
rule m711 { condition: hash.sha1(10,100) startswith "a" }
rule m712 { condition: hash.md5(filesize,1) == "" }
rule m713 { condition: defined hash.md5(filesize,1) }
rule m714 { condition: defined hash.md5(0,filesize+10) }
rule m715 { condition: defined math.entropy(filesize,1) }
rule m716 { condition: defined math.entropy(-1,1) }
rule m717 { condition: hash.md5("abc") == "900150983cd24fb0d6963f7d28e17f72" }
rule m718 { condition: math.in_range(1.5,1.0,2.0) }
rule m719 { condition: math.to_number(filesize > 1000) == 1 }
rule m720 { condition: time.now() > 1600000000 }
rule m728 { condition: elf.ET_DYN == 3 and elf.EM_X86_64 == 62 and elf.PT_GNU_STACK == 0x6474e551 and elf.DT_FLAGS == 30 }
rule m729 { condition: defined elf.sections[1000].size }
rule m730 { condition: math.entropy("aab") > 0.9 }
rule m731 { condition: defined math.entropy("") }
rule m732 { condition: math.mean("a") == 97.0 }
rule m733 { condition: defined math.count(256) }
rule m734 { condition: defined math.count(-1) }
rule m735 { condition: defined math.percentage(1,filesize,10) }
rule m736 { condition: defined elf.type }
rule m737 { condition: math.count(0) > 10 }
rule m738 { condition: hash.crc32("abc") == 0x352441c2 }
rule m739 { condition: hash.checksum32("abc") == 294 }
