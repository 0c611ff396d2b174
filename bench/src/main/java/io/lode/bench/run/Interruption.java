package io.lode.bench.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a process that was told to end (SIGINT, SIGTERM) until it has written its results so far
 * and has left files and sources as they were, which closing this says.
 */
public final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread hook = new Thread(this::hold, "interruption");

  /** Listens from now on. */
  public Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void hold() {
    asked.countDown();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("lode: not finished in time; sources may hold what was written to them");
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells whether the process is to end, or will be told so within a second: a child on the same
   * terminal may hear of it first.
   */
  public boolean isAskedSoon() throws InterruptedException {
    return asked.await(1, TimeUnit.SECONDS);
  }

  /** Tells whether the process is to end. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  @Override
  public void close() {
    try {
      if (!isAsked()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException justAsked) {
      // The hook has begun: it ends as soon as it sees that this is finished.
    }
    finished.countDown();
  }
}
