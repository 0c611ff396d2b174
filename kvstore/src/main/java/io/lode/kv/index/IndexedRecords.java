package io.lode.kv.index;

/** The records that an index leads to: hashes alone cannot tell keys apart. */
@FunctionalInterface
public interface IndexedRecords {
  /**
   * Tells whether a record is of a key.
   *
   * @param address where the record is
   * @param key the key looked for
   * @return true if it is the record's
   */
  boolean matches(long address, byte[] key);

  /**
   * Has a record prefetched, which may soon be compared: a hint.
   *
   * @param address where the record is, 0 for none
   */
  default void prefetch(long address) {}

  /**
   * Is told that nothing leads to a record any more: a later one of its key took its place, or the
   * key was removed. Called under the lock of the key's stripe, once for each record.
   *
   * @param hash the key's
   * @param address where the record is
   */
  default void replaced(long hash, long address) {}
}
