package io.lode.numa;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A fixed pool of placed threads. When a placement is withdrawn, tasks fail instead of hanging or
 * running elsewhere.
 */
final class PlacedExecutor extends ThreadPoolExecutor {
  PlacedExecutor(int threadCount, NodeThreads threads) {
    super(
        requireCount(threadCount),
        threadCount,
        0,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(),
        loop -> threads.newThread(new WorkLoop(loop)));
  }

  private static int requireCount(int threadCount) {
    if (threadCount <= 0) {
      throw new IllegalArgumentException(threadCount + " threads: at least 1 is needed");
    }
    return threadCount;
  }

  /** Marks the pool's own loop, to distinguish it from a user's task. */
  record WorkLoop(Runnable loop) implements Runnable {
    @Override
    public void run() {
      loop.run();
    }
  }

  @Override
  public void execute(Runnable command) {
    super.execute(
        command instanceof Task<?>
            ? command
            : () -> {
              PlacedThread.requirePlaced();
              command.run();
            });
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return new Task<>(() -> {
      PlacedThread.requirePlaced();
      return callable.call();
    });
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return newTaskFor(() -> {
      runnable.run();
      return value;
    });
  }

  /** A submitted task, which keeps what it throws. */
  private static final class Task<T> extends FutureTask<T> {
    private Task(Callable<T> callable) {
      super(callable);
    }
  }
}
