package io.lode.cli.console;

/** The exit codes of the command; scripts rely on their numbers. */
public enum ExitCode {
  /** Success. */
  FINE(0, "done"),

  /** Something is damaged or differs from what it should be. */
  MISMATCH(1, "damage or mismatch"),

  /** The command line is invalid. */
  USAGE(2, "usage"),

  /** The pool is open in another process. */
  LOCKED(3, "locked"),

  /** The path or key does not exist. */
  NOT_FOUND(4, "path or key not found"),

  /** The pool or its file system has no space left. */
  FULL(5, "full"),

  /** The file or device is not a pool, or a pool of a newer version. */
  FOREIGN(6, "not a pool, or a newer one"),

  /** The operating system or the medium refused. */
  SYSTEM(7, "I/O or system error");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /**
   * Returns the exit status of the process.
   *
   * @return 0 to 7
   */
  public int number() {
    return number;
  }

  /**
   * Returns the meaning of the code in a few words.
   *
   * @return the words
   */
  public String meaning() {
    return meaning;
  }
}
