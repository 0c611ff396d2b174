package io.lode.crashtest;

/**
 * Something that the linter saw at a place in the code.
 *
 * @param rule what is wrong
 * @param place class, method and line
 * @param count how often
 */
public record Finding(Rule rule, String place, long count) {
  /** What the linter looks for. */
  public enum Rule {
    /** An operation returned while something it stored was not flushed. */
    MISSING_FLUSH,

    /** An operation returned while something it flushed was not fenced. */
    MISSING_FENCE,

    /** A line was flushed in which nothing had changed. */
    REDUNDANT_FLUSH,

    /** A line was flushed twice by one operation. */
    LINE_FLUSHED_TWICE,

    /** A fence with nothing to wait for. */
    EMPTY_FENCE,

    /** Durable bytes were changed that the subject calls final. */
    STORE_INTO_COMMITTED,

    /** An operation read what an earlier one had stored and not made durable. */
    DIRTY_READ,

    /** Code took a view of the memory, such as a ByteBuffer, whose accesses are not seen. */
    UNSEEN_ACCESS
  }

  /**
   * Tells whether durability is at stake, not only speed.
   *
   * @return true if it is
   */
  public boolean isSerious() {
    return switch (rule) {
      case MISSING_FLUSH, MISSING_FENCE, STORE_INTO_COMMITTED, DIRTY_READ -> true;
      case REDUNDANT_FLUSH, LINE_FLUSHED_TWICE, EMPTY_FENCE, UNSEEN_ACCESS -> false;
    };
  }

  @Override
  public String toString() {
    return rule + " at " + place + " (" + count + " times)";
  }
}
