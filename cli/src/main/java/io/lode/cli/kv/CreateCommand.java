package io.lode.cli.kv;

import io.lode.cli.console.ByteSizeConverter;
import io.lode.cli.console.Console;
import io.lode.cli.console.Json;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.pmem.Granularity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode kv create}. */
@Command(
    name = "create",
    description = "Create an empty pool.",
    footer = {"", "Example:", "  lode kv create notes.pool --size 1G --require cache-line"})
final class CreateCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "POOL",
      description = "A file that does not exist yet, or a devdax device.")
  Path pool = Path.of("");

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      defaultValue = "256M",
      description = {
        "Size of a new file: bytes, or a number with K, M, G",
        "or T (default: ${DEFAULT-VALUE}). A device is used whole."
      })
  long size;

  @Option(
      names = "--segment",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      defaultValue = "0",
      description = {
        "Size of a segment, which limits the largest value:",
        "a multiple of 4K from 16K to 1G (default: about one",
        "thirty-second of the pool)."
      })
  long segment;

  @Option(
      names = "--require",
      paramLabel = "GRANULARITY",
      converter = GranularityConverter.class,
      defaultValue = "page",
      description = {
        "Fail if the medium is coarser: byte, cache-line",
        "or page (default: page, which accepts all)."
      })
  Granularity required = Granularity.PAGE;

  @Option(names = "--overwrite", description = "Destroy existing content.")
  boolean overwrite;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  CreateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    KvConfig config =
        KvConfig.builder()
            .capacityBytes(size)
            .segmentBytes(segment)
            .requiredGranularity(required)
            .overwrite(overwrite)
            .build();
    try (KvStore store = KvStore.create(pool, config)) {
      PoolReport report = PoolReport.of(store);
      if (json) {
        console.line(new Json().block(report));
      } else {
        report.mediumFacts().print(console, "created " + pool);
      }
    }
    return 0;
  }
}
