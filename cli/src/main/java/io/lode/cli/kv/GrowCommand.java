package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.ByteSizeConverter;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvStats;
import io.lode.kv.KvStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lode kv grow}. */
@Command(
    name = "grow",
    description = {
      "Make a pool larger.",
      "",
      "Its file becomes longer, by zeros that are really written. Of a device",
      "that has become larger, so much is taken into use."
    },
    footer = {"", "Example:", "  lode kv grow notes.pool 2G"})
final class GrowCommand extends PoolCommand {
  @Parameters(
      index = "1",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      description = "The new size: bytes, or a number with K, M, G or T.")
  long size;

  GrowCommand(Console console) {
    super(console);
  }

  @Override
  ExitCode run(KvStore store) {
    int before = store.stats().space().segments();
    store.grow(size);
    KvStats.Space space = store.stats().space();
    console()
        .line(
            "%s, %d segments before, %d now, %d of them free"
                .formatted(ByteSize.format(size), before, space.segments(), space.freeSegments()));
    return ExitCode.FINE;
  }
}
