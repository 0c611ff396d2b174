package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application can be unloaded once its store is closed, also if threads that used it stay. */
class UndeployTest {
  @TempDir private Path folder;

  /** What only soft references hold is no leak: they are cleared before memory runs out. */
  private static final List<String> FLAGS = List.of("-XX:SoftRefLRUPolicyMSPerMB=0");

  @ParameterizedTest(name = "JNA is shared: {0}")
  @ValueSource(booleans = {false, true})
  void everyDeploymentIsCollectedAfterItsStoreIsClosed(boolean isShared) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Child child =
        Child.start(
            UndeployProgram.class,
            FLAGS,
            Map.of(),
            folder.toString(),
            Boolean.toString(isShared))) {
      assertThat(child.await(lines)).as(lines.toString()).isZero();
    }
    assertThat(lines).filteredOn(line -> line.startsWith("used by")).hasSize(6);
    assertThat(lines).contains("collected " + UndeployProgram.DEPLOYMENTS);
  }
}
