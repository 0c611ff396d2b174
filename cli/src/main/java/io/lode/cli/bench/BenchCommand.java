package io.lode.cli.bench;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code lode bench}. The launcher of the source tree runs the benchmarks in their own process,
 * before this program starts: their libraries, which include all rivals, must not be loaded where
 * Lode is used. This class only lists them.
 */
@Command(
    name = "bench",
    customSynopsis = "Usage: lode bench [-hV] COMMAND [OPTION...]",
    synopsisHeading = "",
    description = {
      "Measure Lode beside its rivals.",
      "",
      "  compare   two runs of locality",
      "  kv        the store beside LMDB, RocksDB and others",
      "  locality  latency and bandwidth of each memory from each node",
      "  micro     the parts of the engine, with JMH",
      "  persist   the persist routines beside C and libpmem",
      "",
      "Built on first use by ./lode in the source tree."
    },
    footer = {"", "Example:", "  lode bench kv --quick --gates"})
public final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Unmatched List<String> arguments = new ArrayList<>();

  /**
   * Creates the command.
   *
   * @param console the console for its output
   */
  public BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.error(
        "the benchmarks are not in this program: run ./lode bench in the source tree, which builds"
            + " them");
    return ExitCode.SYSTEM.number();
  }
}
