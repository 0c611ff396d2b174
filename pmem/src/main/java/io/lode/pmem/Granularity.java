package io.lode.pmem;

/**
 * The unit in which a map's stores become durable, finest first, with libpmem2's numbers ({@code
 * PMEM2_GRANULARITY_*} in {@code libpmem2/base.h}).
 *
 * <p>A config names the <em>coarsest</em> granularity that its program accepts; a map has the one
 * that its medium provides.
 */
public enum Granularity {
  /** Stores are durable once globally visible: the CPU caches are in the persistence domain. */
  BYTE,

  /** Stores are durable once their cache line has been flushed and the flush fenced. */
  CACHE_LINE,

  /** Stores are durable once the operating system has synced their pages. */
  PAGE;

  /**
   * Tells whether a program whose coarsest acceptable granularity is {@code required} may use a map
   * of this granularity.
   *
   * @param required the coarsest granularity allowed
   * @return true if this granularity is as fine or finer
   */
  public boolean satisfies(Granularity required) {
    return compareTo(required) <= 0;
  }
}
