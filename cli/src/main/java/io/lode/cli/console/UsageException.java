package io.lode.cli.console;

/** A command line that was parsed but is invalid. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong and what to write instead
   */
  public UsageException(String message) {
    super(message);
  }
}
