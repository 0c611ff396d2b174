package io.lode.numa;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * An arena whose segments lie on chosen nodes; each segment is its own mapping of whole pages.
 *
 * <p>Meant for large blocks: even the smallest costs a page and three system calls. Carve small
 * ones out of a large one with {@link java.lang.foreign.SegmentAllocator#slicingAllocator}.
 * Segments may be used by many threads, until {@link #close()}. No segment is returned unless the
 * kernel accepted its policy.
 */
public final class NumaArena implements Arena {
  private final MemoryPolicy policy;
  private final Set<Option> options;
  private final Arena backing = Arena.ofShared();

  /** Additional steps for each segment. */
  public enum Option {
    /** Fault in all pages at once; refused when the nodes do not have the free memory. */
    PREFAULT,
    /** Prefault, then check with the kernel that each page lies on the nodes. */
    VERIFY,
    /** Lock the pages in memory, which also faults them in; limited by RLIMIT_MEMLOCK. */
    LOCK,
    /** Ask for transparent huge pages. */
    TRANSPARENT_HUGE_PAGES,
    /**
     * Take pages from the huge page pool; prefaults, so that a pool that is too small is an
     * exception.
     */
    HUGE_PAGE_POOL
  }

  private NumaArena(MemoryPolicy policy, Option... options) {
    policy.requireApplicable("open an arena with memory policy " + policy);
    this.policy = policy;
    this.options = EnumSet.noneOf(Option.class);
    this.options.addAll(Set.of(options));
  }

  /**
   * Opens an arena under a policy.
   *
   * @param policy the policy of its memory
   * @param options additional steps for each segment
   * @return the arena
   * @throws IllegalArgumentException when a node is not allowed
   * @throws NumaException when the kernel refuses to tell the allowed nodes
   */
  public static NumaArena of(MemoryPolicy policy, Option... options) {
    return new NumaArena(policy, options);
  }

  /**
   * Opens an arena on one node only.
   *
   * @param node the node's id
   * @param options additional steps for each segment
   * @return the arena
   * @throws IllegalArgumentException when the node has no memory or is not allowed
   * @throws NumaException when the kernel refuses to tell the allowed nodes
   */
  public static NumaArena ofNode(int node, Option... options) {
    return of(MemoryPolicy.bind(NodeSet.of(node)), options);
  }

  /**
   * Opens an arena whose pages are interleaved over these nodes.
   *
   * @param nodes at least one node
   * @param options additional steps for each segment
   * @return the arena
   * @throws IllegalArgumentException when a node has no memory or is not allowed
   * @throws NumaException when the kernel refuses to tell the allowed nodes
   */
  public static NumaArena interleaved(NodeSet nodes, Option... options) {
    return of(MemoryPolicy.interleave(nodes), options);
  }

  /**
   * Opens an arena whose pages are interleaved over all allowed nodes.
   *
   * @param options additional steps for each segment
   * @return the arena
   * @throws NumaException when the kernel refuses to tell the allowed nodes
   */
  public static NumaArena interleaved(Option... options) {
    return interleaved(AllowedNodes.ofCaller(), options);
  }

  /**
   * Opens an arena whose pages lie where they are touched first.
   *
   * @param options additional steps for each segment
   * @return the arena
   */
  public static NumaArena local(Option... options) {
    return of(MemoryPolicy.local(), options);
  }

  /**
   * Returns the arena's memory policy.
   *
   * @return the policy
   */
  public MemoryPolicy policy() {
    return policy;
  }

  /**
   * Maps zeroed memory.
   *
   * @param byteSize its size in bytes, at least 0; the mapping is rounded up to whole pages
   * @param byteAlignment a power of two
   * @return the segment, open until this arena is closed
   * @throws IllegalArgumentException when the size is negative or the alignment not a power of two
   * @throws IllegalStateException when the arena is closed
   * @throws NumaException when memory is short (ENOMEM), the policy is refused, VERIFY fails, or
   *     this JVM denies native access; nothing stays mapped then
   */
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (byteSize < 0 || Long.bitCount(byteAlignment) != 1 || byteAlignment < 0) {
      throw new IllegalArgumentException(
          "allocate "
              + byteSize
              + " bytes aligned to "
              + byteAlignment
              + ": the size must be at least 0, the alignment a power of two");
    }
    if (!backing.scope().isAlive()) {
      throw new IllegalStateException("the arena is closed");
    }
    if (byteSize == 0) {
      return backing.allocate(0, byteAlignment);
    }
    return PlacedMapping.map(policy, options, byteSize, byteAlignment).attachTo(backing);
  }

  @Override
  public MemorySegment.Scope scope() {
    return backing.scope();
  }

  /**
   * Unmaps all segments.
   *
   * @throws IllegalStateException when the arena is closed already or a segment is in use by a call
   */
  @Override
  public void close() {
    backing.close();
  }
}
