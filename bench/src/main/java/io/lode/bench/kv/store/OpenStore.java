package io.lode.bench.kv.store;

import java.util.function.Supplier;

/**
 * A subject made of its parts.
 *
 * @param sessions makes a session for the calling thread
 * @param durability what has happened when a put returns
 * @param closing closes the store
 */
record OpenStore(Supplier<Session> sessions, String durability, Runnable closing)
    implements Subject {
  @Override
  public Session session() {
    return sessions.get();
  }

  @Override
  public void close() {
    closing.run();
  }
}
