package io.lode.pmem.internal;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Persist routines that only store, and record their calls. */
public final class RecordingRoutines implements Routines {
  public final List<String> calls = new ArrayList<>();

  public Platform platform(Granularity forced) {
    return platform(forced, new Routines.Lookup(this, ""));
  }

  public static Platform noRoutines(Granularity forced) {
    return platform(forced, new Routines.Lookup(null, "not on this CPU"));
  }

  private static Platform platform(Granularity forced, Routines.Lookup routines) {
    Platform machine = Platform.ofThisMachine();
    return new Platform(
        machine.files(), () -> Optional.of(forced), machine.regionFinder(), routines);
  }

  @Override
  public String flushName() {
    return "recorded";
  }

  @Override
  public void flush(MapMemory map, long offset, long length) {
    calls.add("flush " + offset + " " + length);
  }

  @Override
  public void drain() {
    calls.add("drain");
  }

  @Override
  public void copy(
      MapMemory map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags,
      boolean eadr) {
    MemorySegment.copy(source, sourceOffset, map.segment(), offset, length);
    calls.add("copy " + offset + " " + length + " " + flags.bits() + (eadr ? " eadr" : ""));
  }

  @Override
  public void fill(
      MapMemory map, long offset, long length, byte value, CopyFlags flags, boolean eadr) {
    map.segment().asSlice(offset, length).fill(value);
    calls.add("fill " + offset + " " + length + " " + flags.bits() + (eadr ? " eadr" : ""));
  }
}
