package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A call on a map allocates nothing, whatever its granularity and whatever collects the garbage.
 */
class MapAllocationTest {
  @ParameterizedTest
  @CsvSource({
    "CACHE_LINE, SHARED, G1",
    "CACHE_LINE, SHARED, Z",
    "BYTE, SHARED, G1",
    "BYTE, SHARED, Z",
    "PAGE, SHARED, G1",
    "PAGE, SHARED, Z",
    "BYTE, PRIVATE, G1",
    "BYTE, PRIVATE, Z",
  })
  void callsAllocateNothing(String granularity, String sharing, String collector) throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-test", ".pmem");
    try {
      Files.write(file, new byte[1 << 20]);
      List<String> command =
          new ArrayList<>(
              ChildJvm.onClassPath(
                  "--enable-native-access=ALL-UNNAMED", "-XX:+Use" + collector + "GC"));
      command.removeAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      ChildJvm.Result result =
          ChildJvm.run(
              Map.of("PMEM2_FORCE_GRANULARITY", granularity),
              command,
              MapAllocationProbe.class.getName(),
              file.toString(),
              sharing);
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(result.output()).matches(granularity + " [a-z ]+: 0\n");
    } finally {
      Files.delete(file);
    }
  }
}
