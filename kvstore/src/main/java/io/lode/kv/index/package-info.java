/**
 * Where the live record of each key is, in memory: from the hash of a key to the address of its
 * record.
 *
 * <p>Start with {@link io.lode.kv.index.HashIndex}. Keys are not here but in the records, which
 * {@link io.lode.kv.index.IndexedRecords} compares; memory comes from {@link
 * io.lode.kv.index.IndexMemory}. Any number of threads may look up keys while others change the
 * index, one at a time in each stripe: the caller holds that stripe's lock.
 */
package io.lode.kv.index;
