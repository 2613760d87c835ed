package report

// The parts of SPDX 2.3's JSON form that are written. Names follow the
// specification's.

type spdxDocument struct {
	Version       string             `json:"spdxVersion"`
	DataLicense   string             `json:"dataLicense"`
	ID            string             `json:"SPDXID"`
	Name          string             `json:"name"`
	Namespace     string             `json:"documentNamespace"`
	Creation      spdxCreation       `json:"creationInfo"`
	Packages      []spdxPackage      `json:"packages"`
	Licenses      []spdxLicense      `json:"hasExtractedLicensingInfos,omitempty"`
	Relationships []spdxRelationship `json:"relationships"`
}

type spdxCreation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type spdxPackage struct {
	ID            string           `json:"SPDXID"`
	Name          string           `json:"name"`
	Version       string           `json:"versionInfo,omitempty"`
	Purpose       string           `json:"primaryPackagePurpose,omitempty"`
	Summary       string           `json:"summary,omitempty"`
	Download      string           `json:"downloadLocation"`
	FilesAnalyzed bool             `json:"filesAnalyzed"`
	SourceInfo    string           `json:"sourceInfo,omitempty"`
	Checksums     []spdxChecksum   `json:"checksums,omitempty"`
	Concluded     string           `json:"licenseConcluded"`
	Declared      string           `json:"licenseDeclared"`
	Copyright     string           `json:"copyrightText"`
	References    []spdxReference  `json:"externalRefs,omitempty"`
	Annotations   []spdxAnnotation `json:"annotations,omitempty"`
}

type spdxChecksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type spdxReference struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
	Comment  string `json:"comment,omitempty"`
}

type spdxAnnotation struct {
	Annotator string `json:"annotator"`
	Date      string `json:"annotationDate"`
	Type      string `json:"annotationType"`
	Comment   string `json:"comment"`
}

type spdxLicense struct {
	ID   string `json:"licenseId"`
	Text string `json:"extractedText"`
	Name string `json:"name,omitempty"`
}

type spdxRelationship struct {
	From string `json:"spdxElementId"`
	Type string `json:"relationshipType"`
	To   string `json:"relatedSpdxElement"`
}
