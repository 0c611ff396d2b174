package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lode.cli.console.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  @TempDir Path folder;

  @Test
  void jsonOfAFileUsesNdctlsNames() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[12345]);
    CommandRun run = CommandRun.of("info", "--json", file);
    assertThat(run.code()).isEqualTo(ExitCode.FINE);
    assertThat(run.err()).isEmpty();
    JsonNode entry = run.json().get(0);
    assertThat(entry.get("path").asText()).isEqualTo(file.toString());
    assertThat(entry.get("kind").asText()).isEqualTo("file");
    assertThat(entry.get("size").asLong()).isEqualTo(12345);
    assertThat(entry.get("align").asLong()).isEqualTo(4096);
    assertThat(entry.get("granularity").asText()).isEqualTo("page");
    assertThat(entry.get("granularity_reason").asText()).contains("DAX");
    assertThat(entry.get("emulated").asBoolean()).isFalse();
    assertThat(entry.get("durability").asText()).isNotEmpty();
    assertThat(entry.get("near_reason").asText()).isNotEmpty();
    assertThat(entry.has("mode")).as("a plain file has no mode").isFalse();
    assertThat(entry.has("namespaces")).as("nor a namespace").isFalse();
    assertThat(entry.has("pool_id")).as("zeros are no pool").isFalse();
    assertThat(entry.has("error")).isFalse();
  }

  @Test
  void pathThatFailsIsAnEntryWithItsErrorAndTheOthersAreAnswered() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    CommandRun run = CommandRun.of("info", "--json", folder.resolve("none"), file, folder);
    assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.json()).hasSize(3);
    assertThat(run.json().get(0).get("error").asText()).contains("none").contains("ENOENT");
    assertThat(run.json().get(0).get("exit_code").asInt()).isEqualTo(4);
    assertThat(run.json().get(1).get("size").asLong()).isEqualTo(1);
    assertThat(run.json().get(2).get("exit_code").asInt()).isEqualTo(6);
    assertThat(run.err().lines()).hasSize(2).allMatch(line -> line.startsWith("lode: "));
  }

  @Test
  void whatTheMemoryDevicesDoNotTellIsUnknownForAReason() throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-test-", "");
    try {
      JsonNode entry = CommandRun.of("info", "--json", file).json().get(0);
      assertThat(entry.has("device_id")).isFalse();
      assertThat(entry.has("unsafe_shutdown_count")).isFalse();
      assertThat(entry.get("device_id_reason").asText()).contains("no persistent memory region");
      assertThat(entry.get("unsafe_shutdown_count_reason").asText())
          .contains("no persistent memory region");
      String text = CommandRun.of("info", file).out().replaceAll("\\s+", " ");
      assertThat(text)
          .contains("device id unknown: it is on no persistent memory region")
          .contains("unsafe shutdowns unknown: it is on no persistent memory region");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void nothingIsCreatedGrownOrWritten() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThat(CommandRun.of("info", empty, folder.resolve("none")).out()).contains("0 bytes");
    assertThat(empty).isEmptyFile();
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void memoryFileSystemPromisesNothing() throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-test-", "");
    try {
      assertThat(CommandRun.of("info", "--json", file).json().get(0).get("durability").asText())
          .contains("nothing survives");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void forcedGranularityIsCalledEmulated() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    System.setProperty("io.lode.pmem.granularity", "CACHE_LINE");
    try {
      JsonNode entry = CommandRun.of("info", "--json", file).json().get(0);
      assertThat(entry.get("granularity").asText()).isEqualTo("cache-line");
      assertThat(entry.get("emulated").asBoolean()).isTrue();
      assertThat(CommandRun.of("info", file).out()).contains("cache-line (emulated)");
    } finally {
      System.clearProperty("io.lode.pmem.granularity");
    }
  }

  @Test
  void nameOfAFileDoesNothingToATerminal() throws Exception {
    Path file = Files.write(folder.resolve("a\u001b[2Jb"), new byte[1]);
    assertThat(CommandRun.of("info", file).out()).contains("a\\x1b[2Jb").doesNotContain("\u001b");
    assertThat(CommandRun.of("info", folder.resolve("\u001bnone\n")).err())
        .contains("\\x1bnone\\n")
        .doesNotContain("\u001b")
        .satisfies(err -> assertThat(err.lines()).hasSize(1));
  }
}
