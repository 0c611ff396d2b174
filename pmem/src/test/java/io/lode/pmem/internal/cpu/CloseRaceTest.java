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

  private String race(String... options) {
    var all = new ArrayList<>(List.of(options));
    all.add("-XX:-CreateCoredumpOnCrash");
    all.add("-XX:ErrorFile=" + folder.resolve("hs_err"));
    return CommandRun.java(Map.of(), CloseRaceProbe.class, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "-Xint, -XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1, -XX:+UseG1GC",
    "-XX:-TieredCompilation, -XX:+UseZGC",
    "-XX:+TieredCompilation, -XX:+UseG1GC"
  })
  void noCallTouchesMemoryThatWasUnmapped(String compiler, String collector) {
    assertThat(race(compiler, collector, "-Dseconds=3"))
        .contains("done=true refused=true", "reused=true wrong=0");
  }

  @Test
  void theRaceIsRealWhereTheCellIsZeroedAfterTheArena() {
    assertThatThrownBy(() -> race("-DarenaFirst=true", "-Dseconds=30"))
        .hasMessageContaining("SIGSEGV");
  }
}
