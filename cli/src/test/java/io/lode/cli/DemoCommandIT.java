package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code lode demo} on persistent memory. */
class DemoCommandIT {
  /** A part of the 28,000 that a user's run loads, because the machine is slow. */
  private static final int FILES = 1_500;

  static Stream<Arguments> pools() {
    return Stream.of(
        Arguments.of(System.getenv("LODE_FSDAX") + "/demo.pool", "fsdax file", 0),
        Arguments.of(System.getenv("LODE_DEVDAX"), "devdax", 1));
  }

  @ParameterizedTest
  @MethodSource("pools")
  void nothingAcknowledgedIsLost(String pool, String medium, int node) throws Exception {
    ProcessRun run =
        ProcessRun.lode("demo", "--json", "--overwrite", "--limit", FILES, "--pool", pool);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode result = JsonMapper.builder().build().readTree(run.out());
    assertThat(result.get("medium").asText()).isEqualTo(medium);
    assertThat(result.get("granularity").asText()).isEqualTo("cache-line");
    assertThat(result.get("emulated").asBoolean()).isFalse();
    assertThat(result.get("numaNode").asInt()).isEqualTo(node);
    assertThat(result.get("writer").asText()).startsWith("pinned to CPUs " + 2 * node + "-");
    assertThat(result.get("entries").asInt()).isEqualTo(FILES);
    assertThat(result.get("mismatched").asInt()).isZero();
    assertThat(result.get("killed").asBoolean()).isTrue();
    assertThat(result.get("acknowledged").asInt()).isBetween(FILES / 2, FILES);
    assertThat(result.get("recovered").asInt())
        .isBetween(result.get("acknowledged").asInt(), FILES);
    assertThat(result.get("lost").asInt()).isZero();
    assertThat(result.get("damaged").asInt()).isZero();
  }
}
