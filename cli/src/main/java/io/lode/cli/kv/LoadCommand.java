package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Failure;
import io.lode.cli.console.Json;
import io.lode.cli.console.ProgressBar;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvStore;
import io.lode.kv.KvWriter;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode kv load}. */
@Command(
    name = "load",
    description = {
      "Put every file below a folder.",
      "",
      "The key is the file's path below the folder, with /; the value its bytes.",
      "Symbolic links are not followed. A file that cannot be put is reported;",
      "loading continues, and the exit code is 7."
    },
    footer = {"", "Example:", "  lode kv load notes.pool ~/notes"})
final class LoadCommand extends PoolCommand {
  @Parameters(index = "1", paramLabel = "FOLDER", description = "The folder with the files.")
  Path folder = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  LoadCommand(Console console) {
    super(console);
  }

  /** The result of the command. */
  private record Result(
      String pool,
      String folder,
      long count,
      long bytes,
      double seconds,
      long failed,
      long skipped,
      String writer,
      @Nullable String error) {}

  @Override
  void checkArguments() throws IOException {
    if (!Files.isDirectory(folder.toRealPath())) {
      throw new UsageException(folder + " is not a folder; lode kv put --file puts one file");
    }
  }

  @Override
  ExitCode run(KvStore store) throws IOException {
    long begin = System.nanoTime();
    try (KvWriter writer = store.writer();
        var bar = new ProgressBar(console(), "loading", 0)) {
      var load =
          new FolderLoad(console(), folder.toRealPath(), pool, writer, ValueLimit.of(store), bar);
      Failure stopped = null;
      try {
        load.run();
      } catch (StoreException failure) {
        stopped = Failure.of(failure);
      }
      bar.clear();
      report(load, writer.placement(), (System.nanoTime() - begin) / 1e9, stopped);
      if (stopped != null) {
        console().error(stopped.message());
        return stopped.code();
      }
      return load.failed() == 0 ? ExitCode.FINE : ExitCode.SYSTEM;
    }
  }

  private void report(FolderLoad load, String writer, double seconds, @Nullable Failure stopped) {
    if (json) {
      var result =
          new Result(
              pool.toString(),
              folder.toString(),
              load.count(),
              load.bytes(),
              seconds,
              load.failed(),
              load.skipped(),
              writer,
              stopped == null ? null : stopped.message());
      console().line(new Json().block(result));
      return;
    }
    console()
        .line(
            String.format(
                Locale.ROOT,
                "loaded %d files, %s, in %.2f s%s%s",
                load.count(),
                ByteSize.format(load.bytes()),
                seconds,
                load.failed() == 0 ? "" : "; " + load.failed() + " failed",
                load.skipped() == 0 ? "" : "; " + load.skipped() + " links or others skipped"));
  }
}
