package io.lode.bench.locality;

import io.lode.bench.report.Document;
import io.lode.bench.run.BenchException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lode bench compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compare two runs of lode bench locality.",
      "",
      "For each source, node and measure that both have: both figures, how many",
      "times as much B costs, and whether that is more than the rounds differ among",
      "themselves. Says first what else is different between the runs."
    },
    footer = {"", "Example:", "  lode bench compare before.json after.json"})
public final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "JSON of one run.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Path first;

  @Parameters(index = "1", paramLabel = "B", description = "JSON of another run.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Path second;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public CompareCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Document compared = Comparison.of(LocalityReport.read(first), LocalityReport.read(second));
    out.print(compared.as(Document.Form.TEXT));
    out.flush();
    return BenchException.FINE;
  }
}
