package io.lode.pmem;

/** An operation on persistent memory that failed. */
public final class PmemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what failed
   */
  public PmemException(String message) {
    super(message);
  }
}
