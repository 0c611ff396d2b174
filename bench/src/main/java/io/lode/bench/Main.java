package io.lode.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.bench.kv.KvCommand;
import io.lode.bench.locality.CompareCommand;
import io.lode.bench.locality.LocalityCommand;
import io.lode.bench.micro.MicroCommand;
import io.lode.bench.persist.PersistCommand;
import io.lode.bench.run.BenchException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;

/** {@code lode bench}, in a process of its own: none of its libraries is where Lode's are used. */
@Command(
    name = "lode bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measure Lode beside its rivals, in one run.",
    footer = {
      "",
      "Example:",
      "  lode bench persist --quick",
      "  lode bench kv --quick --gates",
      "  lode bench locality --quick"
    })
public final class Main {
  private static final int HELP_WIDTH = 80;

  private Main() {}

  /** Runs the command line behind {@code lode bench} and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns a new command line, for callers that do not want the process to end. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .addSubcommand(new CompareCommand())
        .addSubcommand(new KvCommand())
        .addSubcommand(new LocalityCommand())
        .addSubcommand(new MicroCommand())
        .addSubcommand(new PersistCommand())
        .addSubcommand(new VerifyCommand())
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setOut(new PrintWriter(System.out, true, UTF_8))
        .setErr(new PrintWriter(System.err, true, UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::failed);
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (System.getenv("LODE_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
    }
    if (failure instanceof BenchException refused) {
      command.getErr().println("lode: " + refused.getMessage());
      return refused.exitCode();
    }
    command.getErr().println("lode: " + failure);
    return BenchException.SYSTEM;
  }
}
