package io.lode.crashtest.trace;

/** One thing that the code under test did, in the order in which it was done. */
public sealed interface Event {
  /**
   * Bytes were stored.
   *
   * @param site where in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param bytes what is there now; not to be changed
   * @param order how it is ordered
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Store(Site site, long thread, long offset, byte[] bytes, Order order) implements Event {}

  /**
   * Bytes were read.
   *
   * @param site where in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param length bytes
   */
  record Load(Site site, long thread, long offset, long length) implements Event {}

  /**
   * A range was flushed; on a page map that includes the wait.
   *
   * @param site where in the code
   * @param thread the id of the thread
   * @param offset first byte in the map
   * @param length bytes
   */
  record Flush(Site site, long thread, long offset, long length) implements Event {}

  /**
   * The flushes of a thread were waited for.
   *
   * @param site where in the code
   * @param thread the id of the thread
   */
  record Fence(Site site, long thread) implements Event {}

  /**
   * An operation begins.
   *
   * @param operation its index in the program; 0 makes the structure
   */
  record Begin(int operation) implements Event {}

  /**
   * An operation has returned: from now on its effect is promised.
   *
   * @param operation its index in the program
   */
  record Ack(int operation) implements Event {}
}
