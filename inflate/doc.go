// Package inflate decodes DEFLATE (RFC 1951) and gzip (RFC 1952) streams. It is
// written for throughput on megabytes of data from untrusted sources, such as
// container image layers. It does not compress, and it does not limit how much
// comes out: a caller that cannot take everything stops calling.
//
// Start at NewGzipReader. Next hands out pieces of the window without copying
// them, so a consumer that skips most of the data (a tar walk) pays no memory
// traffic for it. Pool serves archive/zip, which opens decoders by the thousand.
//
// # Safety
//
// No input makes the package read or write outside its buffers: by default it
// does not use unsafe, and where the fast loop goes without a bounds check the
// compiler has proved that it needs none. The build tag inflate_unsafe replaces
// the memory accesses of that loop, on amd64 and arm64, by unchecked ones. They
// rely on this invariant, which fuzzing has been run against:
//
//   - a round begins with at least inMargin unread bytes in the input buffer and
//     outMargin free bytes in the window, and uses at most that much of both;
//   - a match begins at most as far back as there is output in the window, which
//     is checked before its first byte is read;
//   - whatever else indexes memory is a table of constant size and is masked.
//
// # Cost
//
// A decoder takes 241 KiB, whatever the input. Input that is made to be slow, such
// as a block of its own for every few bytes, costs below 100 ns per byte of it.
// Building the large tables of the fast loop is what would cost most, so a
// stream earns that by its length (see leanBytes) and has its first bytes, and
// all of a file of tiny blocks, decoded with small ones.
package inflate
