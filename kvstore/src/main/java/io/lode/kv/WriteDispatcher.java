package io.lode.kv;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NumaException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Takes every write. Deferred changes of the same keys are written first. Then it decides whether
 * the calling thread may write itself: a thread that may run far from the device hands its write
 * over, so that no line is flushed from there. On media that are synced by the kernel a thread that
 * would have to wait hands over too: all waiting writes become durable by one sync.
 *
 * <p>Safe for concurrent use.
 */
final class WriteDispatcher implements AutoCloseable {
  private final Committer committer;
  private final StorePlace place;
  private final boolean isSynced;
  private final GroupCommit groupCommit;
  private final DeferredChanges deferred;
  private final boolean isPinned;

  /** Whether the thread runs near the device only. Asked once: threads are rarely moved. */
  private final ThreadLocal<Boolean> isNear = ThreadLocal.withInitial(this::isNear);

  WriteDispatcher(OpenState state, Committer committer, StorePlace place, boolean isSynced) {
    this.committer = committer;
    this.place = place;
    this.isSynced = isSynced;
    this.groupCommit = new GroupCommit(state, committer, place.newWriter());
    this.deferred = new DeferredChanges(state, committer::requireFits, this::writeNow);
    this.isPinned = false;
  }

  private WriteDispatcher(WriteDispatcher any) {
    this.committer = any.committer;
    this.place = any.place;
    this.isSynced = any.isSynced;
    this.groupCommit = any.groupCommit;
    this.deferred = any.deferred;
    this.isPinned = true;
  }

  /** Returns the same for threads that were pinned near the device. */
  WriteDispatcher pinned() {
    return new WriteDispatcher(this);
  }

  /** Returns the changes that are written later, always the same. */
  DeferredChanges deferred() {
    return deferred;
  }

  void put(byte[] key, byte[] value) {
    deferred.writeIfOf(key);
    if (isDirect()) {
      committer.put(key, value);
    } else {
      groupCommit.write(new WriteBatch().put(key, value));
    }
  }

  boolean delete(byte[] key) {
    deferred.writeIfOf(key);
    return isDirect()
        ? committer.delete(key)
        : groupCommit.write(new WriteBatch().delete(key).requirePresent(key));
  }

  boolean compareAndSet(byte[] key, long version, byte[] value) {
    deferred.writeIfOf(key);
    return isDirect()
        ? committer.compareAndSet(key, version, value)
        : groupCommit.write(new WriteBatch().put(key, value).require(key, version));
  }

  boolean write(WriteBatch batch) {
    deferred.writeIfOfAny(batch);
    return writeNow(batch);
  }

  private boolean writeNow(WriteBatch batch) {
    return isDirect() ? committer.write(batch) : groupCommit.write(batch);
  }

  /** Writes later; completed by a thread that is not a writer. */
  CompletionStage<Boolean> writeLater(WriteBatch batch) {
    deferred.writeIfOfAny(batch);
    // Failures complete on another thread too: dependent stages are the caller's code.
    return groupCommit
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
    return place.isBorrowed()
        || (groupCommit.isIdle()
            && (isPinned || place.pinning().isEmpty() || isNear.get())
            && !(isSynced && committer.isBusy()));
  }

  private boolean isNear() {
    CpuSet near = place.pinning().cpus();
    try {
      return !Thread.currentThread().isVirtual() && near.containsAll(Affinity.current());
    } catch (NumaException _) {
      return false;
    }
  }

  /** Waits for the requests that were handed over. */
  @Override
  public void close() {
    groupCommit.close();
  }
}
