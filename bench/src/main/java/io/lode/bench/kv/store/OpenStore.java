package io.lode.bench.kv.store;

import java.util.concurrent.Callable;

/**
 * A subject made of its parts.
 *
 * @param sessions makes a session for the calling thread
 * @param durability what has happened when a put returns
 * @param closing closes the store
 */
record OpenStore(Callable<Session> sessions, String durability, AutoCloseable closing)
    implements Subject {
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
