package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvStore;
import picocli.CommandLine.Command;

/** {@code lode kv del}. */
@Command(
    name = "del",
    description = {"Remove a key, durably.", "", "Exits with 4 if the key has no value."},
    footer = {"", "Example:", "  lode kv del notes.pool greeting"})
final class DeleteCommand extends KeyCommand {
  DeleteCommand(Console console) {
    super(console);
  }

  @Override
  ExitCode run(KvStore store) {
    return store.delete(keyBytes()) ? ExitCode.FINE : notFound();
  }
}
