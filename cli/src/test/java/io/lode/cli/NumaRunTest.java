package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.cli.console.ExitCode;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lode numa run} replaces its own process by another program, so it runs as a process. */
class NumaRunTest {
  private static final Topology TOPOLOGY = Topology.snapshot();
  private static final List<String> NATIVE = List.of("--enable-native-access=ALL-UNNAMED");
  private final int node = TOPOLOGY.nodesWithCpus().first().orElseThrow();

  @TempDir Path folder;

  @Test
  void commandHasTheCpusAndThePolicyOfTheNode() throws Exception {
    ProcessRun run =
        ProcessRun.lode(
            "numa", "run", node, "--", "cat", "/proc/self/status", "/proc/self/numa_maps");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(allowedCpus(run)).isEqualTo(TOPOLOGY.cpusOf(NodeSet.of(node)));
    assertThat(run.out().lines().filter(line -> line.matches("[0-9a-f]{8,} .*")))
        .isNotEmpty()
        .allMatch(line -> line.matches("[0-9a-f]+ bind:" + node + "( .*)?"));
  }

  private static CpuSet allowedCpus(ProcessRun run) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> CpuSet.parse(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void numactlSaysTheSameOfWhatItBindsItself() throws Exception {
    ProcessRun ours = ProcessRun.lode("numa", "run", node, "--", "numactl", "--show");
    ProcessRun theirs =
        ProcessRun.run(List.of("numactl", "-N" + node, "-m" + node, "numactl", "--show"));
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void cpusThatTheCallerHasNotAreNotGiven() throws Exception {
    int cpu = TOPOLOGY.cpusOf(NodeSet.of(node)).last().orElseThrow();
    List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu)));
    command.addAll(ProcessRun.command(NATIVE, "numa", "run", node, "cat", "/proc/self/status"));
    assertThat(allowedCpus(ProcessRun.run(command))).isEqualTo(CpuSet.of(cpu));
  }

  @Test
  void exitStatusAndSignalsAreTheCommandsOwn() throws Exception {
    assertThat(shell("exit 42").code()).isEqualTo(42);
    assertThat(shell("kill -TERM $$").code()).isEqualTo(128 + 15);
    assertThat(shell("kill -QUIT $$").code()).as("blocked in a JVM").isEqualTo(128 + 3);
    assertThat(shell("grep SigBlk /proc/self/status").out()).contains("0000000000000000");
  }

  @Test
  void nothingOfTheJvmIsLeftOpen() throws Exception {
    ProcessRun run = shell("ls -l /proc/$$/fd");
    assertThat(run.out().lines().filter(line -> line.contains(" -> ")))
        .hasSize(3)
        .noneMatch(line -> line.contains(".jar") || line.contains("/lib/modules"));
  }

  @Test
  void filesThatTheCallerOpenedStayOpen() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "handed down");
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "exec 7<\"$0\"; exec \"$@\"", file.toString()));
    command.addAll(ProcessRun.command(NATIVE, "numa", "run", node, "--", "sh", "-c", "cat <&7"));
    assertThat(ProcessRun.run(command).out()).isEqualTo("handed down");
  }

  @Test
  void optionsAfterTheNodeAreTheCommands() throws Exception {
    ProcessRun run =
        ProcessRun.lode("numa", "run", node, "printf", "%s.", "--json", "-h", "ü", "--");
    assertThat(run).isEqualTo(new ProcessRun(0, "--json.-h.ü.--.", ""));
  }

  private ProcessRun shell(String script) throws Exception {
    return ProcessRun.lode("numa", "run", node, "--", "sh", "-c", script);
  }

  @Test
  void nodeThatIsNotThereIsAUsageErrorThatNamesThoseThatAre() {
    int none = TOPOLOGY.onlineNodes().last().orElseThrow() + 1;
    assertRefused(TOPOLOGY.onlineNodes().toString(), none, "true");
    assertRefused("!", "!" + TOPOLOGY.onlineNodes(), "true");
    assertRefused("0x", "0x", "true");
    assertRefused("-1", "--", "-1", "true");
    assertRefused("no such device", "block:none", "true");
    assertRefused("", "", "true");
    assertRefused("COMMAND", node);
    assertRefused("no command", node, "--");
    assertRefused("no command", node, "--", "");
  }

  /** In this process: these have to be refused before anything is bound or replaced. */
  private static void assertRefused(String message, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("numa", "run"));
    all.addAll(List.of(arguments));
    CommandRun run = CommandRun.of(all.toArray());
    assertThat(run.code()).as("%s: %s", all, run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lode: ").contains(message);
  }

  @Test
  void programThatIsNotThereIsNotFound() throws Exception {
    assertFails(4, "no-such-program", node, "--", "no-such-program");
    assertFails(4, folder + "/none", node, "--", folder + "/none");
    assertFails(7, "not permitted", node, "--", folder);
  }

  @Test
  void wherePoliciesAreNotPermittedTheCommandIsNotRun() throws Exception {
    List<String> command = ProcessRun.command(NATIVE, "numa", "run", node, "--", "echo", "ran");
    command.set(command.indexOf("io.lode.cli.Main"), DeniedPolicyMain.class.getName());
    ProcessRun run = ProcessRun.run(command);
    assertThat(run.code()).isEqualTo(7);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lode: ").contains("set_mempolicy").contains("EPERM");
  }

  private static void assertFails(int code, String message, Object... arguments) throws Exception {
    List<Object> all = new ArrayList<>(List.of("numa", "run"));
    all.addAll(List.of(arguments));
    ProcessRun run = ProcessRun.lode(all.toArray());
    assertThat(run.code()).as("%s: %s", all, run).isEqualTo(code);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lode: ").contains(message);
  }
}
