package io.lode.numa.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Which pages have an entry in this process's page table, by {@code /proc/self/pagemap}
 * (Documentation/admin-guide/mm/pagemap.rst).
 */
final class PageTable {
  private static final String PAGEMAP = "/proc/self/pagemap";
  private static final long PRESENT = 1L << 63;

  private PageTable() {}

  /**
   * Looks up pages that follow each other.
   *
   * @return the indexes of those that are present; none where this is not told
   */
  static BitSet present(long startAddress, int pageCount) {
    BitSet present = new BitSet();
    byte[] entries = new byte[pageCount * Long.BYTES];
    long position = Long.divideUnsigned(startAddress, Mappings.pageSizeBytes()) * Long.BYTES;
    // Not a channel, which an interrupt of the thread would close.
    try (RandomAccessFile pagemap = new RandomAccessFile(PAGEMAP, "r")) {
      pagemap.seek(position);
      pagemap.readFully(entries);
    } catch (IOException _) {
      return present;
    }
    ByteBuffer words = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
    for (int page = 0; page < pageCount; page++) {
      present.set(page, (words.getLong(page * Long.BYTES) & PRESENT) != 0);
    }
    return present;
  }
}
