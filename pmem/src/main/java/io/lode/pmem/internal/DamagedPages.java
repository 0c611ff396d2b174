package io.lode.pmem.internal;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import java.util.List;

/**
 * The pages of a map that held known bad blocks when it was created. Native code that touches one
 * ends the process, so it must avoid them.
 */
final class DamagedPages {
  /** None. */
  static final DamagedPages NONE = new DamagedPages(List.of(), "");

  private final long[] starts;
  private final long[] ends;
  private final String place;

  private DamagedPages(List<BadBlock> pages, String place) {
    this.starts = pages.stream().mapToLong(BadBlock::offset).toArray();
    this.ends = pages.stream().mapToLong(BadBlock::end).toArray();
    this.place = place;
  }

  /**
   * Selects those of a source's bad blocks that lie in a map.
   *
   * @param blocks the source's bad blocks
   * @param offset of the map in the source
   * @param lengthBytes of the map
   * @param pageSizeBytes a power of two
   * @param place for messages
   */
  static DamagedPages of(
      List<BadBlock> blocks, long offset, long lengthBytes, long pageSizeBytes, String place) {
    List<BadBlock> pages =
        blocks.stream()
            .map(block -> {
              long start = Math.max(block.offset() & -pageSizeBytes, offset) - offset;
              long end =
                  Math.min(AddressSpace.roundUp(block.end(), pageSizeBytes) - offset, lengthBytes);
              return start < end ? List.of(new BadBlock(start, end - start)) : List.<BadBlock>of();
            })
            .flatMap(List::stream)
            .toList();
    return pages.isEmpty() ? NONE : new DamagedPages(pages, place);
  }

  /**
   * Refuses a range that touches a damaged page.
   *
   * @throws io.lode.pmem.PmemException IO_FAIL
   */
  void requireNone(long offset, long length) {
    for (int i = 0; i < starts.length; i++) {
      if (length != 0 && offset < ends[i] && starts[i] < offset + length) {
        throw failure(offset, length, i);
      }
    }
  }

  private RuntimeException failure(long offset, long length, int i) {
    return Failures.of(
        "access",
        new Faults(place).range(offset, length),
        PmemError.IO_FAIL,
        "bad block at map offset " + starts[i] + ", length " + (ends[i] - starts[i]),
        "give up its bytes with Source.clearBadBlock and map again, or avoid it");
  }

  /** An action on a range without damage. */
  interface Visit {
    /** Acts on a range. */
    void range(long offset, long length);
  }

  /** Visits the ranges before, between and after the damaged pages. */
  void around(long lengthBytes, Visit visit) {
    long done = 0;
    for (int i = 0; i < starts.length; i++) {
      if (done < starts[i]) {
        visit.range(done, starts[i] - done);
      }
      done = ends[i];
    }
    if (done < lengthBytes) {
      visit.range(done, lengthBytes - done);
    }
  }
}
