package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NumaException;
import io.lode.pmem.Granularity;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a thread may write itself. One that may run far from the device hands over, so
 * that no line is flushed from there. On media that are synced by the kernel so does one that would
 * have to wait: its write and all others that wait become durable by one sync.
 *
 * <p>Safe for concurrent use.
 */
final class WriteRoute implements AutoCloseable {
  private final Writes writes;
  private final StorePlace place;
  private final boolean isSynced;
  private final WriteFunnel funnel;
  private final boolean isPinned;

  /** Whether the thread runs near the device only. Asked once: threads are rarely moved. */
  private final ThreadLocal<Boolean> isNear = ThreadLocal.withInitial(this::isNear);

  WriteRoute(Writes writes, StorePlace place, Granularity granularity) {
    this(
        writes,
        place,
        granularity == Granularity.PAGE,
        new WriteFunnel(writes, place.newWriter()),
        false);
  }

  private WriteRoute(
      Writes writes, StorePlace place, boolean isSynced, WriteFunnel funnel, boolean isPinned) {
    this.writes = writes;
    this.place = place;
    this.isSynced = isSynced;
    this.funnel = funnel;
    this.isPinned = isPinned;
  }

  /** Returns the same for threads that were pinned near the device. */
  WriteRoute pinned() {
    return new WriteRoute(writes, place, isSynced, funnel, true);
  }

  void put(byte[] key, byte[] value) {
    if (isDirect()) {
      writes.put(key, value);
    } else {
      funnel.write(new WriteBatch().put(key, value));
    }
  }

  boolean delete(byte[] key) {
    return isDirect()
        ? writes.delete(key)
        : funnel.write(new WriteBatch().delete(key).requirePresent(key));
  }

  boolean compareAndSet(byte[] key, long version, byte[] value) {
    return isDirect()
        ? writes.compareAndSet(key, version, value)
        : funnel.write(new WriteBatch().put(key, value).require(key, version));
  }

  boolean write(WriteBatch batch) {
    return isDirect() ? writes.write(batch) : funnel.write(batch);
  }

  /** Writes later; completed by a thread that is not a writer. */
  CompletionStage<Boolean> writeLater(WriteBatch batch) {
    // Also a failure is told on another thread: what follows it is the caller's code.
    return funnel
        .submit(batch)
        .handleAsync(
            (written, failure) -> {
              if (failure != null) {
                throw failure instanceof CompletionException wrapped
                    ? wrapped
                    : new CompletionException(failure);
              }
              return written;
            },
            place.completing())
        .minimalCompletionStage();
  }

  private boolean isDirect() {
    return place.isCallers()
        || (funnel.isIdle()
            && (isPinned || place.pinning().isEmpty() || isNear.get())
            && !(isSynced && writes.isBusy()));
  }

  private boolean isNear() {
    CpuSet near = place.pinning().cpus();
    try {
      return !Thread.currentThread().isVirtual() && near.containsAll(Affinity.current());
    } catch (NumaException _) {
      return false;
    }
  }

  @Override
  public void close() {
    funnel.close();
  }
}
