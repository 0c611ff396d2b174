package io.lode.pmem;

/** What a map lets its user do. */
public enum Protection {
  /** Reads and writes. */
  READ_WRITE,

  /** Reads only: the segment is read-only, so a store is an exception and not a fault. */
  READ,

  /** Nothing: the address range is taken, the segment is empty. */
  NONE
}
