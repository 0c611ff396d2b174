package io.lode.cli;

import java.util.concurrent.TimeUnit;

/** Waits for what another process is to do, however slow the machine. */
final class Await {
  /** Ends what hangs; nothing that works comes near it. */
  static final long LIMIT_MINUTES = 10;

  private static final long POLL_MILLIS = 20;

  private Await() {}

  /** A condition that reads the file system. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits until a condition holds, which fails if the process ends before it does. */
  static void until(Condition condition, Process process) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    while (!condition.holds()) {
      if (!process.isAlive() && !condition.holds()) {
        throw new AssertionError("it ended too early, with " + process.exitValue());
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("nothing happened for " + LIMIT_MINUTES + " minutes");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits for the end of a process and returns its exit status. */
  static int end(Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("it did not end within " + LIMIT_MINUTES + " minutes");
    }
    return process.exitValue();
  }
}
