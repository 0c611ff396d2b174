package io.lode.cli;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;

/** The {@code lode} command. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments).number());
  }

  private static ExitCode run(String[] arguments) {
    Console console = Console.ofProcess();
    return ExactArguments.areExact(arguments, console)
        ? new CommandRunner(console).run(arguments)
        : ExitCode.USAGE;
  }
}
