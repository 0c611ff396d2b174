package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import io.lode.pmem.internal.jna.NativeLibraries;

/** Provides libc, or the exception that says why it is unavailable. */
final class SystemCalls {
  private SystemCalls() {}

  /**
   * Returns libc.
   *
   * @param operation the operation that needs it
   * @throws PmemException NOSUPP where native access is denied or this is not Linux
   */
  static LibC libc(String operation) {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      throw Failures.of(operation, "this machine", PmemError.NOSUPP, system + " is not Linux");
    }
    NativeLibraries.Loaded<LibC> loaded = NativeLibraries.libc();
    LibC libc = loaded.library();
    if (libc != null) {
      return libc;
    }
    if (loaded.denied()) {
      throw new PmemException(
          PmemError.NOSUPP.code(), Failures.deniedMessage(operation) + ". " + loaded.reason());
    }
    throw Failures.of(
        operation,
        "this machine",
        PmemError.NOSUPP,
        "libc cannot be bound: " + loaded.reason(),
        "nothing works without it");
  }

  /** Returns the error number of this thread's last system call. */
  static int errno() {
    return NativeLibraries.errno();
  }
}
