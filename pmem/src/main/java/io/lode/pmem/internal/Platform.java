package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.internal.cpu.Routines;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a source and its maps stand on; a test can stand them on something else.
 *
 * @param files the kernel's device files
 * @param forced the granularity that is forced at the moment
 * @param regions the walk through libndctl
 * @param routines the persist instructions of this CPU
 */
public record Platform(
    DeviceFiles files,
    Supplier<Optional<Granularity>> forced,
    Regions regions,
    Routines.Lookup routines) {
  /** Returns this machine. */
  public static Platform ofThisMachine() {
    return Holder.THIS_MACHINE;
  }

  private static final class Holder {
    static final Platform THIS_MACHINE =
        new Platform(
            DeviceFiles.ofThisMachine(),
            GranularityRules::forced,
            Regions.ofThisMachine(),
            Routines.find());
  }
}
