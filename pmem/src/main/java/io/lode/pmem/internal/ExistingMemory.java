package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.internal.GranularityRules.Decision;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;

/** Creates maps of memory that the caller mapped and owns. */
public final class ExistingMemory {
  private ExistingMemory() {}

  /**
   * Creates a map.
   *
   * @param memory native memory
   * @param granularity the granularity that its owner states
   * @param platform the machine
   */
  public static PmemMap map(MemorySegment memory, Granularity granularity, Platform platform) {
    if (!memory.isNative() || memory.byteSize() == 0) {
      throw new IllegalArgumentException("not native memory, or empty: " + memory);
    }
    MapCall.require();
    String place =
        "memory at 0x" + Long.toHexString(memory.address()) + " [" + memory.byteSize() + " bytes]";
    boolean fine = granularity != Granularity.PAGE;
    Decision decision = new Decision(granularity, fine, "stated by the memory's owner");
    Protection protection = memory.isReadOnly() ? Protection.READ : Protection.READ_WRITE;
    FlushStrategy strategy = flushStrategy(memory, granularity, platform, place);
    if (strategy instanceof LineFlush) {
      long page = PageSize.bytes();
      long start = memory.address() & -page;
      long end = AddressSpace.roundUp(memory.address() + memory.byteSize(), page);
      Backing.ensure(start, end - start, place);
    }
    return new NativeMap(
        place,
        null,
        MapMemory.borrowed(place, memory),
        protection,
        decision,
        strategy,
        deepFlush(granularity, place));
  }

  private static DeepFlush deepFlush(Granularity granularity, String place) {
    return granularity == Granularity.PAGE
        ? DeepFlush.NOTHING
        : new DeepFlush.Unsupported(place, "its device is known only to its owner, who mapped it");
  }

  private static FlushStrategy flushStrategy(
      MemorySegment memory, Granularity granularity, Platform platform, String place) {
    Faults faults = new Faults(place);
    if (memory.isReadOnly()) {
      return new NoFlush(faults);
    }
    if (granularity == Granularity.PAGE) {
      if (memory.address() % PageSize.bytes() != 0) {
        throw Failures.of("map", place, PmemError.ADDRESS_UNALIGNED, "it does not begin at a page");
      }
      return new PageSync(PageSize.bytes(), faults);
    }
    Routines routines = platform.routines().routines();
    if (routines == null) {
      throw Failures.of("map", place, PmemError.NOSUPP, platform.routines().reason());
    }
    return new LineFlush(
        routines, granularity == Granularity.BYTE, DamagedPages.NONE, FileBlocks.NONE);
  }
}
