package io.lode.pmem;

import io.lode.pmem.internal.MappedMemory;

/**
 * How much this process has mapped through {@link MapConfig#map} at the moment. The JVM's own
 * figures (its "mapped" buffer pool, native memory tracking) do not contain these maps.
 *
 * <p>A map counts from its making to the end of its {@link PmemMap#close}; one that could not be
 * made never does. Memory given to {@link MapConfig#mapExisting} belongs to its owner and does not
 * count, nor do addresses that are only {@linkplain VmReservation reserved}.
 *
 * @param count maps, in reservations too
 * @param mappedBytes the sum of their {@linkplain PmemMap#size sizes}: address space, not memory in
 *     use, and twice what is mapped twice
 */
public record MapStatistics(long count, long mappedBytes) {
  /**
   * Asks for the figures of this process. Nothing is locked: while other threads map and unmap,
   * each figure is exact on its own, but the two may be of different moments.
   *
   * @return the figures now
   */
  public static MapStatistics ofThisProcess() {
    return MappedMemory.ofThisProcess().statistics();
  }
}
