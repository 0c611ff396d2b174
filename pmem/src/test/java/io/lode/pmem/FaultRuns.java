package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@link FaultProbe}, interpreted or compiled by C2 with everything inlined. */
final class FaultRuns {
  /** C2 compiles after fewer calls, and with -Xbatch everybody waits for it. */
  private static final String CALLS = "5000";

  private static final String STEP = "io.lode.pmem.FaultProbe::step";

  private FaultRuns() {}

  /** Runs it interpreted, from the first call on. */
  static ChildJvm.Result cold(Map<String, String> environment, String kind, String op, Path file)
      throws Exception {
    return run(environment, List.of("-Xint"), kind, op, "0", file);
  }

  /**
   * Runs it compiled, and checks that it was: that the step is one piece of machine code with the
   * map's method in it.
   */
  static ChildJvm.Result hot(Map<String, String> environment, String kind, String op, Path file)
      throws Exception {
    List<String> options =
        List.of(
            "-Xbatch",
            "-XX:-TieredCompilation",
            "-XX:CompileThreshold=3000",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=PrintCompilation," + STEP,
            "-XX:CompileCommand=PrintInlining," + STEP);
    ChildJvm.Result result = run(environment, options, kind, op, CALLS, file);
    assertThat(result.output()).containsPattern("\\d+ +\\S*b +" + STEP);
    String inlined =
        switch (op) {
          case "store" -> "ScopedMemoryAccess::putLongUnaligned";
          case "load" -> "ScopedMemoryAccess::getByte";
          case "fill" -> "NativeMap::fill";
          default -> "NativeMap::copy";
        };
    assertThat(result.output()).containsPattern(inlined + " .*inline");
    return result;
  }

  private static ChildJvm.Result run(
      Map<String, String> environment,
      List<String> options,
      String kind,
      String op,
      String calls,
      Path file)
      throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.onClassPath());
    command.removeIf(option -> option.startsWith("-XX:TieredStopAtLevel"));
    command.addAll(1, options);
    command.addAll(
        1,
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + file.resolveSibling("hs_err")));
    return ChildJvm.run(
        environment, command, FaultProbe.class.getName(), kind, op, calls, file.toString());
  }

  /** The words of the probe, without those of the compiler. */
  static List<String> outcomes(ChildJvm.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
    return result
        .output()
        .lines()
        .filter(line -> line.matches("[A-Z][A-Za-z_]+.*|nothing.*|good.*"))
        .toList();
  }
}
