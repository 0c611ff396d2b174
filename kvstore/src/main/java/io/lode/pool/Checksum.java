package io.lode.pool;

import java.util.zip.CRC32C;

/**
 * CRC32C of bytes on the heap. Never of a mapping: the JDK's checksum intrinsics end the process
 * when they meet a page that cannot be read, a copy to the heap does not.
 */
public final class Checksum {
  private final CRC32C crc = new CRC32C();

  /**
   * Computes the checksum of a range of an array.
   *
   * @param bytes the array
   * @param offset first byte
   * @param length bytes
   * @return the CRC32C
   */
  public int of(byte[] bytes, int offset, int length) {
    start();
    return and(bytes, offset, length);
  }

  /** Starts a new checksum. */
  public void start() {
    crc.reset();
  }

  /**
   * Adds a range of an array to the bytes given since {@link #start}.
   *
   * @param bytes the array
   * @param offset first byte
   * @param length bytes
   * @return the CRC32C of all together
   */
  public int and(byte[] bytes, int offset, int length) {
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
