package io.lode.cli.bench;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code lode bench}. The launcher of the source tree runs the benchmarks in a process of their own
 * before it comes to this program: their libraries, all rivals among them, are not to be loaded
 * where Lode is used. Here is only what lists them.
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
      "  locality  what persistent memory costs from where, fsdax against devdax",
      "  micro     what the engine is made of, with JMH",
      "  persist   the persist routines beside C and libpmem",
      "",
      "Built when first asked for, by ./lode in the source tree."
    },
    footer = {"", "Example:", "  lode bench kv --quick --gates"})
public final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Unmatched List<String> arguments = new ArrayList<>();

  /**
   * Makes the command.
   *
   * @param console where it prints
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
