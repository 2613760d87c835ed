package inventory

// Issue is something that could not be read, so that the inventory is partial.
type Issue struct {
	// Kind is "limit", "corrupt", "digest", "skipped" or "unreadable".
	Kind string `json:"kind"`
	// Layer is the diff ID or digest, "" outside images.
	Layer string `json:"layer,omitempty"`
	// File is the path in the layer, "" when the layer itself is at fault.
	File string `json:"file,omitempty"`
	// Scanner names who could not read it, "" for the walk itself.
	Scanner string `json:"scanner,omitempty"`
	Message string `json:"message"`
}
