package io.lode.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes for threads that must not write themselves, because they run far from the device, or do
 * not want to wait. One thread near the device takes the queued requests and makes them durable as
 * one group, in their order.
 */
final class GroupCommit implements AutoCloseable {
  /** Upper limit on a group: a larger one would delay its first requests. */
  private static final int GROUP_BYTES = 64 << 10;

  private final OpenState state;
  private final Committer committer;
  private final Workers writer;
  private final Queue<WriteRequest> queue = new ConcurrentLinkedQueue<>();

  /** Requests that are announced, queued or being written. */
  private final AtomicInteger waiting = new AtomicInteger();

  private volatile boolean ended;

  GroupCommit(OpenState state, Committer committer, Workers writer) {
    this.state = state;
    this.committer = committer;
    this.writer = writer;
  }

  /** Whether no request is under way: a direct write now overtakes none. */
  boolean isIdle() {
    return waiting.get() == 0;
  }

  /**
   * Hands a batch over.
   *
   * @throws IllegalStateException if the store is closed, or being closed
   */
  CompletableFuture<Boolean> submit(WriteBatch batch) {
    state.requireOpen();
    if (ended) {
      throw new IllegalStateException("the store is being closed");
    }
    WriteRequest request = committer.request(batch);
    boolean isFirst = waiting.getAndIncrement() == 0;
    queue.add(request);
    if (isFirst) {
      startDraining();
    }
    return request.written();
  }

  private void startDraining() {
    try {
      writer.execute(this::drain);
    } catch (RuntimeException | Error _) {
      // The store is being closed, or there can be no thread: write here, or the caller would wait
      // forever.
      drain();
    }
  }

  /**
   * Hands a batch over and waits until it is durable.
   *
   * @throws RuntimeException the failure of the write
   */
  boolean write(WriteBatch batch) {
    try {
      return submit(batch).join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException failure ? failure : failed;
    }
  }

  private void drain() {
    int left;
    do {
      List<WriteRequest> group = nextGroup();
      committer.writeTogether(group);
      left = waiting.addAndGet(-group.size());
      assert left >= 0 : left + " requests waiting";
    } while (left > 0);
  }

  /** Takes requests that can be written together, at least one. */
  private List<WriteRequest> nextGroup() {
    List<WriteRequest> group = new ArrayList<>();
    long stripes = 0;
    long bytes = 0;
    while (true) {
      WriteRequest next = queue.peek();
      if (next == null) {
        if (!group.isEmpty()) {
          return group;
        }
        Thread.onSpinWait(); // announced, and about to be queued
        continue;
      }
      boolean dependsOnGroup = next.isConditional() && (next.stripes() & stripes) != 0;
      if (!group.isEmpty() && (dependsOnGroup || bytes + next.batch().bytes() > GROUP_BYTES)) {
        return group;
      }
      queue.remove();
      group.add(next);
      stripes |= next.stripes();
      bytes += next.batch().bytes();
    }
  }

  /** Takes no more requests, and waits until those that were taken are written. */
  @Override
  public void close() {
    ended = true;
    writer.close();
  }
}
