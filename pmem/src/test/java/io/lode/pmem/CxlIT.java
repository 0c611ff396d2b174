package io.lode.pmem;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Persistent memory behind a CXL bridge of node 1, for which the kernel reports another node. */
@Tag("topology-cxl")
class CxlIT {
  @Test
  void devdaxTellsTheKernelsNodeAndWhereItIsPlugged() throws Exception {
    try (Source source = Source.of(Testbed.devdax())) {
      assertThat(source.kind()).isEqualTo(SourceKind.DEVDAX);
      Testbed.locationIsNdctls(source);
      DeviceLocation location = source.location();
      assertThat(location.cxl()).isTrue();
      assertThat(location.memdevNodes()).containsExactly(1);
      assertThat(location.numaNode()).hasValue(0);
      assertThat(location.reasons()).anySatisfy(reason -> assertThat(reason).contains("CXL"));
    }
  }

  @Test
  void whatIsStoredComesBack() {
    try (Source source = Source.of(Testbed.devdax());
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).length(2 << 20).map(source)) {
      byte value = (byte) (map.segment().get(JAVA_BYTE, 4095) + 1);
      map.fill(0, 4096, value, CopyFlags.NONE);
      assertThat(map.isEmulated()).isFalse();
      assertThat(map.segment().get(JAVA_BYTE, 4095)).isEqualTo(value);
      MapConfig reading = MapConfig.of(Granularity.CACHE_LINE).protection(Protection.READ);
      try (PmemMap again = reading.length(2 << 20).map(source)) {
        assertThat(again.segment().get(JAVA_BYTE, 4095)).isEqualTo(value);
      }
    }
  }

  @Test
  void fsdaxOnTheNvdimmIsNoCxl() throws Exception {
    Path file = Testbed.sparseFile("cxl-it", 4096);
    try (Source source = Source.of(file)) {
      Testbed.locationIsNdctls(source);
      assertThat(source.location().cxl()).isFalse();
      assertThat(source.location().memdevNodes()).isEmpty();
    }
    Files.delete(file);
  }
}
