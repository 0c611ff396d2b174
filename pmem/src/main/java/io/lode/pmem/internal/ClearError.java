package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.internal.jna.LibNdctl;

/**
 * Clears the errors of a physical range through the firmware of its bus, which is first asked
 * whether it can (ARS capabilities) and then told to (clear error).
 *
 * @param lib libndctl
 * @param place the source's name
 */
record ClearError(LibNdctl lib, String place) {
  static final String OPERATION = "clear a bad block of";

  /**
   * Clears a physical range.
   *
   * @throws io.lode.pmem.PmemException NOSUPP, or a negative errno
   */
  void run(long bus, long address, long lengthBytes) {
    long capability = made(lib.ndctl_bus_cmd_new_ars_cap(bus, address, lengthBytes));
    try {
      submit(capability);
      // The requested range, never the one in the reply, which might be wider.
      long command = made(lib.ndctl_bus_cmd_new_clear_error(address, lengthBytes, capability));
      try {
        submit(command);
        requireAll(lib.ndctl_cmd_clear_error_get_cleared(command), lengthBytes);
      } finally {
        lib.ndctl_cmd_unref(command);
      }
    } finally {
      lib.ndctl_cmd_unref(capability);
    }
  }

  private long made(long command) {
    if (command == 0) {
      throw Failures.of(
          OPERATION,
          place,
          PmemError.NOSUPP,
          "its bus cannot clear errors, or only in larger units",
          "replace the device, or clear it with its vendor's tools");
    }
    return command;
  }

  private void submit(long command) {
    int result = lib.ndctl_cmd_submit(command);
    if (result < 0) {
      throw Failures.errno(OPERATION, place, -result);
    }
  }

  private void requireAll(long clearedBytes, long lengthBytes) {
    if (clearedBytes != lengthBytes) {
      throw Failures.errno(
          OPERATION,
          place,
          Errno.ENXIO.number(),
          clearedBytes + " of " + lengthBytes + " bytes were cleared: list the bad blocks again");
    }
  }
}
