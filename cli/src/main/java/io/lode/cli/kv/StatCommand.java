package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode kv stat}. */
@Command(
    name = "stat",
    description = "Print the medium, sizes and counts of a pool.",
    footer = {"", "Example:", "  lode kv stat notes.pool --html map.html"})
final class StatCommand extends PoolCommand {
  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with a map of the segments.")
  @Nullable Path html;

  StatCommand(Console console) {
    super(console);
  }

  @Override
  boolean onlyReads() {
    return true;
  }

  @Override
  void checkArguments() throws IOException {
    if (html == null || !Files.exists(html)) {
      return;
    }
    if (!Files.isRegularFile(html) || (Files.exists(pool) && Files.isSameFile(html, pool))) {
      throw new UsageException("--html " + html + " is no file for a page; name another one");
    }
  }

  @Override
  ExitCode run(KvStore store) throws IOException {
    PoolReport report = PoolReport.of(store);
    if (html != null) {
      Files.writeString(html, SegmentPage.of(report, store.segments()));
    }
    if (json) {
      console().line(new Json().block(report));
    } else {
      report.facts().print(console(), report.pool());
      new SegmentMap(store.segments()).print(console());
    }
    return ExitCode.FINE;
  }
}
