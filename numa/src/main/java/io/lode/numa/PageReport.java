package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.PageMover;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * The node of each page of a range at the time of a call, or why it has none.
 *
 * <p>Pages are system pages of {@link Numa#pageSizeBytes()} bytes each, even where huge pages back
 * the range. Immutable.
 */
public final class PageReport {
  private final int[] statuses;

  /** What the kernel reports for a page, as in move_pages(2). */
  public enum Status {
    /** It lies on a node. */
    ON_NODE,
    /** It was never touched, or is swapped out. */
    NOT_PRESENT,
    /** Nothing is mapped there, or it was only read and is still the shared page of zeros. */
    UNMAPPED,
    /** Other processes map it and moving those was not asked for. */
    SHARED,
    /** It is in use by I/O. */
    BUSY,
    /** The target node had no room. */
    NO_MEMORY,
    /** It cannot be moved. */
    IMMOVABLE,
    /**
     * It was touched and is a device's own memory (fsdax, devdax), of whose pages the kernel tells
     * no node and moves none. {@link Pages#touchedNodeOf} and {@link Pages#requireOn} ask in
     * another way.
     */
    ON_DEVICE,
    /** A number this library does not know. */
    UNKNOWN;

    static Status of(int status) {
      if (status >= 0) {
        return ON_NODE;
      }
      return switch (-status) {
        case -PageMover.ON_DEVICE -> ON_DEVICE;
        case Errno.ENOENT -> NOT_PRESENT;
        case Errno.EFAULT -> UNMAPPED;
        case Errno.EACCES -> SHARED;
        case Errno.EBUSY, Errno.EAGAIN -> BUSY;
        case Errno.ENOMEM -> NO_MEMORY;
        case Errno.EIO, Errno.EINVAL -> IMMOVABLE;
        default -> UNKNOWN;
      };
    }
  }

  PageReport(int[] statuses) {
    this.statuses = statuses;
  }

  /** Asks for the node of each page that is on a device. */
  PageReport withDevicePages(IntUnaryOperator nodeByPageIndex) {
    int[] known = statuses.clone();
    for (int page = 0; page < known.length; page++) {
      if (known[page] == PageMover.ON_DEVICE) {
        known[page] = nodeByPageIndex.applyAsInt(page);
      }
    }
    return new PageReport(known);
  }

  /**
   * Returns the number of pages.
   *
   * @return the number, 0 for an empty range
   */
  public int pageCount() {
    return statuses.length;
  }

  /**
   * Returns the status of a page.
   *
   * @param pageIndex from 0 to {@link #pageCount()}, excluded
   * @return the status
   * @throws IndexOutOfBoundsException when there is no such page
   */
  public Status status(int pageIndex) {
    return Status.of(statuses[pageIndex]);
  }

  /**
   * Returns the node a page lies on.
   *
   * @param pageIndex from 0 to {@link #pageCount()}, excluded
   * @return the node's id, absent when {@link #status(int)} is not ON_NODE
   * @throws IndexOutOfBoundsException when there is no such page
   */
  public OptionalInt node(int pageIndex) {
    int status = statuses[pageIndex];
    return status >= 0 ? OptionalInt.of(status) : OptionalInt.empty();
  }

  /**
   * Returns the nodes that hold at least one of the pages.
   *
   * @return the nodes
   */
  public NodeSet nodes() {
    return NodeSet.of(pagesByNode().keySet().stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * Returns the number of pages on each node that holds any.
   *
   * @return page counts by node id, ascending
   */
  public Map<Integer, Integer> pagesByNode() {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int status : statuses) {
      if (status >= 0) {
        counts.merge(status, 1, Integer::sum);
      }
    }
    return counts;
  }

  /**
   * Returns the number of pages with a status.
   *
   * @param status the status
   * @return the number
   */
  public int count(Status status) {
    int count = 0;
    for (int number : statuses) {
      count += Status.of(number) == status ? 1 : 0;
    }
    return count;
  }

  /**
   * Returns the counts as text: {@code node 0: 12, NOT_PRESENT: 3}.
   *
   * @return the counts
   */
  @Override
  public String toString() {
    Map<String, Integer> counts = new TreeMap<>();
    for (int number : statuses) {
      String name = number >= 0 ? "node " + number : Status.of(number).name();
      counts.merge(name, 1, Integer::sum);
    }
    return counts.toString().replace("=", ": ").replaceAll("[{}]", "");
  }
}
