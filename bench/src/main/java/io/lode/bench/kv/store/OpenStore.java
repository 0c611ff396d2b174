package io.lode.bench.kv.store;

import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A subject made of its parts.
 *
 * @param sessions makes a session for the calling thread
 * @param durability what has happened when a put returns
 * @param closing closes the store
 * @param reclaiming what it tells of using space again, empty if it keeps no limit
 */
record OpenStore(
    Callable<Session> sessions,
    String durability,
    AutoCloseable closing,
    Optional<Reclaiming> reclaiming)
    implements Subject {
  OpenStore(Callable<Session> sessions, String durability, AutoCloseable closing) {
    this(sessions, durability, closing, Optional.empty());
  }

  @Override
  public Session session() throws Exception {
    return sessions.call();
  }

  @Override
  public void close() {
    try {
      closing.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
