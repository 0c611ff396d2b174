package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvStats;
import io.lode.kv.KvStore;
import picocli.CommandLine.Command;

/** {@code lode kv compact}. */
@Command(
    name = "compact",
    description = {
      "Make the space of replaced and deleted records free now.",
      "",
      "Nobody needs to: a store does so by itself before its pool is full."
    },
    footer = {"", "Example:", "  lode kv compact notes.pool"})
final class CompactCommand extends PoolCommand {
  CompactCommand(Console console) {
    super(console);
  }

  @Override
  ExitCode run(KvStore store) {
    long before = store.stats().space().freeSegments();
    store.compact();
    KvStats.Space after = store.stats().space();
    console()
        .line(
            "free segments: %d before, %d of %d now; %s moved, %s of garbage left"
                .formatted(
                    before,
                    after.freeSegments(),
                    after.segments(),
                    ByteSize.format(after.movedBytes()),
                    ByteSize.format(after.garbageBytes())));
    return ExitCode.FINE;
  }
}
