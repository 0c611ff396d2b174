package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.Mappings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * A mapping under a policy, not yet or no longer tied to an arena.
 *
 * @param address where it starts
 * @param lengthBytes its length, whole pages
 * @param sizeBytes the requested size
 */
record PlacedMapping(long address, long lengthBytes, long sizeBytes) {

  /** Maps memory and places it, or leaves nothing mapped. */
  static PlacedMapping map(
      MemoryPolicy policy, Set<NumaArena.Option> options, long sizeBytes, long alignment) {
    String operation = "allocate " + sizeBytes + " bytes under " + policy;
    requireNativeAccess(operation);
    boolean hugePool = options.contains(NumaArena.Option.HUGE_PAGE_POOL);
    long page = hugePool ? hugePageBytes(operation) : Mappings.pageSizeBytes();
    long length = roundUp(sizeBytes, page, operation);
    if (alignment > page && hugePool) {
      throw new IllegalArgumentException(
          operation + ": alignment " + alignment + " is above a huge page of " + page);
    }
    requireRoom(policy, options, length, operation);
    try {
      PlacedMapping mapping =
          new PlacedMapping(mapAligned(length, Math.max(alignment, page), page), length, sizeBytes);
      return mapping.placed(policy, options, operation);
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }

  /** Fails before anything is mapped if this JVM denies to make segments of what is. */
  @SuppressWarnings("restricted")
  private static void requireNativeAccess(String operation) {
    try {
      var _ = MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException denied) {
      throw new NumaException(
          operation
              + ": native access is denied; start java with --enable-native-access=io.lode.numa"
              + ",com.sun.jna on the module path, =ALL-UNNAMED on the class path",
          denied);
    }
  }

  private static long hugePageBytes(String operation) {
    long bytes = Mappings.hugePageSizeBytes();
    if (bytes == 0) {
      throw new NumaException(operation + ": this kernel has no pool of huge pages", Errno.ENOSYS);
    }
    return bytes;
  }

  static long roundUp(long sizeBytes, long page, String operation) {
    if (sizeBytes > Long.MAX_VALUE - page) {
      throw new NumaException(operation + ": more than can be addressed", Errno.ENOMEM);
    }
    return (sizeBytes + page - 1) / page * page;
  }

  /** Maps more and unmaps both ends when the alignment is above a page. */
  private static long mapAligned(long length, long alignment, long page) throws ErrnoException {
    if (alignment <= page) {
      return Mappings.map(length, page != Mappings.pageSizeBytes());
    }
    if (length > Long.MAX_VALUE - alignment) {
      throw new ErrnoException("mmap", Errno.ENOMEM);
    }
    long mapped = Mappings.map(length + alignment, false);
    long aligned = (mapped + alignment - 1) & -alignment;
    if (aligned > mapped) {
      Mappings.unmap(mapped, aligned - mapped);
    }
    long tail = mapped + alignment - aligned;
    if (tail > 0) {
      Mappings.unmap(aligned + length, tail);
    }
    return aligned;
  }

  private PlacedMapping placed(
      MemoryPolicy policy, Set<NumaArena.Option> options, String operation) {
    boolean done = false;
    try {
      policy.bindRaw(address, lengthBytes, 0, operation);
      populate(policy, options, 0, operation);
      done = true;
      return this;
    } finally {
      if (!done) {
        unmap();
      }
    }
  }

  /** Applies the options from an offset on. */
  void populate(
      MemoryPolicy policy, Set<NumaArena.Option> options, long fromOffset, String operation) {
    long start = address + fromOffset;
    long length = lengthBytes - fromOffset;
    try {
      if (options.contains(NumaArena.Option.TRANSPARENT_HUGE_PAGES)) {
        Mappings.adviseHugePages(start, length);
      }
      if (touches(options)) {
        Pages.prefault(view(start, length));
      }
      if (options.contains(NumaArena.Option.LOCK)) {
        Mappings.lock(start, length);
      }
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
    if (options.contains(NumaArena.Option.VERIFY)) {
      Pages.requireOn(view(start, length), nodesOf(policy, Topology.snapshot()));
    }
  }

  /** Returns the nodes that memory can come from; relative ids do not name nodes. */
  private static NodeSet nodesOf(MemoryPolicy policy, Topology topology) {
    boolean named =
        !policy.nodes().isEmpty() && !policy.flags().contains(MemoryPolicy.Flag.RELATIVE_NODES);
    return named ? policy.nodes() : topology.nodesWithMemory();
  }

  private static boolean touches(Set<NumaArena.Option> options) {
    return options.contains(NumaArena.Option.PREFAULT)
        || options.contains(NumaArena.Option.VERIFY)
        || options.contains(NumaArena.Option.LOCK)
        || options.contains(NumaArena.Option.HUGE_PAGE_POOL);
  }

  /**
   * Refuses sizes that the nodes cannot hold: when no allowed node can supply a page, the kernel
   * kills a process instead of returning an error.
   */
  static void requireRoom(
      MemoryPolicy policy, Set<NumaArena.Option> options, long lengthBytes, String operation) {
    boolean strict = policy.mode() == MemoryPolicy.Mode.BIND;
    boolean atOnce = touches(options);
    if ((!strict && !atOnce) || options.contains(NumaArena.Option.HUGE_PAGE_POOL)) {
      return;
    }
    Topology topology = Topology.snapshot();
    NodeSet nodes = strict ? nodesOf(policy, topology) : topology.nodesWithMemory();
    long room =
        topology.nodes().stream()
            .filter(node -> nodes.contains(node.id()))
            .mapToLong(
                node -> atOnce ? node.freeBytes() + node.reclaimableBytes() : node.memoryBytes())
            .sum();
    // Without node files nothing is known, and only the kernel's overcommit rules apply.
    if (!topology.nodes().isEmpty() && lengthBytes > room) {
      throw new NumaException(
          operation + ": nodes " + nodes + " have " + room + " bytes" + (atOnce ? " free" : ""),
          Errno.ENOMEM);
    }
  }

  /** Ties the mapping to an arena, which unmaps it on close. */
  @SuppressWarnings("restricted")
  MemorySegment attachTo(Arena arena) {
    boolean attached = false;
    try {
      MemorySegment segment =
          MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, _ -> unmap());
      attached = true;
      return segment.asSlice(0, sizeBytes);
    } finally {
      if (!attached) {
        unmap();
      }
    }
  }

  /**
   * Returns a view of the mapping that is valid until the arena is closed, which does not unmap it.
   */
  @SuppressWarnings("restricted")
  MemorySegment lendTo(Arena arena) {
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes, arena, null);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment view(long address, long lengthBytes) {
    return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
  }

  /** Resizes the mapping, moving it when needed; added memory is zero. */
  PlacedMapping resized(long newSizeBytes, String operation) {
    long newLength = roundUp(newSizeBytes, Mappings.pageSizeBytes(), operation);
    try {
      long moved = Mappings.remap(address, lengthBytes, newLength);
      // The last page stays mapped in full: old content beyond the new size must not reappear.
      view(moved + newSizeBytes, newSizeBytes < sizeBytes ? newLength - newSizeBytes : 0)
          .fill((byte) 0);
      return new PlacedMapping(moved, newLength, newSizeBytes);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EINVAL
          ? NumaException.of(operation, e, "the new size is more than can be addressed")
          : NumaException.of(operation, e);
    }
  }

  void unmap() {
    try {
      Mappings.unmap(address, lengthBytes);
    } catch (ErrnoException e) {
      throw NumaException.of("unmap " + lengthBytes + " bytes", e);
    }
  }
}
