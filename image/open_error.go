package image

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// Errors of Open that callers tell apart with errors.Is. Errors that know the
// user's next step have a method `Hint() string`; see Hint.
var (
	// ErrNotFound: the place that was asked exists and has no such image.
	ErrNotFound = errors.New("not found")
	// ErrNoEngine: no container engine listens where one was looked for.
	ErrNoEngine = errors.New("no engine is listening")
)

// Hint returns the next step that the first error in err's tree proposes, or
// "".
func Hint(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// OpenError lists every place where a reference was looked for.
type OpenError struct {
	Ref   string
	Tried []Try
}

// Try is one place and why it did not give the image.
type Try struct {
	Kind string
	Err  error
}

// Error implements error; one place per line when there are several.
func (e *OpenError) Error() string {
	if len(e.Tried) == 1 {
		return fmt.Sprintf("open %s: %s: %v", e.Ref, e.Tried[0].Kind, e.Tried[0].Err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "open %s: found nowhere", e.Ref)
	for _, t := range e.Tried {
		fmt.Fprintf(&b, "\n  %s: %v", t.Kind, t.Err)
	}
	return b.String()
}

// Unwrap gives the errors of all places, the last one first: the registry's
// says more than a missing socket.
func (e *OpenError) Unwrap() []error {
	errs := make([]error, 0, len(e.Tried))
	for i := len(e.Tried) - 1; i >= 0; i-- {
		errs = append(errs, e.Tried[i].Err)
	}
	return errs
}

// AuthError: a registry refused the credentials, or wants some.
type AuthError struct {
	Registry string
	Err      error
}

// Error implements error.
func (e *AuthError) Error() string { return fmt.Sprintf("log in to %s: %v", e.Registry, e.Err) }

// Unwrap implements errors.Unwrap.
func (e *AuthError) Unwrap() error { return e.Err }

// Hint proposes to log in.
func (e *AuthError) Hint() string {
	if e.Registry == name.DefaultRegistry {
		return "check the image's name; if it is private run: docker login"
	}
	return fmt.Sprintf("check the image's name; if it is private run: docker login %s", e.Registry)
}

// AccessError: an engine's socket exists and this user may not use it.
type AccessError struct{ Path string }

// Error implements error.
func (e *AccessError) Error() string { return "no permission to use " + e.Path }

// Unwrap implements errors.Unwrap.
func (e *AccessError) Unwrap() error { return fs.ErrPermission }

// Hint says who may.
func (e *AccessError) Hint() string {
	return "run with sudo, or as a user in the group that owns " + e.Path
}

// PlatformError: the image exists, but not for the wanted platform.
type PlatformError struct {
	Want string
	Have []string
}

// Error implements error.
func (e *PlatformError) Error() string {
	return fmt.Sprintf("no image for platform %s, only for %s", e.Want, strings.Join(e.Have, ", "))
}

// Hint proposes a platform that exists.
func (e *PlatformError) Hint() string {
	if len(e.Have) == 0 {
		return ""
	}
	return "choose one with --platform, such as --platform " + e.Have[0]
}

// AmbiguousError: an archive or layout holds several images and the reference
// names none of them.
type AmbiguousError struct {
	Where string
	Names []string
}

// Error implements error.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s holds %d images: %s", e.Where, len(e.Names), strings.Join(e.Names, ", "))
}

// Hint says how to name one.
func (e *AmbiguousError) Hint() string { return "add :TAG or @DIGEST of one of them after the path" }

// UnsupportedError: what the reference names exists and is no image that can
// be read.
type UnsupportedError struct {
	What, Next string
}

// Error implements error.
func (e *UnsupportedError) Error() string { return "cannot read " + e.What }

// Hint says what to do instead.
func (e *UnsupportedError) Hint() string { return e.Next }

// SBOMError: the reference names a software bill of materials, which is not an
// image; the caller reads Path itself.
type SBOMError struct{ Path string }

// Error implements error.
func (e *SBOMError) Error() string { return e.Path + " is a bill of materials, not an image" }

// Hint says how to have it matched.
func (e *SBOMError) Hint() string { return "write sbom:" + e.Path }
