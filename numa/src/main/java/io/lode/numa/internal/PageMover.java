package io.lode.numa.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds and moves the pages of one range, a few thousand per call. */
public final class PageMover {
  /**
   * The status of a page of a device's memory (DAX), for which the kernel has none: {@code
   * move_pages} passes such pages over, as if they were not there. Below all error numbers.
   */
  public static final int ON_DEVICE = -4096;

  private static final int PAGES_PER_CALL = 1 << 14;
  private static final int NOT_WRITTEN = Integer.MIN_VALUE;

  private final long startAddress;
  private final int pageCount;

  /** Creates a mover for the {@code pageCount} pages that start at an address. */
  public PageMover(long startAddress, int pageCount) {
    this.startAddress = startAddress;
    this.pageCount = pageCount;
  }

  /** Returns the node, {@link #ON_DEVICE} or the negative error number of each page. */
  public int[] locate() throws ErrnoException {
    int[] all = new int[pageCount];
    for (int first = 0; first < pageCount; first += PAGES_PER_CALL) {
      int[] status = locate(first);
      System.arraycopy(status, 0, all, first, status.length);
    }
    return all;
  }

  /** A page that is said not to be present, and is in the page table, belongs to a device. */
  private int[] locate(int first) throws ErrnoException {
    int[] status = call(first, null, 0);
    if (!contains(status, -Errno.ENOENT)) {
      return status;
    }
    BitSet present = PageTable.present(addressOf(first), status.length);
    if (present.isEmpty()) {
      return status;
    }
    // Those that were touched in between are there now.
    int[] again = call(first, null, 0);
    for (int i = 0; i < again.length; i++) {
      if (again[i] == -Errno.ENOENT && present.get(i)) {
        again[i] = ON_DEVICE;
      }
    }
    return again;
  }

  private static boolean contains(int[] status, int wanted) {
    return Arrays.stream(status).anyMatch(number -> number == wanted);
  }

  private long addressOf(int page) {
    return startAddress + page * Mappings.pageSizeBytes();
  }

  /**
   * Moves pages; returns the node, {@link #ON_DEVICE} or the negative error number of each
   * afterwards.
   */
  public int[] move(IntUnaryOperator nodeByPageIndex, int flags) throws ErrnoException {
    int[] all = new int[pageCount];
    for (int first = 0; first < pageCount; first += PAGES_PER_CALL) {
      int[] nodes = new int[chunk(first)];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = nodeByPageIndex.applyAsInt(first + i);
      }
      int[] moved = call(first, nodes, flags);
      int[] actual = locate(first);
      for (int i = 0; i < moved.length; i++) {
        // A refused page keeps its reason, but of a device's the kernel says that nothing is mapped
        // there; it writes nothing for pages that it did not reach.
        boolean refused = moved[i] < 0 && moved[i] != NOT_WRITTEN && actual[i] != ON_DEVICE;
        all[first + i] = refused ? moved[i] : actual[i];
      }
    }
    return all;
  }

  private int[] call(int first, int @Nullable [] nodes, int flags) throws ErrnoException {
    long[] addresses = new long[chunk(first)];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = addressOf(first + i);
    }
    int[] status = new int[addresses.length];
    Arrays.fill(status, NOT_WRITTEN);
    PolicyCalls.movePages(0, addresses, nodes, status, flags);
    return status;
  }

  private int chunk(int first) {
    return Math.min(PAGES_PER_CALL, pageCount - first);
  }
}
