package io.lode.bench.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Shows on a terminal how far a run is and how long it still takes; elsewhere it shows nothing. The
 * line is taken away when this is closed.
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

  /**
   * Begins.
   *
   * @param err the error stream
   * @param visible whether it is shown at all
   * @param total how many steps there are
   */
  public Progress(PrintWriter err, boolean visible, long total) {
    this.err = err;
    this.visible = visible;
    this.total = total;
  }

  /**
   * Tells whether messages go to a terminal.
   *
   * @return true if the process's standard error is one
   */
  public static boolean isTerminal() {
    try {
      String errors = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /**
   * Begins the next step; shown a few times a second at most.
   *
   * @param what is done now
   */
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
    int filled = (int) (part * BAR_WIDTH);
    String line =
        "["
            + "#".repeat(filled)
            + ".".repeat(BAR_WIDTH - filled)
            + String.format(Locale.ROOT, "] %3.0f%%  ", part * 100)
            + left(done, total, nanos)
            + what;
    // One column less than the terminal has: in the last one some would wrap.
    return line.length() > WIDTH
        ? line.substring(0, WIDTH)
        : line + " ".repeat(WIDTH - line.length());
  }

  private static String left(long done, long total, long nanos) {
    if (done == 0) {
      return "";
    }
    long seconds = Math.round((double) nanos / done * (total - done) / 1e9);
    return seconds < MINUTE_SECONDS
        ? seconds + " s left  "
        : String.format(
            Locale.ROOT, "%d:%02d min left  ", seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
  }

  @Override
  public void close() {
    if (visible) {
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }
  }
}
