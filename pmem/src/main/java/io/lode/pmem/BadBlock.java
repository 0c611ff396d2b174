package io.lode.pmem;

/**
 * A range of a {@link Source} that the medium has lost: reading it fails, and so does storing to it
 * until it is {@linkplain Source#clearBadBlock cleared}.
 *
 * @param offset first byte in the source
 * @param lengthBytes bytes, in a file whole blocks of its file system: the last one may pass the
 *     end of the file
 */
public record BadBlock(long offset, long lengthBytes) {
  /**
   * Makes a range.
   *
   * @throws IllegalArgumentException if it begins before 0, is empty, or ends above the greatest
   *     long
   */
  public BadBlock {
    if (offset < 0 || lengthBytes <= 0 || lengthBytes > Long.MAX_VALUE - offset) {
      throw new IllegalArgumentException(
          "no range: offset " + offset + ", length " + lengthBytes + " bytes");
    }
  }

  /**
   * Returns where the range ends.
   *
   * @return the first byte behind it
   */
  public long end() {
    return offset + lengthBytes;
  }
}
