/**
 * A persistent key-value store. Its priorities, in order: what was acknowledged is there after a
 * crash, and what was not is there whole or not at all; damage is reported, never served; a write
 * costs one fence, a read none, and neither allocates.
 *
 * <p>Start with {@link io.lode.kv.KvStore}. Behind it {@code StoreEngine} says who owns what; a
 * write goes {@code WriteDispatcher}, {@code Committer}, {@code Journal}, {@code Publisher}; a read
 * goes {@code Reads}, {@code HashIndex}, {@code KeyRecords}.
 *
 * <p><b>Order of locks.</b> The stripes of the keys by their number, then those that the package of
 * the journal names. Deferred writes are locked before any of them, and closing before all.
 */
package io.lode.kv;
