package io.lode.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the README, compiled and run; the two are compared. */
class TutorialTest {
  @TempDir private Path folder;

  @Test
  void programOfTheReadmeRuns() {
    assertThat(run(folder.resolve("pool"))).isEqualTo("durable");
  }

  private static String run(Path path) {
    // @start program
    try (KvStore store = KvStore.create(path, KvConfig.defaults())) {
      System.out.println(store.medium().durability());

      // A writer runs its thread on the CPUs near the device.
      try (KvWriter writer = store.writer()) {
        writer.put("greeting".getBytes(UTF_8), "durable".getBytes(UTF_8));
      } // what put has returned from is durable already
    }
    try (KvStore store = KvStore.open(path, KvConfig.defaults())) {
      byte[] value = store.get("greeting".getBytes(UTF_8)).orElseThrow();
      return new String(value, UTF_8);
    }
    // @end program
  }

  @Test
  void readmeShowsThisProgram() throws IOException {
    String source = Files.readString(Path.of("src/test/java/io/lode/kv/TutorialTest.java"));
    String start = "// @start program\n";
    int from = source.indexOf(start) + start.length();
    String program =
        source.substring(from, source.indexOf("    // @end program")).stripTrailing().stripIndent();
    assertThat(Files.readString(Path.of("../README.md"))).contains(program);
  }
}
