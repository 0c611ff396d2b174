/**
 * A persistent key-value store on one device or file.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>What was acknowledged is there after a crash; what was not is there whole or not at all.
 *   <li>Damage is reported and never served, and never uncovers an older version.
 *   <li>A write costs one fence, a read none, and neither makes garbage.
 *   <li>A line is flushed only from CPUs near the device, unless pinning is off.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * {@link io.lode.kv.KvStore} creates and opens a store, with the options of {@link
 * io.lode.kv.KvConfig}. A thread that writes much does so through a {@link io.lode.kv.KvWriter}.
 * {@link io.lode.kv.WriteBatch} makes several changes at once, {@link io.lode.kv.DeferredWrites}
 * makes them durable later, and a {@link io.lode.kv.Lease} gives access to values where they lie.
 * {@link io.lode.kv.RecoveryReport} says what opening found, {@link io.lode.kv.KvStats} what the
 * store takes, and {@link io.lode.kv.CheckReport} what a check of every record found.
 *
 * <p>Behind it {@code StoreEngine} owns all parts. A write goes through {@code WriteDispatcher},
 * {@code Committer}, {@code Journal} and {@code Publisher}; a read through {@code Reads}, {@code
 * HashIndex} and {@code KeyRecords}; opening through {@code Recovery} and {@code IndexBuilder}.
 *
 * <p>{@code Space} has segments cleaned by the {@code Cleaner} before the free ones run out.
 *
 * <h2>Critical paths</h2>
 *
 * {@code Committer.put} and {@code Reads.find}, and what they call. Both wait for memory more than
 * they compute, so what they will touch is prefetched as early as it is known.
 *
 * <h2>Threads and locks</h2>
 *
 * A store is safe for concurrent use. Writes of different keys run at the same time, those of one
 * key one after the other, in the order of their versions. Reads take no lock, unless a change of
 * their key was deferred. A {@code KvWriter} belongs to the thread that made it. The package {@code
 * io.lode.journal} has the order of all locks.
 *
 * <h2>Errors</h2>
 *
 * What the pool or the medium refuses is a {@link io.lode.store.StoreException}, with one subtype
 * for each thing that a caller can do about it. Arguments that can never be accepted are {@link
 * IllegalArgumentException}, use after close is {@link IllegalStateException}, and a key without a
 * value is an absent value.
 */
package io.lode.kv;
