package io.lode.bench.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.Main;
import io.lode.bench.run.TerminatedRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvCommandTest {
  @TempDir Path folder;

  @Test
  void interruptedRunWritesWhatItHasAndSaysSo() throws Exception {
    Path medium = Files.createDirectory(folder.resolve("medium"));
    Path json = folder.resolve("partial.json");
    List<String> arguments =
        List.of(
            "kv",
            "--quick",
            "--rounds=1000",
            "--keys=2000",
            "--rivals=lmdbjava",
            "--workload=get",
            "--medium=" + medium,
            "--json=" + json,
            "--gates");
    // The first store is for counting, the second for the first round: the second has begun.
    String said =
        TerminatedRun.of(
            medium,
            file -> file.toString().contains("store-2") && Files.size(file) > 0,
            folder.resolve("out"),
            arguments);
    assertThat(said).contains("PARTIAL: interrupted", "What Lode is to reach");
    assertThat(json).content().contains("PARTIAL: interrupted");
    assertThat(medium).isEmptyDirectory();
  }

  /** 0 is not what is done by default: that would take an hour. */
  @ParameterizedTest
  @ValueSource(strings = {"--keys=0", "--keys=-1", "--rounds=0", "--rounds=-1", "--threads=0"})
  void numbersBelowOneAreRefusedBeforeAnythingIsDone(String option) {
    var said = new StringWriter();
    int status =
        Main.commandLine()
            .setErr(new PrintWriter(said, true))
            .execute("kv", "--quick", option, "--medium=" + folder);
    assertThat(status).isEqualTo(2);
    assertThat(said.toString()).contains(option.substring(0, option.indexOf('=')));
    assertThat(folder).isEmptyDirectory();
  }
}
