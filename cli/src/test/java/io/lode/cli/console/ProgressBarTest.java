package io.lode.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void lineAlwaysCoversAllButTheLastColumn() {
    for (long total : new long[] {0, 1, 27_983, Long.MAX_VALUE}) {
      try (var bar = new ProgressBar(console(false), "loading", total)) {
        for (long items : new long[] {0, 1, 27_983, Long.MAX_VALUE}) {
          assertThat(bar.line(items, Long.MAX_VALUE, Long.MAX_VALUE)).hasSize(79);
        }
      }
    }
  }

  @Test
  void partIsShownWhereTheTotalIsKnown() {
    try (var bar = new ProgressBar(console(false), "loading", 200)) {
      assertThat(bar.line(50, 1 << 20, 2_000_000_000L))
          .startsWith("loading [######..................]  25%  50  1 MiB  2 s");
    }
    try (var bar = new ProgressBar(console(false), "loading", 0)) {
      assertThat(bar.line(50, 1 << 20, 0)).startsWith("loading 50  1 MiB  0 s");
    }
  }

  @Test
  void nothingIsPrintedOutsideATerminal() {
    try (var bar = new ProgressBar(console(false), "loading", 10)) {
      bar.show(5, 5);
    }
    assertThat(err.size()).isZero();
  }

  @Test
  void lineIsTakenAwayAtTheEnd() {
    try (var bar = new ProgressBar(console(true), "loading", 10)) {
      bar.show(5, 5);
    }
    assertThat(err.toString(UTF_8)).startsWith("\rloading [").endsWith(" \r").doesNotContain("\n");
  }

  private Console console(boolean terminal) {
    return new Console(
        OutputStream.nullOutputStream(),
        new PrintStream(err, true, UTF_8),
        InputStream.nullInputStream(),
        terminal,
        terminal);
  }
}
