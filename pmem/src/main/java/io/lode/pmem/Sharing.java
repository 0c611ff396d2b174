package io.lode.pmem;

/** Who sees the stores to a map, with libpmem2's meaning ({@code PMEM2_SHARED, PMEM2_PRIVATE}). */
public enum Sharing {
  /** Everybody: stores reach the source. */
  SHARED,

  /** This map alone: stores are lost when it is closed. Not for devdax. */
  PRIVATE
}
