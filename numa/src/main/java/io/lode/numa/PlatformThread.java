package io.lode.numa;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Restricts operations on a thread's kernel state to platform threads. */
final class PlatformThread {
  private PlatformThread() {}

  /**
   * Refuses a virtual thread: its setting would stay on the carrier and affect other virtual
   * threads.
   */
  static void require(String operation) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          operation
              + ": a virtual thread has no CPU mask or memory policy of its own, only its carrier"
              + " has; do this in a platform thread, for example one of NodeThreads");
    }
  }

  /** Runs work on a new platform thread and waits for it, even when interrupted. */
  static <T> T call(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofPlatform().daemon().name(name).start(task);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (task.state() == Future.State.FAILED
        && task.exceptionNow() instanceof RuntimeException failure) {
      throw failure;
    }
    return task.resultNow();
  }
}
