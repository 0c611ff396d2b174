package io.lode.pmem;

import java.util.OptionalInt;

/**
 * A failed operation on persistent memory, with libpmem2's code for it. The message names the
 * operation, the code, the path, the range and what to do.
 */
public final class PmemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * Creates an exception.
   *
   * @param code a code of {@link PmemError}, or a negative Linux error number
   * @param message what failed, where, and what to do
   */
  public PmemException(int code, String message) {
    super(message);
    this.code = code;
  }

  /**
   * Creates an exception with a cause.
   *
   * @param code a code of {@link PmemError}, or a negative Linux error number
   * @param message what failed, where, and what to do
   * @param cause the cause
   */
  public PmemException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * Returns the error by name.
   *
   * @return the error; {@link PmemError#UNKNOWN} when the code is a system error
   */
  public PmemError error() {
    return PmemError.of(code);
  }

  /**
   * Returns the number that libpmem2 would have returned.
   *
   * @return a code of {@link PmemError}, or a negative Linux error number
   */
  public int code() {
    return code;
  }

  /**
   * Returns the Linux error number when the operating system refused.
   *
   * @return the positive number; empty when the code is one of {@link PmemError}
   */
  public OptionalInt errno() {
    return code < 0 && code > PmemError.UNKNOWN.code()
        ? OptionalInt.of(-code)
        : OptionalInt.empty();
  }
}
