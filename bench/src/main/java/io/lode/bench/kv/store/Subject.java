package io.lode.bench.kv.store;

import java.util.Optional;
import java.util.OptionalLong;

/** A store that is open. Safe for several threads, each with a session of its own. */
public interface Subject extends AutoCloseable {
  /** Makes a session for the calling thread, which closes it. */
  Session session() throws Exception;

  /** Says in a few words what has happened when a put returns, and what it survives. */
  String durability();

  /**
   * Returns the bytes that the entries take of the medium, empty where the file system is to be
   * asked: a store that allocates its space up front knows better.
   */
  default OptionalLong usedBytes() {
    return OptionalLong.empty();
  }

  /**
   * Returns the bytes that the store holds beside the heap and the medium, empty if it is silent.
   */
  default OptionalLong offHeapBytes() {
    return OptionalLong.empty();
  }

  /** Returns what it tells of using space again, empty if it keeps no limit. */
  default Optional<Reclaiming> reclaiming() {
    return Optional.empty();
  }

  @Override
  void close();
}
