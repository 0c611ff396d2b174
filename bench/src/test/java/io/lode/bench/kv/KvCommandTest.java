package io.lode.bench.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.run.TerminatedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    String said = TerminatedRun.of(medium, "lode-bench", folder.resolve("out"), arguments);
    assertThat(said).contains("PARTIAL: interrupted", "What Lode is to reach");
    assertThat(json).content().contains("PARTIAL: interrupted");
    assertThat(medium).isEmptyDirectory();
  }
}
