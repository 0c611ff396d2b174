package io.lode.numa.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * Which pages have an entry in this process's page table, by {@code /proc/self/pagemap}
 * (Documentation/admin-guide/mm/pagemap.rst).
 */
final class PageTable {
  private static final Path PAGEMAP = Path.of("/proc/self/pagemap");
  private static final long PRESENT = 1L << 63;

  private PageTable() {}

  /**
   * Looks up pages that follow each other.
   *
   * @return the indexes of those that are present; none where this is not told
   */
  static BitSet present(long startAddress, int pageCount) {
    BitSet present = new BitSet();
    ByteBuffer entries = ByteBuffer.allocate(pageCount * Long.BYTES).order(ByteOrder.nativeOrder());
    long position = Long.divideUnsigned(startAddress, Mappings.pageSizeBytes()) * Long.BYTES;
    try (FileChannel pagemap = FileChannel.open(PAGEMAP, StandardOpenOption.READ)) {
      int read = 0;
      while (entries.hasRemaining() && read >= 0) {
        read = pagemap.read(entries, position + entries.position());
      }
    } catch (IOException _) {
      return present;
    }
    for (int page = 0; page < entries.position() / Long.BYTES; page++) {
      present.set(page, (entries.getLong(page * Long.BYTES) & PRESENT) != 0);
    }
    return present;
  }
}
