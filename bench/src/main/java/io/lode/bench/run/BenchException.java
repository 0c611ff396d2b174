package io.lode.bench.run;

/** A benchmark that cannot be run as asked. Thrown before anything is touched where possible. */
public final class BenchException extends RuntimeException {
  /** The exit code of a run that is done. */
  public static final int FINE = 0;

  /** The exit code of a run in which something differs from what it should be. */
  public static final int MISMATCH = 1;

  /** The exit code of a command line that makes no sense. */
  public static final int USAGE = 2;

  /** The exit code of a source that is in use elsewhere. */
  public static final int LOCKED = 3;

  /** The exit code of a source that is not there. */
  public static final int NOT_FOUND = 4;

  /** The exit code of a medium without room. */
  public static final int FULL = 5;

  /** The exit code of a source that holds data of others. */
  public static final int FOREIGN = 6;

  /** The exit code of what the system refused. */
  public static final int SYSTEM = 7;

  private static final long serialVersionUID = 1;

  private final int exitCode;

  /**
   * Makes one.
   *
   * @param exitCode what the process ends with
   * @param message what is wrong and what to do, in one line
   */
  public BenchException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /**
   * Returns what the process ends with.
   *
   * @return one of the constants
   */
  public int exitCode() {
    return exitCode;
  }
}
