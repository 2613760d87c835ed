// Package version orders version strings by the rules of the ecosystem that
// they come from, and tells if a version lies in an advisory's range.
//
// A [Scheme] names one ecosystem's rules. [Scheme.Compare] orders two strings
// at once; [Scheme.Parse] reads a string once, for a version that is compared
// many times; [Scheme.In] asks if a version lies in a [Range]; and
// [Scheme.ParseConstraint] turns an expression such as ">=1.0 <2.0" or
// "[1.0,2.0)" into ranges.
//
// Every scheme gives a total preorder over all byte strings: Compare never
// panics, is reflexive, antisymmetric and transitive, and takes time linear in
// the length of its arguments. A string that its scheme can't read still has a
// place in the order, so that sorted data stays sorted, but [Scheme.Valid]
// reports false for it and Parse returns an error beside the version. Some
// ecosystems' own tools are not transitive on odd input; where the two wishes
// collide the order wins, and the scheme's file says so.
//
// Dpkg, RPM and APK compare the strings themselves without allocating. Every
// other scheme turns a version into a key, a string of bytes whose plain
// lexical order is the order of the versions, so that a comparison of two
// parsed versions is one comparison of bytes.
//
// The package knows nothing of packages, advisories or ecosystem names such as
// "Debian:12"; its callers choose the scheme.
package version
