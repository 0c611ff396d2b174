package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, or that lose their file, in the middle of an operation. */
class KilledProcessTest {
  /** A few; {@link CrashCheck} does all of them. */
  private static final long NANOS = TimeUnit.SECONDS.toNanos(4);

  private final long seed = Long.getLong("lode.seed", System.nanoTime());

  @TempDir private Path folder;

  @Test
  void whatHadReturnedOutlivesAKillAtAnyPersist() throws IOException {
    var sweep = new KillSweep();
    assertThat(sweep.run(folder, System.nanoTime() + NANOS, seed)).isPositive();
    assertThat(sweep.wrong()).as("seed " + seed).isEmpty();
  }

  @Test
  void noProcessDiesOfAFileThatIsCutOrPunched() throws IOException {
    var sweep = new DisturbSweep();
    assertThat(sweep.run(System.nanoTime() + NANOS, seed)).isPositive();
    assertThat(sweep.wrong()).as("seed " + seed).isEmpty();
  }
}
