package io.lode.crashtest;

import io.lode.pmem.Granularity;

/** Which contents a crash can leave behind. */
public enum PersistencyModel {
  /**
   * Caches are lost with the power (x86 ADR). Of each cache line any prefix of its stores may have
   * been written back, flushed or not; lines are independent. Words of 8 bytes are never torn.
   * Words stored around the caches have no order before the next fence. Px86, POPL 2020.
   */
  ADR(64, Granularity.CACHE_LINE),

  /**
   * As {@link #ADR}, but plain stores have no order within their line either, because a compiler
   * may exchange them: only a release or volatile store, a flush or a fence comes after what is
   * before it. Java promises no more than this.
   */
  ADR_UNORDERED(64, Granularity.CACHE_LINE),

  /** Caches survive (eADR): a crash leaves some prefix of all stores. */
  EADR(64, Granularity.CACHE_LINE),

  /**
   * A file in the page cache, made durable by {@code msync}: of each sector of 512 bytes any prefix
   * of its stores may have been written back at any time, so pages may be torn between sectors.
   */
  PAGE_CACHE(512, Granularity.PAGE);

  private final int unitBytes;
  private final Granularity granularity;

  PersistencyModel(int unitBytes, Granularity granularity) {
    this.unitBytes = unitBytes;
    this.granularity = granularity;
  }

  /** Returns the unit that is written back independently of others. */
  int unitBytes() {
    return unitBytes;
  }

  /** Returns the unit of one flush. */
  int flushBytes() {
    return this == PAGE_CACHE ? 4096 : 64;
  }

  Granularity granularity() {
    return granularity;
  }

  /** Whether a flush is durable when it returns. */
  boolean flushWaits() {
    return this == PAGE_CACHE;
  }

  /** Whether stores are durable as soon as they are made. */
  boolean keepsCaches() {
    return this == EADR;
  }
}
