package io.lode.bench.run;

/** A benchmark that cannot be run as asked. Thrown before anything is touched where possible. */
public final class BenchException extends RuntimeException {
  /** Exit status of a run that is done. */
  public static final int FINE = 0;

  /** Exit status of a check that found something wrong. */
  public static final int MISMATCH = 1;

  /** Exit status of a command line that makes no sense. */
  public static final int USAGE = 2;

  /** Exit status for a source that is in use elsewhere. */
  public static final int LOCKED = 3;

  /** Exit status for a source that is not there. */
  public static final int NOT_FOUND = 4;

  /** Exit status for a medium without room. */
  public static final int FULL = 5;

  /** Exit status for a source that holds somebody's data. */
  public static final int FOREIGN = 6;

  /** Exit status for what the system refused. */
  public static final int SYSTEM = 7;

  private static final long serialVersionUID = 1;

  private final int exitCode;

  /**
   * A refusal.
   *
   * @param exitCode one of the constants
   * @param message what is wrong and what to do, in one line
   */
  public BenchException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Throws one for the command line unless something holds. */
  public static void require(boolean holds, String message) {
    if (!holds) {
      throw new BenchException(USAGE, message);
    }
  }

  /** Returns the exit status, one of the constants. */
  public int exitCode() {
    return exitCode;
  }
}
