package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lode.cli.console.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadCommandTest {
  @TempDir Path folder;
  private Path pool;
  private Path input;

  @BeforeEach
  void create() throws Exception {
    pool = folder.resolve("pool");
    input = Files.createDirectory(folder.resolve("input"));
    CommandRun.of("kv", "create", pool, "--size", "4M");
  }

  @Test
  void keysArePathsFromTheFolder() throws Exception {
    Files.createDirectories(input.resolve("a/b"));
    Files.writeString(input.resolve("a/b/deep file"), "deep");
    Files.writeString(input.resolve("top%41ü"), "top");
    Files.createFile(input.resolve("empty"));
    CommandRun run = CommandRun.of("kv", "load", pool, input, "--json");
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FINE);
    assertThat(run.json().get("count").asLong()).isEqualTo(3);
    assertThat(run.json().get("bytes").asLong()).isEqualTo(7);
    assertThat(run.json().get("failed").asLong()).isZero();
    assertThat(run.json().get("seconds").asDouble()).isPositive();
    assertThat(CommandRun.of("kv", "get", pool, "a/b/deep file").out()).isEqualTo("deep");
    assertThat(CommandRun.of("kv", "get", pool, "top%41ü").out()).isEqualTo("top");
    assertThat(CommandRun.of("kv", "get", pool, "empty").code()).isEqualTo(ExitCode.FINE);
  }

  @Test
  void linksFifosAndThePoolItselfAreSkipped() throws Exception {
    Files.writeString(folder.resolve("outside"), "outside");
    Files.createSymbolicLink(input.resolve("link"), folder.resolve("outside"));
    Files.createSymbolicLink(input.resolve("loop"), input);
    ProcessRun.system("mkfifo", input.resolve("fifo"));
    Files.createLink(input.resolve("pool"), pool);
    JsonNode report = CommandRun.of("kv", "load", pool, input, "--json").json();
    assertThat(report.get("count").asLong()).isZero();
    assertThat(report.get("skipped").asLong()).isEqualTo(4);
    assertThat(report.get("failed").asLong()).isZero();
  }

  @Test
  void fileTooLargeForASegmentIsReportedAndTheRestGoesOn() throws Exception {
    Files.write(input.resolve("large"), new byte[1 << 20]);
    Files.writeString(input.resolve("small"), "small");
    CommandRun run = CommandRun.of("kv", "load", pool, input);
    assertThat(run.code()).isEqualTo(ExitCode.SYSTEM);
    assertThat(run.err()).contains("large").contains("--segment");
    assertThat(run.out()).startsWith("loaded 1 files").contains("1 failed");
    assertThat(CommandRun.of("kv", "get", pool, "small").out()).isEqualTo("small");
  }

  @Test
  void unreadableFileIsReportedAndTheRestGoesOn() {
    // What even root cannot read: settings of the kernel that can only be written.
    CommandRun run = CommandRun.of("kv", "load", pool, "/proc/sys/vm");
    assertThat(run.code()).isEqualTo(ExitCode.SYSTEM);
    assertThat(run.err()).contains("/proc/sys/vm/compact_memory: permission denied");
    assertThat(CommandRun.of("kv", "get", pool, "overcommit_memory").out()).matches("[0-2]\n");
  }

  @Test
  void fullPoolEndsTheLoadAndKeepsWhatWasPut() throws Exception {
    for (int index = 0; index < 64; index++) {
      Files.write(input.resolve("f" + index), new byte[100_000]);
    }
    CommandRun run = CommandRun.of("kv", "load", pool, input, "--json");
    assertThat(run.code()).isEqualTo(ExitCode.FULL);
    long count = run.json().get("count").asLong();
    assertThat(count).isBetween(10L, 60L);
    assertThat(run.json().get("error").asText()).isNotEmpty();
    assertThat(CommandRun.of("kv", "stat", pool, "--json").json().get("entries").asLong())
        .isEqualTo(count);
    assertThat(CommandRun.of("kv", "check", pool).code()).isEqualTo(ExitCode.FINE);
  }

  @Test
  void namesThatAreNoTextKeepTheirBytes() throws Exception {
    ProcessRun.system("bash", "-c", "cd '" + input + "' && echo 1 > $'\\xff' && echo 2 > $'\\xfe'");
    CommandRun run = CommandRun.of("kv", "load", pool, input);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FINE);
    assertThat(CommandRun.of("kv", "scan", pool).out().lines())
        .containsExactlyInAnyOrder("\\xff\t1\\n", "\\xfe\t2\\n");
  }

  @Test
  void namesAreTheSameInALocaleThatCannotDecodeThem() throws Exception {
    Files.writeString(input.resolve("ä"), "1");
    Files.writeString(input.resolve("ö"), "2");
    var command = ProcessRun.command("kv", "load", pool, input);
    command.addAll(0, List.of("env", "LC_ALL=C"));
    assertThat(ProcessRun.run(command).code()).isZero();
    assertThat(CommandRun.of("kv", "get", pool, "ö").out()).isEqualTo("2");
    assertThat(CommandRun.of("kv", "get", pool, "ä").out()).isEqualTo("1");
  }

  @Test
  void folderMustBeOne() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(CommandRun.of("kv", "load", pool, file).code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("kv", "load", pool, folder.resolve("none")).code())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void progressShowsOnATerminalOnly() throws Exception {
    Files.writeString(input.resolve("file"), "x");
    assertThat(CommandRun.of("kv", "load", pool, input).err()).isEmpty();
    assertThat(CommandRun.onTerminal("kv", "load", pool, input).err()).contains("\rloading 1");
  }
}
