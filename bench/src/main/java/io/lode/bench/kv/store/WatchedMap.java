package io.lode.bench.kv.store;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;

/**
 * A map that counts what is flushed and fenced, and makes fences as slow as those of a slower
 * medium. The counts are of one thread.
 */
public final class WatchedMap extends ForwardingMap {
  private static final long LINE_BYTES = 64;

  private final long fenceDelayNanos;
  private long fences;
  private long lines;
  private long repeatedLines;
  private long lastLine = -1;

  /** Watches a map, which closing this closes, and adds some time to each fence. */
  public WatchedMap(PmemMap map, long fenceDelayNanos) {
    super(map);
    this.fenceDelayNanos = fenceDelayNanos;
  }

  /** Returns the number of fences so far. */
  public long fences() {
    return fences;
  }

  /** Returns the number of flushes of a cache line so far. */
  public long lines() {
    return lines;
  }

  /**
   * Returns how often a flush began with the line with which the last one had ended: in a log that
   * is a line flushed twice.
   */
  public long repeatedLines() {
    return repeatedLines;
  }

  private void flushed(long offset, long length) {
    if (length == 0) {
      return;
    }
    long first = offset / LINE_BYTES;
    long last = (offset + length - 1) / LINE_BYTES;
    lines += last - first + 1;
    if (first == lastLine) {
      repeatedLines++;
    }
    lastLine = last;
  }

  private void fenced() {
    fences++;
    if (fenceDelayNanos > 0) {
      long end = System.nanoTime() + fenceDelayNanos;
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void flush(long offset, long length) {
    super.flush(offset, length);
    flushed(offset, length);
  }

  @Override
  public void drain() {
    super.drain();
    fenced();
  }

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    super.copy(offset, source, sourceOffset, length, flags);
    stored(offset, length, flags);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    super.fill(offset, length, value, flags);
    stored(offset, length, flags);
  }

  private void stored(long offset, long length, CopyFlags flags) {
    if (flags.contains(CopyFlags.NO_FLUSH)) {
      return;
    }
    flushed(offset, length);
    if (!flags.contains(CopyFlags.NO_DRAIN)) {
      fenced();
    }
  }
}
