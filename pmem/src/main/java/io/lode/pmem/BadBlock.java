package io.lode.pmem;

/**
 * A range of a {@link Source} that the medium has lost: reading and storing fail until it is
 * {@linkplain Source#clearBadBlock cleared}.
 *
 * @param offset first byte in the source
 * @param lengthBytes bytes; in a file, whole blocks of its file system, the last of which may
 *     extend past the end of the file
 */
public record BadBlock(long offset, long lengthBytes) {
  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if it begins before 0, is empty, or ends above {@link
   *     Long#MAX_VALUE}
   */
  public BadBlock {
    if (offset < 0 || lengthBytes <= 0 || lengthBytes > Long.MAX_VALUE - offset) {
      throw new IllegalArgumentException(
          "not a range: offset " + offset + ", length " + lengthBytes + " bytes");
    }
  }

  /**
   * Returns the end of the range.
   *
   * @return offset of the first byte after it
   */
  public long end() {
    return offset + lengthBytes;
  }
}
