/**
 * The journal of a pool: groups of records in segments, each group made durable by one fence, each
 * record with its own checksum. The end of the journal is found by checksums; nothing points to it.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>No group is found that is not whole, and none is lost that was acknowledged.
 *   <li>Damage is told from a torn tail, and reported.
 *   <li>An append costs one fence and allocates nothing.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * {@link io.lode.journal.Journal#read} finds what a pool holds and writes nothing; {@link
 * io.lode.journal.Journal#resume} goes on from there. An append is {@link
 * io.lode.journal.Journal#begin}, {@link io.lode.journal.Group#add}, {@link
 * io.lode.journal.Group#commit}, {@link io.lode.journal.Group#close}; behind it an {@code Appender}
 * has one segment open and a {@code SegmentWriter} puts the group there. {@link
 * io.lode.journal.JournalFormat} draws the bytes, and {@code RecordLayout} alone reads and writes
 * the fields of a record.
 *
 * <h2>Critical path</h2>
 *
 * Every write of a store goes through {@code begin} to {@code commit}, and every read through
 * {@link io.lode.journal.RecordAccess}. Neither allocates. Sealing a full segment and mapping the
 * next one are left to the background.
 *
 * <h2>Threads and lock order</h2>
 *
 * A group belongs to the thread that began it. A thread takes locks in this order only, and this is
 * the one place where the order of all packages of a store is written:
 *
 * <ol>
 *   <li>the store's closing, held until the store is closed;
 *   <li>the store's deferred writes, held while they are written;
 *   <li>the cleaner, held while a segment is cleaned, and then the appender of moves, which only
 *       the cleaner takes;
 *   <li>the stripes of the keys, by their number, held from before a change has a sequence until it
 *       is visible;
 *   <li>one appender, held from the beginning of a group to its closing; of others a writer's is
 *       only ever tried, and that of deletes without room waited for, whose holder waits for none;
 *   <li>one of those under which nobody waits for another lock: the pool's allocator, the pieces of
 *       summaries, the store's pins; and the index's overflow buckets, then the growth of an array
 *       of buckets.
 * </ol>
 *
 * While it holds a lock other than the allocator's and that of the pieces, a thread may wait for
 * the background, whose tasks take these two alone. While it holds no lock behind the second kind
 * it may also wait for the store's own writer, whose requests take the later kinds.
 *
 * <h2>Errors</h2>
 *
 * A group that never fits is refused with {@link IllegalArgumentException}, one for which there is
 * no segment is free with {@link io.lode.journal.NoSegmentException}; nothing was written then. Any
 * failure between a group's first byte and its publication poisons the journal: it throws {@link
 * io.lode.store.StoreException.Poisoned} until the pool is opened again. What a scan finds damaged
 * is no exception but an entry of {@link io.lode.journal.Recovered#damages}.
 */
package io.lode.journal;
