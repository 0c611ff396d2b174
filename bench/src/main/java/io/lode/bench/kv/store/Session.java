package io.lode.bench.kv.store;

/**
 * A store as one thread uses it. What not every store can do is an interface of its own. The arrays
 * stay the caller's, who changes them after the call. A store's own exceptions are passed on.
 */
public interface Session extends AutoCloseable {
  /** Sets the value of a key, as durably as {@link Subject#durability} says. */
  void put(byte[] key, byte[] value) throws Exception;

  /**
   * Copies the value of a key into an array that is long enough; returns its length, -1 if none.
   */
  int get(byte[] key, byte[] destination) throws Exception;

  /** Removes a key, as durably as a put. */
  void delete(byte[] key) throws Exception;

  /** Reads every key and value; returns how many entries there are. */
  long scan() throws Exception;

  @Override
  default void close() {}

  /** Copies a value that was found, null if there was none; returns its length or -1. */
  static int copied(byte @org.jspecify.annotations.Nullable [] value, byte[] destination) {
    if (value == null) {
      return -1;
    }
    System.arraycopy(value, 0, destination, 0, value.length);
    return value.length;
  }

  /** Only appends and reads everything: nothing is found by its key. */
  interface LogOnly {}

  /** Writes several entries at once, all or nothing after a crash. */
  interface Batches {
    /** Sets the values of as many keys, as durably as a put. */
    void putAll(byte[][] keys, byte[][] values) throws Exception;
  }

  /** Reads several entries at once. */
  interface MultiGets {
    /** Copies the values of as many keys; returns how many keys have one. */
    int getAll(byte[][] keys, byte[][] destinations) throws Exception;
  }

  /** Reads entries in the order of their keys. */
  interface OrderedScans {
    /** Reads at most so many entries from a key on; returns how many were read. */
    int scanFrom(byte[] from, int count) throws Exception;
  }
}
