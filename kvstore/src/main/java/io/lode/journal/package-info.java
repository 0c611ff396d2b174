/**
 * Groups of records in segments: written once, made durable by one fence, each record with its own
 * checksum. The tail is found by checksum; nothing points to it. Its priorities, in order: no group
 * is found that is not whole, none is lost that was acknowledged, an append costs one fence and
 * allocates nothing.
 *
 * <p>Start with {@link io.lode.journal.Journal}: {@code read} finds what a pool holds and writes
 * nothing, {@code resume} goes on from there, {@code begin} starts a group. {@link
 * io.lode.journal.JournalFormat} draws the bytes, {@code RecordLayout} alone reads and writes the
 * fields of a record.
 *
 * <p><b>Order of locks.</b> The lock of an appender, from a group's beginning to its closing; then
 * that of the pool's allocator, or of the summaries' pieces. Nobody waits for a second appender.
 */
package io.lode.journal;
