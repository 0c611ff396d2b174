package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  private static final String FLAG = "--enable-native-access=ALL-UNNAMED";

  @TempDir Path folder;

  @Test
  void nothingAcknowledgedIsLostAndThePoolIsRemoved() throws Exception {
    Path pool = folder.resolve("demo.pool");
    ProcessRun run = ProcessRun.lode("demo", "--json", "--limit", "200", "--pool", pool);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode result = JsonMapper.builder().build().readTree(run.out());
    assertThat(result.get("medium").asText()).isEqualTo("file");
    assertThat(result.get("granularity").asText()).isEqualTo("page");
    assertThat(result.get("emulated").asBoolean()).isFalse();
    assertThat(result.get("durability").asText()).isNotEmpty();
    assertThat(result.has("numaNode")).isTrue();
    assertThat(result.get("entries").asLong()).isEqualTo(200);
    assertThat(result.get("bytes").asLong()).isPositive();
    assertThat(result.get("seconds").asDouble()).isPositive();
    assertThat(result.get("mismatched").asLong()).isZero();
    assertThat(result.get("killed").asBoolean()).isTrue();
    assertThat(result.get("acknowledged").asLong()).isBetween(100L, 200L);
    assertThat(result.get("recovered").asLong())
        .isBetween(result.get("acknowledged").asLong(), 200L);
    assertThat(result.get("lost").asLong()).isZero();
    assertThat(result.get("damaged").asLong()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void emulatedMemoryIsCalledSoAndTheFreshFolderIsRemoved() throws Exception {
    Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "lode-test-");
    ProcessRun run =
        ProcessRun.run(
            ProcessRun.command(
                List.of(
                    FLAG, "-Djava.io.tmpdir=" + memory, "-Dio.lode.pmem.granularity=CACHE_LINE"),
                "demo",
                "--limit",
                "2000"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("cache-line (emulated)")
        .contains("loaded 2,000 files")
        .contains("0 differ")
        .contains("0 are lost")
        .contains("the pool is removed");
    assertThat(run.err()).as("no progress bar outside a terminal").isEmpty();
    assertThat(memory).isEmptyDirectory();
    Files.delete(memory);
  }

  @Test
  void existingPoolIsKeptUnlessToldOtherwise() throws Exception {
    Path pool = folder.resolve("pool");
    CommandRun.of("kv", "create", pool, "--size", "1M");
    CommandRun.of("kv", "put", pool, "key", "value");
    assertThat(ProcessRun.lode("demo", "--limit", "10", "--pool", pool).code()).isEqualTo(6);
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
    ProcessRun run = ProcessRun.lode("demo", "--limit", "10", "--pool", pool, "--overwrite");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(pool).as("not made by the demo, so not removed by it").exists();
  }

  @Test
  void whatAKilledDemoLeftIsTold() throws Exception {
    Path left = Files.createDirectory(folder.resolve("lode-demo-1"));
    CommandRun.of("kv", "create", left.resolve("demo.pool"), "--size", "1M");
    ProcessRun run =
        ProcessRun.run(
            ProcessRun.command(
                List.of(FLAG, "-Djava.io.tmpdir=" + folder), "demo", "--limit", "10"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains(left + " was left by a demo that was killed; it can be removed");
    assertThat(left).isDirectory();
  }

  @Test
  void interruptedDemoRemovesWhatItMade() throws Exception {
    Process demo =
        new ProcessBuilder(
                ProcessRun.command(List.of(FLAG, "-Djava.io.tmpdir=" + folder), "demo", "--json"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Await.until(() -> files().anyMatch(Files::isRegularFile), demo);
      demo.destroy();
      Await.end(demo);
    } finally {
      demo.destroyForcibly();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void loadingProcessWithoutAPoolAcknowledgesNothing() throws Exception {
    Path pool = folder.resolve("pool");
    ProcessRun run = ProcessRun.run(ProcessRun.command("demo-load", pool.toString(), "10"));
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.out()).as("nothing is acknowledged").isEmpty();
  }

  @Test
  void limitBelowOneIsAUsageError() {
    assertThat(CommandRun.of("demo", "--limit", "0").code().number()).isEqualTo(2);
  }

  private Stream<Path> files() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.toList().stream();
    }
  }
}
