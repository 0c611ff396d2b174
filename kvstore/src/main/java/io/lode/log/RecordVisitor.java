package io.lode.log;

/** Is shown the records of a segment, in the order in which they were written. */
@FunctionalInterface
public interface RecordVisitor {
  /**
   * Is shown a record.
   *
   * @param keyHash the hash of its key
   * @param sequence its version
   * @param position where it starts, from the start of the segment
   * @param lengthBytes its length, rounded up to 8 if read from a summary
   * @param kind what it says
   */
  void visit(long keyHash, long sequence, long position, long lengthBytes, RecordKind kind);
}
