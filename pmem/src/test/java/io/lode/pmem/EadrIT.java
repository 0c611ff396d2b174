package io.lode.pmem;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine whose CPU caches survive a power failure: nothing has to be flushed. */
@Tag("topology-eadr")
class EadrIT {
  private static final MapConfig BYTE = MapConfig.of(Granularity.BYTE);

  private static void isByteGranular(Source source) {
    assertThat(source.persistenceDomain()).isEqualTo(PersistenceDomain.CPU_CACHE);
    GranularityReport answer = source.granularity();
    assertThat(answer.granularity()).isEqualTo(Granularity.BYTE);
    assertThat(answer.emulated()).isFalse();
    assertThat(answer.reason()).contains("cpu_cache");
    assertThat(answer.durability()).contains("eADR");
    try (PmemMap map = BYTE.map(source)) {
      assertThat(map.granularity()).isEqualTo(Granularity.BYTE);
      assertThat(map.isEmulated()).isFalse();
      assertThat(map.flushPrimitive()).isEqualTo("none");
      map.segment().set(JAVA_LONG, map.size() - 8, 42);
      map.persist(map.size() - 8, 8);
      map.fill(0, 64, (byte) 0, CopyFlags.NONE);
    }
    try (PmemMap map = BYTE.protection(Protection.READ).map(source)) {
      assertThat(map.segment().get(JAVA_LONG, map.size() - 8)).isEqualTo(42);
    }
  }

  @Test
  void fsdaxIsByteGranular() throws Exception {
    Path file = Testbed.sparseFile("eadr-it", 4 << 20);
    try (Source source = Source.of(file)) {
      isByteGranular(source);
      Testbed.locationIsNdctls(source);
    }
    Files.delete(file);
  }

  @Test
  void devdaxIsByteGranular() throws Exception {
    try (Source source = Source.of(Testbed.devdax())) {
      isByteGranular(source);
      Testbed.locationIsNdctls(source);
    }
  }

  @Test
  void memoryThatIsNoDaxStaysPageGranular() throws IOException {
    Path file = Files.write(Files.createTempFile(Path.of("/dev/shm"), "eadr", ""), new byte[4096]);
    try (Source source = Source.of(file)) {
      assertThat(source.granularity().granularity()).isEqualTo(Granularity.PAGE);
    }
    Files.delete(file);
  }
}
