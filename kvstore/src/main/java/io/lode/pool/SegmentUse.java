package io.lode.pool;

/** What a segment is written with. Its header says so, so that it goes on after a crash. */
public enum SegmentUse {
  /** Records of writers. */
  WRITES(0),

  /** Records that were moved out of segments to be freed. */
  MOVES(1),

  /** Deletes that found no room in a segment of writers. */
  DELETES(2);

  private final int number;

  SegmentUse(int number) {
    this.number = number;
  }

  /** Returns how a header says it. */
  int number() {
    return number;
  }

  static boolean isKnown(int number) {
    return number >= 0 && number < values().length;
  }

  static SegmentUse of(int number) {
    return values()[number];
  }
}
