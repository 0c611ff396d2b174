package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;

/**
 * Turns the fault of a Java store into an exception. A store to a page that has no memory (a hole
 * on a full file system, a truncated file, a damaged page) raises an InternalError, but compiled
 * code delivers it late: an ordinary native call must follow the store before the handler ends.
 *
 * @param place for messages
 */
record Faults(String place) {
  /**
   * Throws the pending fault of this thread's earlier accesses, if there is one, by making an
   * ordinary native call that does nothing else.
   *
   * @throws InternalError if there is one
   */
  static void deliver() {
    NativeTransition.make();
  }

  /** Discards further faults of this thread's earlier accesses: there is one per access. */
  static void discard() {
    boolean delivered = true;
    while (delivered) {
      try {
        deliver();
        delivered = false;
      } catch (InternalError _) {
        // There may be another.
      }
    }
  }

  /** Creates the exception for a fault, the first of those that are pending. */
  PmemException noMemory(long offset, long length, InternalError cause) {
    discard();
    PmemException failure =
        Failures.of(
            "access",
            range(offset, length),
            PmemError.IO_FAIL,
            "a page has no memory behind it",
            "check the space left on the file system and the length of the file");
    failure.initCause(cause);
    return failure;
  }

  /** Returns the name of a range of the map. */
  String range(long offset, long length) {
    return place + " [map offset " + offset + ", length " + length + "]";
  }
}
