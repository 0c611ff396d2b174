package io.lode.crashtest;

import io.lode.pmem.Granularity;

/** The contents that a crash can leave behind. */
public enum PersistencyModel {
  /**
   * Caches are lost with power (x86 ADR). For each cache line, any prefix of its stores may have
   * been written back, flushed or not; lines are independent. Words of 8 bytes are never torn.
   * Non-temporal stores are unordered until the next fence. Px86, POPL 2020.
   */
  ADR(64, Granularity.CACHE_LINE),

  /**
   * As {@link #ADR}, but plain stores are unordered within their line too, because a compiler may
   * reorder them: only a release or volatile store, a flush or a fence is ordered after what
   * precedes it. Java guarantees no more than this.
   */
  ADR_UNORDERED(64, Granularity.CACHE_LINE),

  /** Caches survive (eADR): a crash leaves some prefix of all stores. */
  EADR(64, Granularity.CACHE_LINE),

  /**
   * A file in the page cache, made durable by {@code msync}: for each sector of 512 bytes, any
   * prefix of its stores may have been written back at any time, so pages may be torn between
   * sectors.
   */
  PAGE_CACHE(512, Granularity.PAGE);

  private final int unitBytes;
  private final Granularity granularity;

  PersistencyModel(int unitBytes, Granularity granularity) {
    this.unitBytes = unitBytes;
    this.granularity = granularity;
  }

  /** Returns the size of the units that are written back independently of each other. */
  int unitBytes() {
    return unitBytes;
  }

  /** Returns the size of the unit of a flush. */
  int flushBytes() {
    return this == PAGE_CACHE ? 4096 : 64;
  }

  Granularity granularity() {
    return granularity;
  }

  /** Tells whether a flush is durable when it returns. */
  boolean flushWaits() {
    return this == PAGE_CACHE;
  }

  /** Tells whether stores are durable as soon as they are made. */
  boolean keepsCaches() {
    return this == EADR;
  }
}
