package io.lode.numa;

import org.jspecify.annotations.Nullable;

/** A thread that takes its place before it runs its task, and knows when that was refused. */
final class PlacedThread extends Thread {
  private final Runnable place;
  private final Runnable task;
  private @Nullable RuntimeException refusal;

  PlacedThread(Runnable place, Runnable task, String name) {
    super(name);
    this.place = place;
    this.task = task;
    setDaemon(true);
  }

  @Override
  public void run() {
    try {
      place.run();
    } catch (NumaException | IllegalArgumentException e) {
      if (!(task instanceof PlacedExecutor.WorkLoop)) {
        throw e;
      }
      // An executor's thread goes on, to answer its tasks with the refusal.
      refusal = e;
    }
    task.run();
  }

  /** Throws what the calling thread's placement was refused with. */
  static void requirePlaced() {
    if (Thread.currentThread() instanceof PlacedThread thread && thread.refusal != null) {
      throw thread.refusal;
    }
  }
}
