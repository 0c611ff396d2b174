package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lode kv del}. */
@Command(
    name = "del",
    description = {"Remove a key, durably.", "", "Exits with 4 if the key has no value."},
    footer = {"", "Example:", "  lode kv del notes.pool greeting"})
final class DeleteCommand extends PoolCommand {
  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  String key = "";

  DeleteCommand(Console console) {
    super(console);
  }

  @Override
  ExitCode run(KvStore store) {
    if (store.delete(bytes(key))) {
      return ExitCode.FINE;
    }
    console().error(pool + ": no value for key '" + key + "'");
    return ExitCode.NOT_FOUND;
  }
}
