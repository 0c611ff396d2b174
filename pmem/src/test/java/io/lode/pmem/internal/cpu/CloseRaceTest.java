package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps are closed and unmapped under threads that use them, in JVMs of their own. */
class CloseRaceTest {
  @TempDir Path folder;

  private static final int ROUNDS = 100;

  /** By then a compiler that waits for nobody has compiled what is called. */
  private static final int WARM_UP = 12_000;

  private String race(int rounds, int warmUp, String... options) {
    var all = new ArrayList<>(List.of(options));
    all.add("-XX:-CreateCoredumpOnCrash");
    all.add("-XX:ErrorFile=" + folder.resolve("hs_err"));
    // Compiled code from a known call on, not from whenever a compiler thread gets a processor.
    all.add("-XX:-BackgroundCompilation");
    all.add("-Drounds=" + rounds);
    all.add("-DwarmUp=" + warmUp);
    return CommandRun.java(Map.of(), CloseRaceProbe.class, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "-Xint, -XX:+UseSerialGC, 0",
    "-XX:TieredStopAtLevel=1, -XX:+UseG1GC, " + WARM_UP,
    "-XX:-TieredCompilation, -XX:+UseZGC, " + WARM_UP,
    "-XX:+TieredCompilation, -XX:+UseG1GC, " + WARM_UP
  })
  void noCallTouchesMemoryThatWasUnmapped(String compiler, String collector, int warmUp) {
    String said = race(ROUNDS, warmUp, compiler, collector);
    System.out.println(compiler + ": " + said);
    assertThat(said).contains("rounds=" + ROUNDS, "reused=true wrong=0");
  }

  @Test
  void theRaceIsRealWhereTheCellIsZeroedAfterTheArena() {
    assertThatThrownBy(
            () -> race(1, 0, "-DarenaFirst=true", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))
        .hasMessageContaining("SIGSEGV");
  }
}
