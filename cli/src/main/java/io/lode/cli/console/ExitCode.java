package io.lode.cli.console;

/** The exit codes of the command; scripts rely on their numbers. */
public enum ExitCode {
  /** Done. */
  FINE(0, "done"),

  /** Something is damaged, or differs from what it should be. */
  MISMATCH(1, "damage or mismatch"),

  /** The command line makes no sense. */
  USAGE(2, "usage"),

  /** The pool is open elsewhere. */
  LOCKED(3, "locked"),

  /** The path or the key is not there. */
  NOT_FOUND(4, "path or key not found"),

  /** The pool or its file system has no room. */
  FULL(5, "full"),

  /** What is there is not a pool, or one of a newer version. */
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
   * Returns what the process ends with.
   *
   * @return 0 to 7
   */
  public int number() {
    return number;
  }

  /**
   * Says in a few words what the code means.
   *
   * @return the words
   */
  public String meaning() {
    return meaning;
  }
}
