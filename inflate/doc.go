// Package inflate decodes DEFLATE (RFC 1951) and gzip (RFC 1952) streams. It is
// written for throughput on megabytes of data from untrusted sources, such as
// container image layers. It does not compress, and it does not limit how much
// comes out: a caller that cannot take everything stops calling.
//
// Start at NewGzipReader. Next hands out pieces of the window without copying
// them, so a consumer that skips most of the data (a tar walk) pays no memory
// traffic for it. Pool serves archive/zip, which opens decoders by the thousand.
//
// # Concurrency and ownership
//
// A Reader or GzipReader belongs to one goroutine at a time; a Pool to any number.
// What Next returns belongs to the reader and is valid until its next call; the
// source is read, never closed. After Reset or Close nothing of an earlier stream
// can be reached: a match may go back only to the beginning of its own stream.
//
// # Errors
//
// What is decoded before an error is handed out first; the error then stays. It is
// an *Error with the input offset. Like compress/flate and zlib, the decoder takes
// an incomplete code only if it is empty or has a single code of one bit, and
// rejects the symbols 286, 287 and the distances 30, 31.
//
// # Safety
//
// No input makes the package read or write outside its buffers: by default it
// does not use unsafe, and where the fast loop goes without a bounds check the
// compiler has proved that it needs none. The build tag inflate_unsafe replaces
// the memory accesses of that loop, on amd64 and arm64, by unchecked ones. They
// rely on this invariant, proved access by access in access_unchecked.go:
//
//   - a round begins with at least inMargin unread bytes in the input buffer and
//     outMargin free bytes in the window, and uses at most that much of both;
//   - a match begins at most as far back as there is output in the window, which
//     is checked before its first byte is read;
//   - whatever else indexes memory is a table of constant size and is masked.
//
// The build tag inflate_assert makes an access that breaks it panic: tests and
// fuzzing run in that build too. The checked build stays the default, and the
// released programs are built so: on real layers (Intel, medians of 5 and of 7
// alternating runs) the unchecked one saves 1 to 2 % of the processor time, which
// is not worth trusting a proof by hand. GOAMD64=v3 saves 1 to 5 %.
//
// # Cost
//
// A decoder takes 241 KiB, whatever the input. Input that is made to be slow, such
// as a block of its own for every few bytes, costs below 100 ns per byte of it.
// Building the large tables of the fast loop is what would cost most, so a
// stream earns that by its length (see leanBytes) and has its first bytes, and
// all of a file of tiny blocks, decoded with small ones.
package inflate
