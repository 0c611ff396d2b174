package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode kv put}. */
@Command(
    name = "put",
    description = "Set the value of a key, durably.",
    footer = {
      "",
      "Example:",
      "  lode kv put notes.pool greeting hello",
      "  lode kv put notes.pool picture --file picture.png",
      "  date | lode kv put notes.pool now -"
    })
final class PutCommand extends KeyCommand {
  private static final String STANDARD_INPUT = "-";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value; - reads it from standard input.")
  @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "Read the value from a file.")
  @Nullable Path file;

  PutCommand(Console console) {
    super(console);
  }

  @Override
  void checkArguments() throws IOException {
    if ((value == null) == (file == null)) {
      throw new UsageException("give the value either as VALUE or by --file");
    }
    if (file != null && !Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (file != null && Files.isDirectory(file)) {
      throw new UsageException(file + " is a folder; lode kv load puts the files of a folder");
    }
  }

  @Override
  ExitCode run(KvStore store) throws IOException {
    store.put(keyBytes(), value(ValueLimit.of(store)));
    return ExitCode.FINE;
  }

  private byte[] value(ValueLimit limit) throws IOException {
    if (file != null) {
      try (InputStream stream = Files.newInputStream(file)) {
        return limit.read(stream, file.toString());
      }
    }
    String given = value == null ? "" : value;
    return given.equals(STANDARD_INPUT)
        ? limit.read(console().in(), "standard input")
        : bytes(given);
  }
}
