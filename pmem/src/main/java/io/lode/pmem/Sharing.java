package io.lode.pmem;

/** The visibility of stores to a map, as in libpmem2 ({@code PMEM2_SHARED, PMEM2_PRIVATE}). */
public enum Sharing {
  /** Visible to everybody: stores reach the source. */
  SHARED,

  /** Visible only in this map: stores are lost when it is closed. Not for devdax. */
  PRIVATE
}
