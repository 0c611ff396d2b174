package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.Mappings;
import io.lode.numa.internal.PageMover;
import io.lode.numa.internal.PolicyCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Locates pages of native memory and moves them between nodes.
 *
 * <p>Segments must stay open during the call. Safe for use by many threads.
 *
 * <p><b>DAX.</b> The pages of a device that is mapped (fsdax, devdax) cannot be moved, and {@link
 * #locate} reports them as {@link PageReport.Status#ON_DEVICE}: move_pages(2) passes them over.
 * {@link #touchedNodeOf} and {@link #requireOn} use get_mempolicy(2), which does tell their node.
 * The node of the whole device is {@code Source.location()} in io.lode.pmem.
 */
public final class Pages {
  private static final int MOST_PAGES = Integer.MAX_VALUE - 8;

  private Pages() {}

  /** Which pages a move may take. */
  public enum Reach {
    /** Pages that only this process maps. */
    OWN(PolicyCalls.MF_MOVE),
    /** Pages shared with other processes too; requires CAP_SYS_NICE. */
    SHARED(PolicyCalls.MF_MOVE_ALL);

    private final int bit;

    Reach(int bit) {
      this.bit = bit;
    }
  }

  /**
   * Finds the node of each page without touching any. Pages of a device (DAX) that were touched are
   * {@link PageReport.Status#ON_DEVICE}; a process that may not read {@code /proc/self/pagemap}
   * sees them as NOT_PRESENT.
   *
   * @param range native memory; pages that it covers only in part count too
   * @return the node or status of each page
   * @throws IllegalArgumentException when the range is on the heap or has over 2147483647 pages
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when the kernel refuses
   */
  public static PageReport locate(MemorySegment range) {
    String operation = "locate the pages of " + range.byteSize() + " bytes";
    try {
      return new PageReport(mover(range, operation).locate());
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }

  /**
   * Finds the node of one byte's page without touching it.
   *
   * @param segment native memory
   * @param offset bytes into it
   * @return the node's id, absent when the page is not present or a device's (DAX)
   * @throws IllegalArgumentException when the segment is on the heap
   * @throws IndexOutOfBoundsException when the offset is outside
   * @throws IllegalStateException when the segment is closed
   * @throws NumaException when the kernel refuses
   */
  public static OptionalInt nodeOf(MemorySegment segment, long offset) {
    String operation = "locate the page at offset " + offset;
    NativeRange.address(segment, offset, operation);
    return locate(segment.asSlice(offset, 1)).node(0);
  }

  /**
   * Finds the node of one byte's page, faulting it in for reading when it is not present. Answers
   * for DAX memory too; but a page of a file that was never written (a hole, or space that is only
   * allocated) is read as the kernel's page of zeros, and the node is that page's and not the
   * device's.
   *
   * @param segment native memory
   * @param offset bytes into it
   * @return the node's id
   * @throws IllegalArgumentException when the segment is on the heap
   * @throws IndexOutOfBoundsException when the offset is outside
   * @throws IllegalStateException when the segment is closed
   * @throws NumaException when the kernel refuses: EFAULT for memory that is not mapped, ENOMEM
   *     when the page cannot be faulted in, as of a device whose memory is not there
   */
  public static int touchedNodeOf(MemorySegment segment, long offset) {
    String operation = "touch and locate the page at offset " + offset;
    return touchedNodeAt(NativeRange.address(segment, offset, operation), operation);
  }

  private static int touchedNodeAt(long address, String operation) {
    try {
      return PolicyCalls.nodeAt(address);
    } catch (ErrnoException e) {
      // No node was asked for, so none can be short of memory.
      throw e.errno() == Errno.ENOMEM
          ? NumaException.of(
              operation,
              e,
              "the kernel could not fault the page in; the node of a device's memory is known from"
                  + " the device: Source.location() of io.lode.pmem")
          : NumaException.of(operation, e);
    }
  }

  /**
   * Moves pages to one node, as far as possible. Pages of a device (DAX) stay where they are:
   * {@link PageReport.Status#ON_DEVICE}.
   *
   * @param range native memory
   * @param node the node to move to, online and allowed
   * @param reach which pages may move
   * @return where each page is now, or why it was not moved
   * @throws IllegalArgumentException when {@code node} is negative or the range is on the heap
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when the kernel refuses: ENODEV for a node that is not online, EACCES for
   *     one outside the cpuset, EPERM for SHARED without CAP_SYS_NICE
   */
  public static PageReport move(MemorySegment range, int node, Reach reach) {
    return move(range, _ -> node, reach);
  }

  /**
   * Moves each page to a node chosen for it, as far as possible.
   *
   * @param range native memory
   * @param nodeByPageIndex maps a page's 0-based index in the range to its target node
   * @param reach which pages may move
   * @return where each page is now, or why it was not moved
   * @throws IllegalArgumentException when a node is negative or the range is on the heap
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when the kernel refuses, as in {@link #move(MemorySegment, int, Reach)};
   *     pages before the refused ones may have been moved
   */
  public static PageReport move(
      MemorySegment range, IntUnaryOperator nodeByPageIndex, Reach reach) {
    String operation = "move the pages of " + range.byteSize() + " bytes";
    IntUnaryOperator checked = index -> requireNode(nodeByPageIndex.applyAsInt(index), operation);
    try {
      return new PageReport(mover(range, operation).move(checked, reach.bit));
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENODEV
          ? NumaException.of(operation, e, "online nodes: " + Topology.snapshot().onlineNodes())
          : NumaException.of(operation, e);
    }
  }

  /**
   * Moves all pages of this process from some nodes to others, keeping their spread.
   *
   * @param from the nodes to leave
   * @param to at least one allowed node
   * @return the number of pages that could not be moved
   * @throws IllegalArgumentException when {@code to} is empty
   * @throws NumaException when the kernel refuses
   */
  public static long migrate(NodeSet from, NodeSet to) {
    return migrateAll(0, from, to);
  }

  /**
   * Moves all pages of another process from some nodes to others.
   *
   * @param pid the process's id, at least 1
   * @param from the nodes to leave
   * @param to at least one node allowed to that process
   * @return the number of pages that could not be moved
   * @throws IllegalArgumentException when {@code pid} is not positive or {@code to} is empty
   * @throws NumaException when the kernel refuses: ESRCH without such a process, EPERM for a
   *     foreign one
   */
  public static long migrate(int pid, NodeSet from, NodeSet to) {
    if (pid <= 0) {
      throw new IllegalArgumentException("process id " + pid + " must be at least 1");
    }
    return migrateAll(pid, from, to);
  }

  private static long migrateAll(int pid, NodeSet from, NodeSet to) {
    String operation =
        "migrate pages of process "
            + (pid == 0 ? "self" : pid)
            + " from nodes "
            + from
            + " to "
            + to;
    if (to.isEmpty()) {
      throw new IllegalArgumentException(operation + ": at least one node to move to is needed");
    }
    try {
      return PolicyCalls.migrate(pid, from.ids(), to.ids());
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EINVAL
          ? NumaException.of(operation, e, "the nodes must be online, with memory and allowed")
          : NumaException.of(operation, e);
    }
  }

  /**
   * Faults in all pages for writing, under the policy that governs them. Their content does not
   * change.
   *
   * @param range native writable memory; allocates a file's blocks when it maps a file
   * @throws IllegalArgumentException when the range is on the heap or read-only
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when memory is short (ENOMEM) or cannot be written (EFAULT)
   */
  public static void prefault(MemorySegment range) {
    String operation = "prefault " + range.byteSize() + " bytes";
    long address = NativeRange.address(range, operation);
    if (range.isReadOnly()) {
      throw new IllegalArgumentException(operation + ": the segment is read-only");
    }
    if (range.byteSize() == 0) {
      return;
    }
    long start = address - address % Mappings.pageSizeBytes();
    try {
      Mappings.populate(start, address + range.byteSize() - start);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EINVAL) {
        throw NumaException.of(operation, e);
      }
      touch(range, address);
    }
  }

  /**
   * For Linux before 5.14, which cannot populate: atomically rewrites one byte of each page with
   * itself.
   */
  private static void touch(MemorySegment range, long address) {
    MemorySegment bytes = range.asSlice(0);
    long page = Mappings.pageSizeBytes();
    var handle = ValueLayout.JAVA_INT.varHandle();
    long firstWord = -address & 3;
    for (long offset = firstWord; offset <= bytes.byteSize() - 4; ) {
      var _ = (int) handle.getAndBitwiseOr(bytes, offset, 0);
      offset += page - (address + offset) % page;
    }
  }

  /**
   * Checks that every page lies on one of these nodes. The pages of a device (DAX) are asked for
   * one by one, a system call each.
   *
   * @param range native memory
   * @param nodes where its pages should be
   * @throws IllegalArgumentException when the range is on the heap
   * @throws IllegalStateException when the range is closed
   * @throws NumaException when a page is elsewhere or not present, with the counts
   */
  public static void requireOn(MemorySegment range, NodeSet nodes) {
    PageReport report = locate(range);
    if (report.count(PageReport.Status.ON_DEVICE) != 0) {
      String operation = "locate the pages of " + range.byteSize() + " bytes on a device";
      long address = NativeRange.address(range, operation);
      long page = Mappings.pageSizeBytes();
      report =
          report.withDevicePages(
              index -> touchedNodeAt(address - address % page + index * page, operation));
    }
    if (report.count(PageReport.Status.ON_NODE) != report.pageCount()
        || !nodes.containsAll(report.nodes())) {
      throw new NumaException(
          "verify that " + report.pageCount() + " pages lie on nodes " + nodes + ": " + report, 0);
    }
  }

  /** Tells whether any page of a range that was touched is a device's. */
  static boolean isOnDevice(long address, long lengthBytes) {
    long page = Mappings.pageSizeBytes();
    int count = (int) Math.min((lengthBytes + page - 1) / page, MOST_PAGES);
    try {
      return new PageReport(new PageMover(address, count).locate())
              .count(PageReport.Status.ON_DEVICE)
          != 0;
    } catch (ErrnoException _) {
      return false;
    }
  }

  private static int requireNode(int node, String operation) {
    if (node < 0) {
      throw new IllegalArgumentException(operation + ": node " + node + " must be at least 0");
    }
    return node;
  }

  private static PageMover mover(MemorySegment range, String operation) {
    long address = NativeRange.address(range, operation);
    long page = Mappings.pageSizeBytes();
    long start = address - address % page;
    long count = range.byteSize() == 0 ? 0 : (address + range.byteSize() - 1 - start) / page + 1;
    if (count > MOST_PAGES) {
      throw new IllegalArgumentException(
          operation + ": " + count + " pages are too many for one report; go slice by slice");
    }
    return new PageMover(start, (int) count);
  }
}
