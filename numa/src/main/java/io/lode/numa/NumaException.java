package io.lode.numa;

/** A placement call that failed, with what was asked and what the kernel answered. */
public final class NumaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * Makes an exception.
   *
   * @param message the operation, its arguments, the kernel's answer and what to do
   * @param errno the Linux error number, 0 where none applies
   */
  public NumaException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /**
   * Returns the Linux error number.
   *
   * @return the number, 0 where none applies
   */
  public int errno() {
    return errno;
  }
}
