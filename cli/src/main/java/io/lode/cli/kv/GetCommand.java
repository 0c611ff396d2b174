package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.Escape;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import io.lode.kv.KvStore;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode kv get}. */
@Command(
    name = "get",
    description = {
      "Print the value of a key.",
      "",
      "Its bytes are printed unchanged; on a terminal they are escaped. Exits",
      "with 4 if the key has no value."
    },
    footer = {"", "Example:", "  lode kv get notes.pool picture > picture.png"})
final class GetCommand extends KeyCommand {
  @Option(
      names = "--json",
      description = {"Print JSON; what is not UTF-8 is in keyBase64 and", "valueBase64."})
  boolean json;

  GetCommand(Console console) {
    super(console);
  }

  @Override
  boolean onlyReads() {
    return true;
  }

  @Override
  ExitCode run(KvStore store) {
    Optional<byte[]> value = store.get(keyBytes());
    if (value.isEmpty()) {
      return notFound();
    }
    if (json) {
      console().line(new Json().line(EntryText.of(keyBytes(), value.get())));
    } else if (console().outIsTerminal()) {
      console().line(Escape.bytes(value.get()));
    } else {
      console().write(value.get());
    }
    return ExitCode.FINE;
  }
}
