package io.lode.bench.locality;

import io.lode.numa.MemoryPolicy;
import io.lode.numa.NodeSet;
import io.lode.numa.NumaArena;
import io.lode.numa.NumaArena.Option;
import io.lode.numa.NumaException;
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

  private DramTarget() {}

  /**
   * Takes memory of a node.
   *
   * @throws NumaException if it has not even a little
   */
  static Target open(Machine machine, int node, long areaBytes) {
    MemoryPolicy policy = policy(machine, node);
    long area = areaBytes;
    while (true) {
      NumaArena arena =
          NumaArena.of(policy, Option.TRANSPARENT_HUGE_PAGES, Option.PREFAULT, Option.VERIFY);
      try {
        return open(machine, node, area, arena, policy);
      } catch (NumaException tooLittle) {
        arena.close();
        if (area <= LEAST_AREA_BYTES) {
          throw tooLittle;
        }
        area = Math.max(LEAST_AREA_BYTES, (area / 4) & -HUGE_PAGE_BYTES);
      } catch (RuntimeException | Error failure) {
        arena.close();
        throw failure;
      }
    }
  }

  /** With one node there is nothing to choose, and a kernel without NUMA has no policies. */
  private static MemoryPolicy policy(Machine machine, int node) {
    return machine.nodesWithMemory().size() == 1
        ? MemoryPolicy.local()
        : MemoryPolicy.bind(NodeSet.of(node));
  }

  private static Target open(
      Machine machine, int node, long area, NumaArena arena, MemoryPolicy policy) {
    MemorySegment memory = arena.allocate(Target.AREAS * area, HUGE_PAGE_BYTES);
    PmemMap lines = lines(memory);
    PmemMap map = lines == null ? MapConfig.mapExisting(memory, Granularity.PAGE) : lines;
    Places places = Places.ofPages(memory);
    var facts =
        new TargetFacts(
            "dram:" + node,
            TargetFacts.Kind.DRAM,
            null,
            null,
            machine.emulation(),
            lines == null ? "none" : "CACHE_LINE",
            map.flushPrimitive(),
            "nothing: memory forgets",
            "none",
            4096,
            area,
            node,
            null,
            places.by(),
            machine.byDistance(places.near(), node),
            places.nearNodes());
    return new Target(
        facts, map, lines, null, bytes -> fresh(policy, bytes), () -> close(map, arena));
  }

  private static RawMap fresh(MemoryPolicy policy, long bytes) {
    RawMap map = RawMap.anonymous(bytes, Arena.ofConfined());
    if (policy.mode() == MemoryPolicy.Mode.BIND) {
      policy.applyTo(map.segment());
    }
    return map;
  }

  private static void close(PmemMap map, NumaArena arena) {
    map.close();
    arena.close();
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
