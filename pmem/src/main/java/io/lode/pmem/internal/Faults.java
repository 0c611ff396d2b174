package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;

/**
 * Turns the fault of a Java store into an exception. A store to a page that has no memory (a hole
 * of a full file system, a truncated file, a damaged page) raises an InternalError, but compiled
 * code delivers it late: the store must be followed by an ordinary native call before the handler
 * ends.
 *
 * @param place for messages
 */
record Faults(String place) {
  /**
   * Makes the fault of an earlier access by this thread be thrown here: an ordinary native call,
   * which does nothing else.
   *
   * @throws InternalError if there is one
   */
  static void deliver() {
    NativeTransition.make();
  }

  /** Forgets further faults of earlier accesses by this thread: there is one for each access. */
  static void discard() {
    boolean delivered = true;
    while (delivered) {
      try {
        deliver();
        delivered = false;
      } catch (InternalError _) {
        // There may be another one.
      }
    }
  }

  /** Makes the exception of a fault, the first of those that are pending. */
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

  /** Names a range of the map. */
  String range(long offset, long length) {
    return place + " [map offset " + offset + ", length " + length + "]";
  }
}
