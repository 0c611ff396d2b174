package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.probe.MapProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeAccessTest {
  private static final String PROBE = MapProbe.class.getName();

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void makeFile() throws IOException {
    file = fileOf(folder, "file", 8192).toString();
  }

  @Test
  void oneFlagIsEnough() throws Exception {
    for (List<String> command :
        List.of(
            ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED"),
            ChildJvm.onModulePath("--enable-native-access=io.lode.pmem,com.sun.jna"))) {
      ChildJvm.Result result = ChildJvm.run(Map.of(), command, PROBE, file);
      assertThat(result.output())
          .contains("first persisted PAGE false; DAX_REGION_NOT_FOUND")
          .contains("second persisted")
          .doesNotContain("WARNING");
      assertThat(result.status()).isZero();
    }
  }

  @Test
  void deniedAccessNamesTheFlagEachTime() throws Exception {
    for (List<String> command :
        List.of(
            ChildJvm.onClassPath(),
            ChildJvm.onModulePath(),
            ChildJvm.onModulePath("--enable-native-access=com.sun.jna"),
            ChildJvm.onModulePath("--enable-native-access=io.lode.pmem"))) {
      ChildJvm.Result result = ChildJvm.run(Map.of(), command, PROBE, file);
      String flag =
          command.contains("-p")
              ? "--enable-native-access=io.lode.pmem,com.sun.jna"
              : "--enable-native-access=ALL-UNNAMED";
      assertThat(result.output().lines().filter(line -> line.contains(flag)))
          .as(command + "\n" + result.output())
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains("NOSUPP"));
    }
  }

  /** JNA unpacks its library to a folder, and a container's may allow neither. */
  @Test
  void folderThatJnaCannotUseIsNamedWithItsOption() throws Exception {
    List<String> command =
        ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED", "-Djna.tmpdir=/proc/none");
    ChildJvm.Result result = ChildJvm.run(Map.of(), command, PROBE, file);
    assertThat(result.output().lines().filter(line -> line.contains("-Djna.tmpdir=FOLDER")))
        .as(result.output())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("NOSUPP").contains("/proc/none"));
  }

  @Test
  void missingLibndctlIsNotSupported() throws Exception {
    String hide;
    try (Stream<Path> libraries = Files.find(Path.of("/usr/lib"), 2, NativeAccessTest::isNdctl)) {
      hide =
          libraries
              .map(library -> "mount --bind /dev/null " + library + " && ")
              .collect(Collectors.joining());
    }
    List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    command.add(
        hide
            + String.join(" ", ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED"))
            + " "
            + PROBE
            + " "
            + file);
    ChildJvm.Result result = ChildJvm.run(Map.of(), command);
    assertThat(result.output())
        .contains("first persisted PAGE false; NOSUPP")
        .contains("libndctl6");
  }

  private static boolean isNdctl(Path path, BasicFileAttributes status) {
    return status.isRegularFile() && path.getFileName().toString().startsWith("libndctl.so");
  }

  @Test
  void granularityIsForcedByVariableAndByProperty() throws Exception {
    Map<String, String> environment = Map.of("PMEM2_FORCE_GRANULARITY", "cacheLine");
    List<String> plain = ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED");
    assertThat(ChildJvm.run(environment, plain, PROBE, file).output())
        .contains("persisted CACHE_LINE true");
    List<String> property =
        ChildJvm.onClassPath(
            "--enable-native-access=ALL-UNNAMED", "-Dio.lode.pmem.granularity=BYTE");
    assertThat(ChildJvm.run(environment, property, PROBE, file).output())
        .contains("persisted BYTE true");
    assertThat(
            ChildJvm.run(Map.of("PMEM2_FORCE_GRANULARITY", "NOTHING"), plain, PROBE, file).output())
        .contains("persisted PAGE false");
  }
}
