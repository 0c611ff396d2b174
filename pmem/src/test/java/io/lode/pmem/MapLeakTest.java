package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.probe.LeakProbe;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What thousands of maps and reservations leave behind, in a process that does nothing else. */
class MapLeakTest {
  private static final int CYCLES = 10_000;

  /**
   * A leak of one page per cycle would add up to 40 MiB; this is the JVM's own growth (code, class
   * data).
   */
  private static final long JVM_KIB = 16 << 10;

  @TempDir Path folder;

  @Test
  void tenThousandCyclesLeaveNothingBehind() throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(
            Map.of("MALLOC_ARENA_MAX", "1"),
            ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"),
            LeakProbe.class.getName(),
            fileOf(folder, "file", 1 << 20).toString(),
            Integer.toString(CYCLES));
    assertThat(result.status()).as(result.output()).isZero();
    System.out.println(result.output());
    Map<String, Long> left = Report.values(result.output());
    Report.write("leaks", left);
    assertThat(left).containsEntry("cycles", (long) CYCLES).containsEntry("counted", 0L);
    assertThat(left).containsEntry("descriptors", 0L);
    assertThat(left.get("maps")).isLessThanOrEqualTo(40);
    assertThat(left.get("addressKib")).isLessThanOrEqualTo(JVM_KIB);
  }
}
