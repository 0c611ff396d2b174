package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.internal.GranularityRules.Decision;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;

/** Makes maps of memory that somebody else mapped and keeps. */
public final class ExistingMemory {
  private ExistingMemory() {}

  /**
   * Makes a map.
   *
   * @param memory native memory
   * @param granularity what its owner says
   * @param platform where
   */
  public static PmemMap map(MemorySegment memory, Granularity granularity, Platform platform) {
    if (!memory.isNative() || memory.byteSize() == 0) {
      throw new IllegalArgumentException("not native memory, or empty: " + memory);
    }
    MapCall.require();
    String place =
        "memory at 0x" + Long.toHexString(memory.address()) + " [" + memory.byteSize() + " bytes]";
    boolean fine = granularity != Granularity.PAGE;
    Decision decision = new Decision(granularity, fine, "the word of the memory's owner");
    Protection protection = memory.isReadOnly() ? Protection.READ : Protection.READ_WRITE;
    Persistence persistence = persistence(memory, granularity, platform, place);
    if (persistence instanceof LineFlush) {
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
        persistence,
        deepFlush(granularity, place));
  }

  private static DeepFlush deepFlush(Granularity granularity, String place) {
    return granularity == Granularity.PAGE
        ? DeepFlush.NOTHING
        : new DeepFlush.Unsupported(place, "somebody else mapped it and knows its device");
  }

  private static Persistence persistence(
      MemorySegment memory, Granularity granularity, Platform platform, String place) {
    Faults faults = new Faults(place);
    if (memory.isReadOnly()) {
      return new Volatile(faults);
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
    return new LineFlush(routines, granularity == Granularity.BYTE, DamagedPages.NONE);
  }
}
