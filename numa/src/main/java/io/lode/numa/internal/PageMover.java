package io.lode.numa.internal;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds and moves the pages of one range, a few thousand per call. */
public final class PageMover {
  private static final int PAGES_PER_CALL = 1 << 14;
  private static final int NOT_WRITTEN = Integer.MIN_VALUE;

  private final long startAddress;
  private final int pageCount;

  /** Creates a mover for the {@code pageCount} pages that start at an address. */
  public PageMover(long startAddress, int pageCount) {
    this.startAddress = startAddress;
    this.pageCount = pageCount;
  }

  /** Returns the node or the negative error number of each page. */
  public int[] locate() throws ErrnoException {
    int[] all = new int[pageCount];
    for (int first = 0; first < pageCount; first += PAGES_PER_CALL) {
      int[] status = call(first, null, 0);
      System.arraycopy(status, 0, all, first, status.length);
    }
    return all;
  }

  /** Moves pages; returns the node or the negative error number of each afterwards. */
  public int[] move(IntUnaryOperator nodeByPageIndex, int flags) throws ErrnoException {
    int[] all = new int[pageCount];
    for (int first = 0; first < pageCount; first += PAGES_PER_CALL) {
      int[] nodes = new int[chunk(first)];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = nodeByPageIndex.applyAsInt(first + i);
      }
      int[] moved = call(first, nodes, flags);
      int[] actual = call(first, null, 0);
      for (int i = 0; i < moved.length; i++) {
        // A refused page keeps its reason; the kernel writes nothing for pages that it did not
        // reach.
        all[first + i] = moved[i] < 0 && moved[i] != NOT_WRITTEN ? moved[i] : actual[i];
      }
    }
    return all;
  }

  private int[] call(int first, int @Nullable [] nodes, int flags) throws ErrnoException {
    long[] addresses = new long[chunk(first)];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = startAddress + (first + (long) i) * Mappings.pageSizeBytes();
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
