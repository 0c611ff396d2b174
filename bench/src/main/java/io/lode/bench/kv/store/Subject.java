package io.lode.bench.kv.store;

import java.util.OptionalLong;

/** A store that is open. Safe for several threads, each with a session of its own. */
public interface Subject extends AutoCloseable {
  /**
   * Returns what one thread uses the store through. To be called by that thread.
   *
   * @return a session, closed by its thread
   */
  Session session();

  /**
   * Says what has happened when a put returns, and what it survives.
   *
   * @return a few words
   */
  String durability();

  /**
   * Returns what the entries take of the medium, where the store knows that better than the file
   * system: one that allocates its space up front.
   *
   * @return bytes, empty if the file system is to be asked
   */
  default OptionalLong usedBytes() {
    return OptionalLong.empty();
  }

  /**
   * Returns the memory that the store holds beside the heap and the medium.
   *
   * @return bytes, empty if it does not tell
   */
  default OptionalLong offHeapBytes() {
    return OptionalLong.empty();
  }

  @Override
  void close();
}
