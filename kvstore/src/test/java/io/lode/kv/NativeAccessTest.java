package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.probe.StoreProbe;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that denies native access to one of the modules that need it. */
class NativeAccessTest {
  private static final String ALL = "io.lode.pmem,io.lode.numa,com.sun.jna";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "com.sun.jna",
        "io.lode.pmem,com.sun.jna",
        "io.lode.numa,com.sun.jna",
        "io.lode.pmem,io.lode.numa"
      })
  void refusalNamesAllModulesAndLeavesNothing(String enabled) throws Exception {
    List<String> said = onModulePath(enabled);
    assertThat(said)
        .anySatisfy(
            line -> assertThat(line).startsWith("Io: ").contains("--enable-native-access=" + ALL));
    assertThat(said).contains("nothing left");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void withTheFlagItWorks() throws Exception {
    assertThat(onModulePath(ALL)).contains("stored");
  }

  private List<String> onModulePath(String enabled) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--illegal-native-access=deny"));
    if (!enabled.isEmpty()) {
      command.add("--enable-native-access=" + enabled);
    }
    String modules =
        entries()
            .filter(entry -> !entry.endsWith("test-classes"))
            .reduce("", (a, b) -> a + ":" + b);
    command.addAll(List.of("-p", modules.substring(1), "--add-modules", "io.lode.kvstore"));
    Path tests =
        Path.of(StoreProbe.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    // Under surefire the tests are patched into the module.
    Path classes = tests.endsWith("test-classes") ? tests : tests.resolveSibling("test-classes");
    command.addAll(List.of("-cp", classes.toString(), StoreProbe.class.getName()));
    command.add(folder.resolve("pool").toString());
    Path output = Files.createTempFile("lode-child", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.waitFor();
      return Files.readAllLines(output, StandardCharsets.UTF_8);
    } finally {
      Files.delete(output);
    }
  }

  private static Stream<String> entries() {
    return Stream.of(
            Path.of("target", "classes").toAbsolutePath().toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""))
        .flatMap(path -> Arrays.stream(path.split(File.pathSeparator, -1)))
        .filter(entry -> !entry.isEmpty() && !entry.contains("surefire"))
        .distinct();
  }
}
