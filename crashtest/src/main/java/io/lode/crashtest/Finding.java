package io.lode.crashtest;

/**
 * A finding of the linter at a place in the code.
 *
 * @param rule the rule that was broken
 * @param place class, method and line; the operation's name for {@link Rule#NEVER_ACCEPTED}
 * @param count the number of times
 */
public record Finding(Rule rule, String place, long count) {
  /** The rules of the linter. */
  public enum Rule {
    /** An operation returned before something it stored was flushed. */
    MISSING_FLUSH,

    /** An operation returned before something it flushed was fenced. */
    MISSING_FENCE,

    /** A line was flushed although nothing in it had changed. */
    REDUNDANT_FLUSH,

    /** A line was flushed twice by one operation. */
    LINE_FLUSHED_TWICE,

    /** A fence had nothing to wait for. */
    EMPTY_FENCE,

    /** Durable bytes that the subject declares final were changed. */
    STORE_INTO_COMMITTED,

    /** An operation read data that an earlier one had stored but not made durable. */
    DIRTY_READ,

    /** Code took a view of the memory, such as a ByteBuffer, whose accesses are not observed. */
    UNSEEN_ACCESS,

    /** An operation was refused in every program, so that nothing of it was tried. */
    NEVER_ACCEPTED
  }

  /**
   * Tells whether durability is at stake rather than only speed.
   *
   * @return true if it is
   */
  public boolean isSerious() {
    return switch (rule) {
      case MISSING_FLUSH, MISSING_FENCE, STORE_INTO_COMMITTED, DIRTY_READ -> true;
      case REDUNDANT_FLUSH, LINE_FLUSHED_TWICE, EMPTY_FENCE, UNSEEN_ACCESS, NEVER_ACCEPTED -> false;
    };
  }

  @Override
  public String toString() {
    return rule + " at " + place + " (" + count + " times)";
  }
}
