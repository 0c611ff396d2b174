package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.GranularityRules.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every granularity required on every medium; the machine is a folder, so none of the three media
 * is needed. Empty for the last word: the map is made; else what its refusal says.
 */
class GranularityMatrixTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "BYTE,       true,  cpu_cache,         BYTE,       ",
    "CACHE_LINE, true,  cpu_cache,         BYTE,       ",
    "PAGE,       true,  cpu_cache,         BYTE,       ",
    "BYTE,       true,  memory_controller, CACHE_LINE, no eADR",
    "CACHE_LINE, true,  memory_controller, CACHE_LINE, ",
    "PAGE,       true,  memory_controller, CACHE_LINE, ",
    "BYTE,       false, cpu_cache,         PAGE,       MAP_SYNC",
    "CACHE_LINE, false, cpu_cache,         PAGE,       MAP_SYNC",
    "PAGE,       false, cpu_cache,         PAGE,       ",
  })
  void mediumAndRequirementDecide(
      Granularity required,
      boolean mapSync,
      String domain,
      Granularity gives,
      @Nullable String refusal)
      throws IOException {
    DeviceFiles files = new FakeMachine(folder).region(0, 0, 0, domain).files();
    Decision decision = GranularityRules.forShared(Optional.empty(), mapSync, files.isEadr());
    assertThat(decision.granularity()).isEqualTo(gives);
    assertThat(decision.emulated()).isFalse();
    if (refusal == null) {
      GranularityRules.require(required, decision, "the file");
      return;
    }
    assertThatThrownBy(() -> GranularityRules.require(required, decision, "the file"))
        .isInstanceOfSatisfying(
            PmemException.class,
            e -> assertThat(e.error()).isEqualTo(PmemError.GRANULARITY_NOT_SUPPORTED))
        .hasMessageContainingAll(
            "the file",
            required + " is required, the medium provides " + gives,
            refusal,
            "require " + gives);
  }

  @ParameterizedTest
  @CsvSource({"cpu_cache, memory_controller", "memory_controller, cpu_cache", "cpu_cache, ''"})
  void oneRegionWithoutEadrMakesAllCacheLine(String first, String second) throws IOException {
    DeviceFiles files =
        new FakeMachine(folder).region(0, 0, 0, first).region(1, 0, 0, second).files();
    assertThat(GranularityRules.forShared(Optional.empty(), true, files.isEadr()).granularity())
        .isEqualTo(Granularity.CACHE_LINE);
  }

  @ParameterizedTest
  @CsvSource({"BYTE", "CACHE_LINE", "PAGE"})
  void forcingWinsOnEveryMedium(Granularity forced) throws IOException {
    DeviceFiles files = new FakeMachine(folder).region(0, 0, 0, "memory_controller").files();
    for (boolean mapSync : new boolean[] {true, false}) {
      Decision decision = GranularityRules.forShared(Optional.of(forced), mapSync, files.isEadr());
      Granularity found = mapSync ? Granularity.CACHE_LINE : Granularity.PAGE;
      assertThat(decision.granularity()).isEqualTo(forced);
      assertThat(decision.emulated()).isEqualTo(forced != found);
    }
  }
}
