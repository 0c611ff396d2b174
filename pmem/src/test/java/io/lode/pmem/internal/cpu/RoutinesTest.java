package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the environment and the flags of a JVM change, each in a JVM of its own. */
class RoutinesTest {
  private static final String FLUSH =
      Objects.requireNonNull(Routines.find().routines()).flushName();

  /** They live for a moment: compiling for speed would take longer than it saves. */
  private static final String[] LIGHT = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

  private static String probe(String... variables) {
    var environment = new HashMap<String, String>();
    for (int index = 0; index < variables.length; index += 2) {
      environment.put(variables[index], variables[index + 1]);
    }
    return CommandRun.java(environment, RoutinesProbe.class, LIGHT);
  }

  @Test
  void withoutVariables() {
    assertThat(probe())
        .contains("flush=" + FLUSH + '\n', "right=true")
        .satisfies(output -> {
          if (!FLUSH.startsWith("dc")) {
            assertThat(output).contains("non-temporal from 256 bytes");
          }
        });
  }

  @Test
  void eachInstructionCanBeSwitchedOff() {
    var noClwb = probe("PMEM_NO_CLWB", "1");
    var noClflushopt = probe("PMEM_NO_CLFLUSHOPT", "1");
    var neither = probe("PMEM_NO_CLWB", "1", "PMEM_NO_CLFLUSHOPT", "1");
    assertThat(noClwb).contains("right=true").doesNotContain("flush=clwb");
    assertThat(noClflushopt).contains("right=true").doesNotContain("flush=clflushopt");
    assertThat(neither).contains("right=true");
    if (FLUSH.equals("clwb")) {
      assertThat(noClflushopt).contains("flush=clwb");
    }
    if (!FLUSH.startsWith("dc")) {
      assertThat(neither).contains("flush=clflush\n");
    }
  }

  @Test
  void nonTemporalStoresCanBeSwitchedOffOrMoved() {
    assertThat(probe("PMEM_NO_MOVNT", "1")).contains("no non-temporal stores", "right=true");
    if (!FLUSH.startsWith("dc")) {
      assertThat(probe("PMEM_MOVNT_THRESHOLD", "4096"))
          .contains("non-temporal from 4096 bytes", "right=true");
      assertThat(probe("PMEM_MOVNT_THRESHOLD", "0"))
          .contains("non-temporal from 0 bytes", "right=true");
    }
  }

  @Test
  void withoutNativeAccessTheReasonNamesTheFlag() {
    assertThat(CommandRun.javaWithout(Map.of(), RoutinesProbe.class))
        .contains("native access is not enabled", "--enable-native-access=ALL-UNNAMED")
        .doesNotContain("flush=");
  }

  @Test
  void anotherArchitectureIsAReason() {
    assertThat(
            CommandRun.java(Map.of(), RoutinesProbe.class, "-Dos.arch=riscv64", "-XX:+UseSerialGC"))
        .contains("not for Linux on riscv64")
        .doesNotContain("flush=");
  }

  @Test
  void aKernelThatRefusesNewCodeIsAReason() {
    assertThat(CommandRun.java(Map.of(), HardenedProbe.class, LIGHT))
        .contains(
            "free=true",
            "no memfd: memfd_create was refused with errno 13",
            "no code: mmap of executable memory was refused with errno 13");
  }
}
