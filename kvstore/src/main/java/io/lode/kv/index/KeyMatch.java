package io.lode.kv.index;

/** Tells whether the record at an offset is of a key: hashes alone cannot. */
@FunctionalInterface
public interface KeyMatch {
  /**
   * Compares.
   *
   * @param offset where the record is
   * @param key the key looked for
   * @return true if it is the record's
   */
  boolean test(long offset, byte[] key);

  /**
   * Is told that the record at an offset may soon be compared: it can be fetched meanwhile.
   *
   * @param offset where the record is, 0 for none
   */
  default void expect(long offset) {}
}
