package io.lode.pmem.internal.cpu;

/**
 * The reason why the routines cannot run here, which becomes the reason of a {@link
 * Routines.Lookup}.
 */
final class UnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
