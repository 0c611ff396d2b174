package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.internal.cpu.Routines;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The machine below a source and its maps; tests substitute their own.
 *
 * @param files the kernel's device files
 * @param forced the granularity that is currently forced
 * @param regionFinder finds regions through libndctl
 * @param routines the persist instructions of this CPU
 */
public record Platform(
    DeviceFiles files,
    Supplier<Optional<Granularity>> forced,
    RegionFinder regionFinder,
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
            RegionFinder.ofThisMachine(),
            Routines.find());
  }
}
