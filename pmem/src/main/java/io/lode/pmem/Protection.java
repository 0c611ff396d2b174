package io.lode.pmem;

/** The accesses that a map permits. */
public enum Protection {
  /** Reads and writes. */
  READ_WRITE,

  /** Reads only: the segment is read-only, so a store is an exception rather than a fault. */
  READ,

  /** None: the address range is occupied, and the segment is empty. */
  NONE
}
