package io.lode.journal;

/** What a record says about its key. The numbers stand on the medium and never change. */
public enum RecordKind {
  /** The key has this value. */
  PUT(1),

  /** The key has no value. */
  DELETE(2);

  private final int number;

  RecordKind(int number) {
    this.number = number;
  }

  /** Returns the number on the medium. */
  int number() {
    return number;
  }

  /**
   * Tells whether the record leaves its key without a value.
   *
   * @return true of a tombstone
   */
  public boolean removes() {
    return this == DELETE;
  }

  /** Tells whether a number on the medium is one of a kind. */
  static boolean isKnown(int number) {
    return number == PUT.number || number == DELETE.number;
  }

  /** Returns the kind with a {@linkplain #isKnown known} number. */
  static RecordKind of(int number) {
    return number == PUT.number ? PUT : DELETE;
  }
}
