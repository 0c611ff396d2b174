package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import io.lode.kv.KvStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode kv stat}. */
@Command(
    name = "stat",
    description = "Print the medium, sizes and counts of a pool.",
    footer = {"", "Example:", "  lode kv stat notes.pool --json"})
final class StatCommand extends PoolCommand {
  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  StatCommand(Console console) {
    super(console);
  }

  @Override
  boolean onlyReads() {
    return true;
  }

  @Override
  ExitCode run(KvStore store) {
    PoolReport report = PoolReport.of(store);
    if (json) {
      console().line(new Json().block(report));
    } else {
      report.facts().print(console(), report.pool());
      new SegmentMap(store.segments()).print(console());
    }
    return ExitCode.FINE;
  }
}
