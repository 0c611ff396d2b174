package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
  @Test
  void helpOfEveryCommandFitsEightyColumnsAndHasAnExample() {
    List<String[]> commands = new ArrayList<>();
    collect(tree(), List.of(), commands);
    assertThat(commands).hasSizeGreaterThan(11);
    for (String[] command : commands) {
      CommandRun help = CommandRun.of((Object[]) command);
      assertThat(help.code()).isEqualTo(ExitCode.FINE);
      assertThat(help.err()).isEmpty();
      assertThat(help.out()).contains("Example:").contains("Usage: lode");
      assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    }
  }

  @Test
  void summariesInListsOfCommandsAreWholeSentences() {
    assertThat(
            CommandRun.of("kv", "--help").out().lines().filter(line -> line.matches("  \\w+  .*")))
        .hasSizeGreaterThanOrEqualTo(8)
        .filteredOn(line -> !line.contains("lode "))
        .allMatch(line -> line.endsWith("."));
  }

  @Test
  void unknownCommandIsAUsageErrorWithTheUsage() {
    CommandRun run = CommandRun.of("bogus");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("lode: no such command: bogus\n").contains("Usage: lode");
    assertThat(run.out()).isEmpty();
    assertThat(CommandRun.of("kv", "bogus").code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of().code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("kv").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void wrongOptionIsAUsageErrorWithAHint() {
    CommandRun run = CommandRun.of("kv", "create", "p", "--size", "64MB");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("lode: "))
        .anyMatch(line -> line.contains("256M"))
        .anyMatch(line -> line.contains("lode kv create --help"));
  }

  @Test
  void versionNamesTheJvm() {
    assertThat(CommandRun.of("--version").out())
        .startsWith("lode ")
        .contains(Runtime.version().toString());
  }

  @Test
  void completionIsAScript() {
    CommandRun run = CommandRun.of("completion");
    assertThat(run.code()).isEqualTo(ExitCode.FINE);
    assertThat(run.out()).contains("complete -F").doesNotContain("demo-load");
  }

  private static CommandLine tree() {
    var silent =
        new Console(
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream()),
            InputStream.nullInputStream(),
            false,
            false);
    return new CommandRunner(silent).commandLine();
  }

  private static void collect(CommandLine command, List<String> path, List<String[]> all) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    List<String> help = new ArrayList<>(path);
    help.add("--help");
    all.add(help.toArray(String[]::new));
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          List<String> below = new ArrayList<>(path);
          below.add(name);
          collect(sub, below, all);
        });
  }
}
