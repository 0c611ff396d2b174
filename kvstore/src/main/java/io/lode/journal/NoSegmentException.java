package io.lode.journal;

/**
 * No open segment has room for a group, and none is free. Nothing was written: once a segment was
 * freed the same can be tried again.
 */
public final class NoSegmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int groupBytes;
  private final boolean onlyRemoves;

  /**
   * Makes the exception, without a stack trace: it is an answer, and on a full pool a frequent one.
   */
  NoSegmentException(int groupBytes, boolean onlyRemoves) {
    super("no segment has room for " + groupBytes + " bytes", null, false, false);
    this.groupBytes = groupBytes;
    this.onlyRemoves = onlyRemoves;
  }

  /**
   * Returns the length of the group.
   *
   * @return bytes
   */
  public int groupBytes() {
    return groupBytes;
  }

  /**
   * Tells whether the group only deletes.
   *
   * @return true if it holds no value
   */
  public boolean onlyRemoves() {
    return onlyRemoves;
  }
}
