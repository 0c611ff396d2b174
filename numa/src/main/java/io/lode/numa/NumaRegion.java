package io.lode.numa;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * One block of memory under a policy, which can be resized and keeps its content and policy.
 *
 * <p>Resizing can move the block: the previous segment is then closed, and using it throws. The
 * region owns the memory until {@link #close()}. Safe for use by many threads; resize and close
 * exclude each other.
 */
public final class NumaRegion implements AutoCloseable {
  private final MemoryPolicy policy;
  private final RegionMemory memory;

  private NumaRegion(MemoryPolicy policy, RegionMemory memory) {
    this.policy = policy;
    this.memory = memory;
  }

  /**
   * Maps a region of zeros.
   *
   * @param policy the policy of its memory
   * @param sizeBytes its size in bytes, at least 1
   * @param options additional steps, also for memory that a resize adds; not HUGE_PAGE_POOL, whose
   *     mappings cannot be resized
   * @return the region
   * @throws IllegalArgumentException when the size is not positive, a node is not allowed, or an
   *     option does not fit
   * @throws NumaException when memory is short or the policy is refused
   */
  public static NumaRegion allocate(
      MemoryPolicy policy, long sizeBytes, NumaArena.Option... options) {
    requireSize(sizeBytes);
    Set<NumaArena.Option> chosen = EnumSet.noneOf(NumaArena.Option.class);
    chosen.addAll(Set.of(options));
    if (chosen.contains(NumaArena.Option.HUGE_PAGE_POOL)) {
      throw new IllegalArgumentException(
          "memory from the pool of huge pages cannot be resized; use NumaArena");
    }
    policy.requireApplicable("allocate a region under " + policy);
    PlacedMapping mapping = PlacedMapping.map(policy, chosen, sizeBytes, 1);
    return new NumaRegion(policy, new RegionMemory(policy, chosen, mapping));
  }

  private static void requireSize(long sizeBytes) {
    if (sizeBytes <= 0) {
      throw new IllegalArgumentException("region of " + sizeBytes + " bytes: at least 1 is needed");
    }
  }

  /**
   * Returns the region's memory.
   *
   * @return the segment, open until the next resize or close
   * @throws IllegalStateException when the region is closed
   */
  public MemorySegment segment() {
    return memory.segment();
  }

  /**
   * Returns the region's memory policy.
   *
   * @return the policy
   */
  public MemoryPolicy policy() {
    return policy;
  }

  /**
   * Changes the size and closes the previous segment.
   *
   * <p>Content is kept up to the smaller of the two sizes, and added memory is zero. On failure the
   * region is unchanged, except that its segment is a new one.
   *
   * @param newSizeBytes the new size in bytes, at least 1
   * @return the new segment
   * @throws IllegalArgumentException when the size is not positive
   * @throws IllegalStateException when the region is closed or its segment is in use by a call
   * @throws NumaException when memory is short
   */
  public MemorySegment resize(long newSizeBytes) {
    requireSize(newSizeBytes);
    return memory.resize(newSizeBytes);
  }

  /**
   * Unmaps the region; further calls do nothing.
   *
   * @throws IllegalStateException when its segment is in use by a call
   */
  @Override
  public void close() {
    memory.close();
  }
}
