package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Bad blocks of a real DAX file system in C2's code; {@link BadBlockIT} shows them in the
 * interpreter.
 */
class FaultIT {
  private static final String[] EXPECTED = {"IO_FAIL", "IO_FAIL", "IO_FAIL", "good pages go on"};

  @Test
  void badBlockIsIoFailWhateverStores() throws Exception {
    try (var spare = new SpareFileSystem()) {
      Path file = spare.file("file", 16);
      spare.plant(file, FaultProbe.BAD, 8);
      assertThat(FaultRuns.outcomes(FaultRuns.hot(Map.of(), "line-bad", "copy2000", file)))
          .containsExactly(EXPECTED);
      assertThat(FaultRuns.outcomes(FaultRuns.hot(Map.of(), "synced-bad", "fill", file)))
          .containsExactly(EXPECTED);
    }
  }
}
