package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A device whose nearest node has memory and no CPUs, and whose own node is another one. */
@Tag("topology-cpuless")
class CpulessIT {
  @Test
  void nodeOfDevdaxIsToldAsItIsThoughItHasNoCpus() throws Exception {
    try (Source source = Source.of(Testbed.devdax())) {
      Testbed.locationIsNdctls(source);
      Path node = Path.of("/sys/devices/system/node/node" + source.numaNode());
      assertThat(Files.readString(node.resolve("cpulist"))).isBlank();
      assertThat(source.targetNode()).hasValue(3);
      assertThat(source.location().cxl()).isFalse();
    }
  }

  @Test
  void nodeOfFsdaxIsItsOwn() throws Exception {
    Path file = Testbed.sparseFile("cpuless-it", 4096);
    try (Source source = Source.of(file)) {
      Testbed.locationIsNdctls(source);
      assertThat(source.numaNode()).isZero();
    }
    Files.delete(file);
  }
}
