package io.lode.bench.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A line on a terminal that shows how far a run is and how long it still takes; elsewhere nothing.
 * Closing takes it away.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 79;
  private static final int BAR_WIDTH = 16;
  private static final long INTERVAL_NANOS = 200_000_000;
  private static final long MINUTE_SECONDS = 60;

  private final PrintWriter err;
  private final boolean visible;
  private final long total;
  private final long start = System.nanoTime();
  private long next = start;
  private long done;

  /** A run of so many steps, shown on the error stream if it is visible at all. */
  public Progress(PrintWriter err, boolean visible, long total) {
    this.err = err;
    this.visible = visible;
    this.total = total;
  }

  /** Tells whether the process's standard error is a terminal. */
  public static boolean isTerminal() {
    try {
      String errors = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Begins the next step; shown a few times a second at most. */
  public void step(String what) {
    if (visible && System.nanoTime() - next >= 0) {
      next = System.nanoTime() + INTERVAL_NANOS;
      err.print("\r" + line(what, done, total, System.nanoTime() - start));
      err.flush();
    }
    done++;
  }

  static String line(String what, long done, long total, long nanos) {
    double part = total == 0 ? 0 : Math.clamp((double) done / total, 0, 1);
    String bar = "#".repeat((int) (part * BAR_WIDTH));
    // One column less than the terminal has: in the last one some would wrap.
    return String.format(
            Locale.ROOT,
            "[%-79s",
            "%s%s] %3.0f%%  %s%s"
                .formatted(
                    bar,
                    ".".repeat(BAR_WIDTH - bar.length()),
                    part * 100,
                    left(done, total, nanos),
                    what))
        .substring(0, WIDTH);
  }

  private static String left(long done, long total, long nanos) {
    if (done == 0) {
      return "";
    }
    long seconds = Math.round((double) nanos / done * (total - done) / 1e9);
    return seconds < MINUTE_SECONDS
        ? seconds + " s left  "
        : "%d:%02d min left  ".formatted(seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
  }

  @Override
  public void close() {
    if (visible) {
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }
  }
}
