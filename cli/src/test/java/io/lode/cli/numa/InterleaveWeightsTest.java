package io.lode.cli.numa;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.cli.numa.InterleaveWeights.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterleaveWeightsTest {
  @TempDir private Path folder;

  private InterleaveWeights weights() {
    return InterleaveWeights.at(folder).orElseThrow();
  }

  private void file(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "__auto_type"})
  void kernelTellsWhoChooses(String name) throws Exception {
    file("node0", "3");
    file("node10", "1");
    file(name, "true");
    assertThat(weights()).isEqualTo(new InterleaveWeights(Mode.AUTO, Map.of(0, 3, 10, 1)));
    assertThat(weights().text())
        .isEqualTo("auto: the kernel chooses by bandwidth; 3 for node 0, 1 for node 10");

    file(name, "false");
    assertThat(weights().mode()).isEqualTo(Mode.MANUAL);
    assertThat(weights().mode().word()).isEqualTo("manual");
  }

  @Test
  void kernelBefore616IsManual() throws Exception {
    file("node0", "1");
    assertThat(weights().mode()).isEqualTo(Mode.MANUAL_ONLY);
    assertThat(weights().text()).startsWith("manual: this kernel cannot choose them");
  }

  @Test
  void kernelBefore69HasNone() {
    assertThat(InterleaveWeights.at(folder.resolve("missing"))).isEmpty();
  }
}
