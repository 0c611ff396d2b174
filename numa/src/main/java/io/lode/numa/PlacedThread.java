package io.lode.numa;

import org.jspecify.annotations.Nullable;

/** A thread that sets its placement before it runs its task, and remembers a refusal. */
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
      // An executor's thread carries on, to fail its tasks with the refusal.
      refusal = e;
    }
    task.run();
  }

  /** Throws if the calling thread's placement was refused. */
  static void requirePlaced() {
    if (Thread.currentThread() instanceof PlacedThread thread && thread.refusal != null) {
      throw thread.refusal;
    }
  }
}
