package io.lode.numa;

/** The rule that kernel state of a thread is for platform threads alone. */
final class PlatformThread {
  private PlatformThread() {}

  /** Refuses a virtual thread: what it sets would stay on its carrier and reach every other one. */
  static void require(String operation) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          operation
              + ": a virtual thread has no CPU mask or memory policy of its own, only its carrier"
              + " has; do this in a platform thread, for example one of NodeThreads");
    }
  }
}
