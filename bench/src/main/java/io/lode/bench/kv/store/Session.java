package io.lode.bench.kv.store;

/**
 * A store as one thread uses it. What not every store can do is an interface of its own: {@link
 * Batches}, {@link MultiGets}, {@link OrderedScans}.
 *
 * <p>The arrays stay the caller's, who changes them after the call.
 */
public interface Session extends AutoCloseable {
  /**
   * Sets the value of a key, as durably as {@link Subject#durability} says.
   *
   * @param key the key
   * @param value its value
   */
  void put(byte[] key, byte[] value);

  /**
   * Copies the value of a key.
   *
   * @param key the key
   * @param destination at least as long as the value
   * @return the value's length, -1 if the key has none
   */
  int get(byte[] key, byte[] destination);

  /**
   * Removes a key, as durably as a put.
   *
   * @param key the key
   */
  void delete(byte[] key);

  /**
   * Reads every key and value.
   *
   * @return how many entries there are
   */
  long scan();

  @Override
  default void close() {}

  /** Only appends and reads everything: nothing is found by its key. */
  interface LogOnly {}

  /** Writes several entries at once, all or nothing after a crash. */
  interface Batches {
    /**
     * Sets the values of some keys, as durably as a put.
     *
     * @param keys the keys
     * @param values as many values
     */
    void putAll(byte[][] keys, byte[][] values);
  }

  /** Reads several entries at once. */
  interface MultiGets {
    /**
     * Copies the values of some keys.
     *
     * @param keys the keys
     * @param destinations as many arrays, each at least as long as its value
     * @return how many keys have a value
     */
    int getAll(byte[][] keys, byte[][] destinations);
  }

  /** Reads entries in the order of their keys. */
  interface OrderedScans {
    /**
     * Reads entries from a key on.
     *
     * @param from the first key, or what would be
     * @param count how many at most
     * @return how many were read
     */
    int scanFrom(byte[] from, int count);
  }
}
