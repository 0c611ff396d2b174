package io.lode.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.cli.bench.BenchCommand;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Failure;
import io.lode.cli.demo.DemoCommand;
import io.lode.cli.demo.DemoLoadCommand;
import io.lode.cli.info.InfoCommand;
import io.lode.cli.kv.KvCommand;
import io.lode.cli.numa.NumaCommand;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command line, runs its command, and turns failures into a message and an exit code. */
final class CommandRunner {
  private static final int HELP_WIDTH = 80;

  private final Console console;
  private final LodeCommand root = new LodeCommand();

  CommandRunner(Console console) {
    this.console = console;
  }

  /** Runs a command; never throws. */
  ExitCode run(String... arguments) {
    ExitCode code;
    try {
      code = codeOf(commandLine().execute(arguments));
    } catch (Throwable escaped) {
      // For errors: picocli passes only exceptions to its handler.
      code = failed(escaped);
    }
    try {
      console.flush();
    } catch (RuntimeException failure) {
      return failed(failure);
    }
    return code;
  }

  /** Builds the tree of commands. */
  CommandLine commandLine() {
    var completion = new CommandLine(new GenerateCompletion());
    completion.getCommandSpec().name("completion");
    completion
        .getCommandSpec()
        .usageMessage()
        .description("Print a completion script for bash and zsh.")
        .footer("", "Example:", "  source <(lode completion)");
    var line =
        new CommandLine(root)
            .addSubcommand(new InfoCommand(console))
            .addSubcommand(KvCommand.withSubcommands(console))
            .addSubcommand(NumaCommand.withSubcommands(console))
            .addSubcommand(new BenchCommand(console))
            .addSubcommand(new DemoCommand(console))
            .addSubcommand(new DemoLoadCommand(console))
            .addSubcommand("completion", completion);
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
    return line
        // A key may start with @.
        .setExpandAtFiles(false)
        .registerConverter(Path.class, CommandRunner::path)
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setOut(new PrintWriter(new ToConsole(), true, UTF_8))
        .setErr(new PrintWriter(console.err(), true, UTF_8))
        .setParameterExceptionHandler(this::badUsage)
        .setExecutionExceptionHandler(this::failedCommand);
  }

  /** An empty path would mean the working folder, which nobody means by it. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("give a path, not an empty text");
    }
    return Path.of(text);
  }

  private int badUsage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    boolean isGroup = !command.getSubcommands().isEmpty();
    console.error(
        isGroup && failure instanceof UnmatchedArgumentException extra
            ? "no such command: " + String.join(" ", extra.getUnmatched())
            : String.valueOf(failure.getMessage()));
    if (isGroup) {
      command.usage(command.getErr());
    } else {
      console.error("try '" + command.getCommandSpec().qualifiedName() + " --help'");
    }
    return ExitCode.USAGE.number();
  }

  private int failedCommand(Exception failure, CommandLine command, ParseResult parsed) {
    return failed(failure).number();
  }

  private ExitCode failed(Throwable thrown) {
    Failure failure = Failure.of(thrown);
    console.error(failure.message());
    if (root.debug || System.getenv("LODE_DEBUG") != null) {
      thrown.printStackTrace(console.err());
    }
    return failure.code();
  }

  private static ExitCode codeOf(int number) {
    return Arrays.stream(ExitCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .orElse(ExitCode.SYSTEM);
  }

  /** Prints help and versions the way every result is printed. */
  private final class ToConsole extends OutputStream {
    @Override
    public void write(int value) {
      console.write(new byte[] {(byte) value});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      console.write(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }
}
