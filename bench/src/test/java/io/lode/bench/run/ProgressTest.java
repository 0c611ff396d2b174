package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void lineTellsWhatIsLeftAndCoversTheOneBefore() {
    String line = Progress.line("round 1, dram:0", 25, 100, 10_000_000_000L);
    assertThat(line).startsWith("[####............]  25%  30 s left  round 1").hasSize(79);
    assertThat(Progress.line("x", 1, 100, 10_000_000_000L)).contains("16:30 min left");
    assertThat(Progress.line("y".repeat(200), 1, 2, 1)).hasSize(79);
  }

  @Test
  void withoutATerminalNothingIsShown() {
    var err = new StringWriter();
    try (var progress = new Progress(new PrintWriter(err), false, 2)) {
      progress.step("one");
    }
    assertThat(err.toString()).isEmpty();
  }
}
