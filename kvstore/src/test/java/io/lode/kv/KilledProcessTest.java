package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, or that lose their file, in the middle of an operation. */
class KilledProcessTest {
  /** A few, each in a JVM of its own; {@link CrashCheck} does all of them. */
  private static final int KILLS = 10;

  private static final int DISTURBED = 6;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());

  @TempDir private Path folder;

  @Test
  void whatHadReturnedOutlivesAKillAtAnyPersist() throws IOException {
    var sweep = new KillSweep();
    assertThat(sweep.runFirst(folder, KILLS, seed)).isEqualTo(KILLS);
    assertThat(sweep.wrong()).as("seed " + seed).isEmpty();
  }

  @Test
  void noProcessDiesOfAFileThatIsCutOrPunched() throws IOException {
    var sweep = new DisturbSweep();
    assertThat(sweep.runFirst(DISTURBED, seed)).isEqualTo(DISTURBED);
    assertThat(sweep.wrong()).as("seed " + seed).isEmpty();
  }
}
