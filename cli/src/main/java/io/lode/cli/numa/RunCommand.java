package io.lode.cli.numa;

import io.lode.cli.console.Console;
import io.lode.cli.console.UsageException;
import io.lode.cli.internal.jna.ProcessImage;
import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.MemoryPolicy;
import io.lode.numa.NodeSet;
import io.lode.numa.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lode numa run}. */
@Command(
    name = "run",
    customSynopsis = "lode numa run [-hV] [--debug] NODE -- COMMAND [ARGUMENT...]",
    description = {
      "Run a command on the CPUs and the memory of a node.",
      "",
      "Like numactl --cpunodebind=NODE --membind=NODE: the command takes the place",
      "of this process, so signals reach it and its exit status is what you get.",
      "When the node's memory is full, it gets none from other nodes."
    },
    footer = {
      "",
      "Example:",
      "  lode numa run 1 -- java -jar server.jar",
      "  lode numa run file:/mnt/pmem0 -- ./load /mnt/pmem0/data"
    })
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "NODE",
      description = {
        "A number, a list as in numactl (0-1, all), or a",
        "device or a file on one (block:sda, file:/mnt).",
        "'lode numa' shows the nodes."
      })
  String nodes = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command to run, with its arguments.")
  List<String> command = new ArrayList<>();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    boolean isMarked = command.getFirst().equals("--");
    List<String> program = isMarked ? command.subList(1, command.size()) : command;
    if (program.isEmpty() || program.getFirst().isEmpty()) {
      throw new UsageException("no command after NODE");
    }
    bind(Topology.snapshot());
    console.flush();
    try {
      ProcessImage.replaceBy(program, JvmDescriptors.open());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    throw new IllegalStateException("execvp returned without an error");
  }

  /**
   * Stays within the CPUs that this process was given. If the second half is refused, the first is
   * not undone, because the process then ends.
   */
  private void bind(Topology topology) {
    NodeSet chosen = topology.parseNodes(nodes);
    if (chosen.isEmpty() || !topology.nodesWithCpus().containsAll(chosen)) {
      throw new UsageException(
          "nodes "
              + nodes
              + ": a command needs CPUs; the nodes that have some: "
              + topology.nodesWithCpus());
    }
    CpuSet cpus = topology.cpusOf(chosen).intersect(Affinity.current());
    if (cpus.isEmpty()) {
      throw new UsageException(
          "nodes "
              + nodes
              + ": this process may run on CPUs "
              + Affinity.current()
              + " only, and none of them is there");
    }
    MemoryPolicy.bind(chosen).set();
    Affinity.set(Affinity.currentTid(), cpus);
  }
}
