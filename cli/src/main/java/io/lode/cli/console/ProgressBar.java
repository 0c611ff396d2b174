package io.lode.cli.console;

import java.io.PrintStream;
import java.util.Locale;

/** Shows progress on a terminal, and nothing elsewhere. Closing the bar erases its line. */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 80;
  private static final int BAR_WIDTH = 24;
  private static final long INTERVAL_NANOS = 100_000_000;

  private final PrintStream err;
  private final boolean visible;
  private final String title;
  private final long total;
  private final long start = System.nanoTime();
  private long next = start;

  /**
   * Creates a bar.
   *
   * @param console the console whose error stream is used
   * @param title what is being done
   * @param total the number of items, 0 if unknown
   */
  public ProgressBar(Console console, String title, long total) {
    this.err = console.err();
    this.visible = console.errIsTerminal();
    this.title = title;
    this.total = total;
  }

  /**
   * Shows the progress, at most a few times per second.
   *
   * @param items the number of items done
   * @param bytes their size
   */
  public void show(long items, long bytes) {
    if (!visible || System.nanoTime() - next < 0) {
      return;
    }
    next = System.nanoTime() + INTERVAL_NANOS;
    err.print("\r" + line(items, bytes, System.nanoTime() - start));
    err.flush();
  }

  /** Returns the line, padded so that it covers a longer one. */
  String line(long items, long bytes, long nanos) {
    String line =
        title
            + " "
            + (total > 0 ? bar(items) : "")
            + String.format(
                Locale.ROOT, "%,d  %s  %.0f s", items, ByteSize.format(bytes), nanos / 1e9);
    // One column less than the terminal, because some terminals wrap in the last column.
    return line.length() >= WIDTH
        ? line.substring(0, WIDTH - 1)
        : line + " ".repeat(WIDTH - 1 - line.length());
  }

  private String bar(long items) {
    double part = Math.clamp((double) items / total, 0, 1);
    int filled = (int) (part * BAR_WIDTH);
    return "["
        + "#".repeat(filled)
        + ".".repeat(BAR_WIDTH - filled)
        + String.format(Locale.ROOT, "] %3.0f%%  ", part * 100);
  }

  /** Erases the line until it is next shown, so that something else can be printed. */
  public void clear() {
    if (visible) {
      err.print("\r" + " ".repeat(WIDTH - 1) + "\r");
      err.flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
