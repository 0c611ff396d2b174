package io.lode.pmem;

/**
 * The unit in which a map's stores become durable, finest first, with libpmem2's numbers ({@code
 * PMEM2_GRANULARITY_*} in {@code libpmem2/base.h}).
 *
 * <p>A config names the <em>coarsest</em> granularity that its program can live with; a map has the
 * one that its medium gives.
 */
public enum Granularity {
  /** Stores are durable once globally visible: the CPU caches are in the persistence domain. */
  BYTE,

  /** Stores are durable once their cache line was flushed and the flush was fenced. */
  CACHE_LINE,

  /** Stores are durable once their pages were synced by the operating system. */
  PAGE;

  /**
   * Tells whether a program that requires {@code required} at most may use a map of this
   * granularity.
   *
   * @param required the coarsest granularity allowed
   * @return true if this granularity is as fine or finer
   */
  public boolean satisfies(Granularity required) {
    return compareTo(required) <= 0;
  }
}
