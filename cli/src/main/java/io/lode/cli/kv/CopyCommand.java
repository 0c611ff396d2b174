package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Failure;
import io.lode.cli.console.ProgressBar;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvConfig;
import io.lode.kv.KvEntry;
import io.lode.kv.KvStore;
import io.lode.kv.WriteBatch;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode kv copy}. */
@Command(
    name = "copy",
    description = {
      "Copy all entries to another pool.",
      "",
      "It must have been created, and be empty unless --add is given. A damaged",
      "entry is reported; copying goes on, and the exit code is 1."
    },
    footer = {
      "",
      "Example:",
      "  lode kv create large.pool --size 8G",
      "  lode kv copy small.pool large.pool"
    })
final class CopyCommand extends PoolCommand {
  /** Entries that become durable together, at most so many and of so many bytes, */
  private static final int BATCH_ENTRIES = 256;

  private static final long BATCH_BYTES = 64 << 10;

  /** and in small segments of half of one. */
  private static final int PART_OF_SEGMENT = 2;

  /** More than a record takes beside its key and value, with its share of the summary. */
  private static final int OVERHEAD_BYTES = 64;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The pool to copy to.")
  Path target = Path.of("");

  @Option(names = "--add", description = "Copy to a pool with entries; equal keys are replaced.")
  boolean add;

  private long copied;

  CopyCommand(Console console) {
    super(console);
  }

  @Override
  boolean onlyReads() {
    return true;
  }

  @Override
  void checkArguments() throws IOException {
    if (Files.exists(pool) && Files.exists(target) && Files.isSameFile(pool, target)) {
      throw new UsageException(target + " is the pool that is to be copied");
    }
  }

  @Override
  ExitCode run(KvStore store) {
    ExitCode code;
    try (KvStore to = KvStore.open(target, KvConfig.defaults());
        var bar = new ProgressBar(console(), "copying", store.size())) {
      if (!add && to.size() > 0) {
        throw new UsageException(
            target + " has " + to.size() + " entries; --add copies to them all the same");
      }
      code = copy(store, to, bar);
      bar.clear();
    }
    console().line(copied + " entries copied");
    return code;
  }

  private ExitCode copy(KvStore from, KvStore to, ProgressBar bar) {
    ExitCode code = ExitCode.FINE;
    var batch = new WriteBatch();
    long most = Math.min(BATCH_BYTES, to.stats().space().maxRecordBytes() / PART_OF_SEGMENT);
    long bytes = 0;
    for (Iterator<KvEntry> entries = from.entries(); entries.hasNext(); ) {
      try {
        KvEntry entry = entries.next();
        long length = (long) entry.key().length + entry.value().length + OVERHEAD_BYTES;
        if (batch.size() == BATCH_ENTRIES || (batch.size() > 0 && bytes + length > most)) {
          write(batch, to);
          bytes = 0;
          bar.show(copied, 0);
        }
        batch.put(entry.key(), entry.value());
        bytes += length;
      } catch (StoreException.Damaged damaged) {
        console().error(Failure.of(damaged).message());
        code = ExitCode.MISMATCH;
      }
    }
    write(batch, to);
    return code;
  }

  private void write(WriteBatch batch, KvStore to) {
    try {
      to.write(batch);
    } catch (StoreException.Full full) {
      console().error(copied + " entries were copied before the target was full");
      throw full;
    }
    copied += batch.size();
    batch.clear();
  }
}
