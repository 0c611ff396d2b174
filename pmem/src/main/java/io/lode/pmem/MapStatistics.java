package io.lode.pmem;

import io.lode.pmem.internal.MapCounters;

/**
 * The amount of memory that this process currently has mapped through {@link MapConfig#map}. The
 * JVM's own figures (its "mapped" buffer pool, native memory tracking) do not include these maps.
 *
 * <p>A map counts from its creation to the end of its {@link PmemMap#close}; a map that could not
 * be created never counts. Memory given to {@link MapConfig#mapExisting} belongs to its owner and
 * does not count, nor do addresses that are only {@linkplain VmReservation reserved}.
 *
 * @param count the number of maps, including those in reservations
 * @param mappedBytes the sum of their {@linkplain PmemMap#size sizes}: address space rather than
 *     memory in use, so what is mapped twice counts twice
 */
public record MapStatistics(long count, long mappedBytes) {
  /**
   * Returns the figures of this process. Nothing is locked: while other threads map and unmap, each
   * figure is exact on its own, but the two may belong to different moments.
   *
   * @return the figures now
   */
  public static MapStatistics ofThisProcess() {
    MapCounters counters = MapCounters.ofThisProcess();
    return new MapStatistics(counters.count(), counters.bytes());
  }
}
