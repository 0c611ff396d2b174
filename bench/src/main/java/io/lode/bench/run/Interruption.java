package io.lode.bench.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a process that is told to end (SIGINT, SIGTERM) first finish with what it has: its results
 * so far, and files and sources as they were. Closed when that is done.
 */
public final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::ask, "interruption");
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile boolean asked;

  /** Begins to listen. */
  public Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void ask() {
    asked = true;
    begun.countDown();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "lode: did not finish in time; what was measured may hold what was written");
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells whether the process is to end, or is told so within a second: a child on the same
   * terminal may hear of it first.
   *
   * @return true if it is to end
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public boolean isAskedSoon() throws InterruptedException {
    return begun.await(1, TimeUnit.SECONDS);
  }

  /**
   * Tells whether the process is to end.
   *
   * @return true if it is
   */
  public boolean isAsked() {
    return asked;
  }

  @Override
  public void close() {
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException justAsked) {
        // The hook has begun: it ends as soon as it sees that this is finished.
      }
    }
    finished.countDown();
  }
}
