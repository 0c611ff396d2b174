package io.lode.kv;

/** Whether a store is open. Changes once, while all writers are kept out. */
final class OpenState {
  private final String pool;
  private volatile boolean closed;

  OpenState(String pool) {
    this.pool = pool;
  }

  /**
   * Refuses to go on in a closed store.
   *
   * @throws IllegalStateException if it is closed
   */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(pool + " is closed");
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
