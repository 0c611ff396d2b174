package io.lode.cli.numa;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode numa}. */
@Command(
    name = "numa",
    customSynopsis = {
      "lode numa [-hV] [--debug] [--json]",
      "   or: lode numa run NODE -- COMMAND [ARGUMENT...]"
    },
    description = {
      "Show the nodes of this machine, or run a command on one.",
      "",
      "Prints each node's CPUs and memory, the distances between nodes, the devices",
      "of persistent memory with the CPUs to use for them, and what the kernel",
      "permits this process to do. Nothing is changed."
    },
    footer = {
      "",
      "The JSON has the names of numactl and ndctl; sizes are in bytes.",
      "",
      "Example:",
      "  lode numa --json",
      "  lode numa run 1 -- ./server"
    })
public final class NumaCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  private NumaCommand(Console console) {
    this.console = console;
  }

  /**
   * Builds the command and its subcommands.
   *
   * @param console the console for their output
   * @return the command line
   */
  public static CommandLine withSubcommands(Console console) {
    // Whatever follows the node belongs to the command to run, including its options.
    var run = new CommandLine(new RunCommand(console)).setStopAtPositional(true);
    return new CommandLine(new NumaCommand(console)).addSubcommand(run);
  }

  @Override
  public Integer call() {
    Machine machine = Machine.now();
    if (json) {
      console.line(new Json().block(MachineEntry.of(machine)));
    } else {
      new MachineText(console, machine).print();
    }
    return ExitCode.FINE.number();
  }
}
