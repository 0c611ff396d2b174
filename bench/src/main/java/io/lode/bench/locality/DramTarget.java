package io.lode.bench.locality;

import io.lode.bench.run.PageFaults;
import io.lode.bench.run.RawMap;
import io.lode.numa.MemoryPolicy;
import io.lode.numa.NodeSet;
import io.lode.numa.NumaArena;
import io.lode.numa.NumaArena.Option;
import io.lode.numa.Placement;
import io.lode.numa.Topology;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Ordinary memory of one node, on huge pages where the kernel has them. */
final class DramTarget {
  private static final long HUGE_PAGE_BYTES = 2 << 20;
  private static final long LEAST_AREA_BYTES = 2 << 20;

  private final Machine machine;
  private final int node;
  private final long area;

  private DramTarget(Machine machine, int node, long areaBytes) {
    this.machine = machine;
    this.node = node;
    this.area = fitting(node, areaBytes);
  }

  /**
   * Takes memory of a node; less where it has little.
   *
   * @throws io.lode.numa.NumaException if the node does not give it
   */
  static Target open(Machine machine, int node, long areaBytes) {
    return new DramTarget(machine, node, areaBytes).open();
  }

  /** Leaves half of the free memory to others. */
  private static long fitting(int node, long areaBytes) {
    long free =
        Topology.snapshot()
            .node(node)
            .map(found -> found.freeBytes() + found.reclaimableBytes())
            .orElse(Long.MAX_VALUE);
    long area = areaBytes;
    while (area > LEAST_AREA_BYTES && Target.AREAS * area > free / 2) {
      area = Math.max(LEAST_AREA_BYTES, (area / 4) & -HUGE_PAGE_BYTES);
    }
    return area;
  }

  /** With one node there is nothing to bind to, and some sandboxes refuse every policy. */
  private Target open() {
    if (machine.nodesWithMemory().size() == 1) {
      RawMap memory = RawMap.anonymous(Target.AREAS * area, Arena.ofShared());
      return open(memory.segment(), memory::close);
    }
    NumaArena arena =
        NumaArena.ofNode(node, Option.TRANSPARENT_HUGE_PAGES, Option.PREFAULT, Option.VERIFY);
    try {
      return open(arena.allocate(Target.AREAS * area, HUGE_PAGE_BYTES), arena::close);
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  private Target open(MemorySegment memory, Runnable release) {
    PmemMap lines = lines(memory);
    PmemMap map = lines == null ? MapConfig.mapExisting(memory, Granularity.PAGE) : lines;
    // A node's memory is near to that node, also where the kernel does not tell of pages.
    NodeSet near = Placement.cpuNodes(Placement.Device.of(node, node)).nodes();
    var facts =
        new TargetFacts(
            "dram:" + node,
            TargetFacts.Kind.DRAM,
            null,
            null,
            machine.emulation(),
            lines == null ? "none" : "CACHE_LINE",
            map.flushPrimitive(),
            "none: memory loses everything when the process ends",
            "none",
            PageFaults.PAGE_BYTES,
            area,
            PageFaults.pageBytesOf(this::fresh, area),
            node,
            null,
            Places.ofPages(memory).by(),
            machine.byDistance(near, node),
            near.stream().boxed().toList());
    return new Target(
        facts,
        map,
        lines,
        null,
        this::fresh,
        () -> {
          map.close();
          release.run();
        });
  }

  private RawMap fresh(long bytes) {
    RawMap map = RawMap.anonymous(bytes, Arena.ofConfined());
    if (machine.nodesWithMemory().size() > 1) {
      MemoryPolicy.bind(NodeSet.of(node)).applyTo(map.segment());
    }
    return map;
  }

  /** Returns the memory with flush instructions, or null where they cannot run. */
  static @Nullable PmemMap lines(MemorySegment memory) {
    try {
      return MapConfig.mapExisting(memory, Granularity.CACHE_LINE);
    } catch (PmemException noRoutines) {
      return null;
    }
  }
}
