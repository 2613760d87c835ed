package secret

import (
	"bytes"
	"encoding/binary"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/scanner"
)

// storeBytes is how much of a keystore is looked at.
const storeBytes = 1 << 20

// shroudedKey is the object identifier of an encrypted private key in PKCS#12.
var shroudedKey = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02}

// keystore tells of a file that is made to hold private keys, nil if it is none
// or holds certificates alone.
func keystore(f *scanner.File) *finding.Finding {
	data := make([]byte, min(f.Size, storeBytes))
	n, _ := f.Content.ReadAt(data[:min(len(data), 512)], 0)
	if !isStore(f.Path, data[:n]) {
		return nil
	}
	n, _ = f.Content.ReadAt(data, 0)
	data = data[:n]
	kind := storeKind(data)
	severity, confidence := finding.Medium, finding.ConfidenceMedium
	switch kind {
	case "Java keystore", "Java JCEKS keystore":
		if len(data) < 16 || binary.BigEndian.Uint32(data[8:]) == 0 || binary.BigEndian.Uint32(data[12:]) == 2 {
			return nil // trusted certificates
		}
	case "PKCS#12 file":
		if !bytes.Contains(data, shroudedKey) {
			severity, confidence = finding.Low, finding.ConfidenceLow
		}
	case "private key in DER form", "Kerberos keytab":
		severity = finding.High
	}
	return &finding.Finding{
		Kind: finding.KindSecret, Severity: severity, Confidence: confidence, Title: kind,
		Rule:     &finding.Rule{ID: "secret/keystore", Title: "File that holds private keys", TitleZH: "保存私钥的文件", Techniques: []string{"T1552.004"}},
		Evidence: "recognized by its name and first bytes: " + kind, Remedy: remedy,
	}
}
