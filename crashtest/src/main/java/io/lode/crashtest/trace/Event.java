package io.lode.crashtest.trace;

/** An event of the code under test; a trace holds them in order. */
public sealed interface Event {
  /**
   * Bytes were stored.
   *
   * @param site the place in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param bytes the new content; must not be modified
   * @param order its ordering
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Store(Site site, long thread, long offset, byte[] bytes, Order order) implements Event {}

  /**
   * Bytes were read.
   *
   * @param site the place in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param length bytes
   */
  record Load(Site site, long thread, long offset, long length) implements Event {}

  /**
   * A range was flushed; on a page map, and waited for.
   *
   * @param site the place in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param length bytes
   */
  record Flush(Site site, long thread, long offset, long length) implements Event {}

  /**
   * A thread waited for its flushes.
   *
   * @param site the place in the code
   * @param thread the id of the thread
   */
  record Fence(Site site, long thread) implements Event {}

  /**
   * An operation begins.
   *
   * @param operation its index in the program; 0 creates the structure
   */
  record Begin(int operation) implements Event {}

  /**
   * An operation has returned: its effect must survive from now on.
   *
   * @param operation its index in the program
   */
  record Ack(int operation) implements Event {}
}
