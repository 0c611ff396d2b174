package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.Escape;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvEntry;
import io.lode.kv.KvStore;
import io.lode.store.StoreException;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode kv scan}. */
@Command(
    name = "scan",
    description = {
      "Print the entries of a pool, in no particular order.",
      "",
      "Each line is key, tab, value; unprintable bytes are escaped as \\xHH,",
      "\\t, \\n, \\r and \\\\. With --json each line is an object; what is not",
      "UTF-8 is in keyBase64 and valueBase64. A damaged entry is reported;",
      "printing continues, and the exit code is 1."
    },
    footer = {"", "Example:", "  lode kv scan notes.pool --prefix 2026- --keys | sort"})
final class ScanCommand extends PoolCommand {
  @Option(names = "--keys", description = "Print keys only.")
  boolean keysOnly;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Print keys that start with it.")
  String prefix = "";

  @Option(names = "--escaped", description = "TEXT is written as scan prints keys.")
  boolean escaped;

  @Option(names = "--limit", paramLabel = "COUNT", description = "Print at most COUNT entries.")
  long limit = Long.MAX_VALUE;

  @Option(names = "--json", description = "Print one JSON object per line.")
  boolean json;

  ScanCommand(Console console) {
    super(console);
  }

  @Override
  boolean onlyReads() {
    return true;
  }

  @Override
  void checkArguments() {
    if (limit < 0) {
      throw new UsageException("--limit " + limit + ": give 0 or more");
    }
  }

  @Override
  ExitCode run(KvStore store) {
    byte[] start = escaped ? unescaped(prefix) : bytes(prefix);
    var writer = new Json();
    var code = ExitCode.FINE;
    long printed = 0;
    Iterator<KvEntry> entries = store.entries();
    while (printed < limit && entries.hasNext() && !console().isClosed()) {
      try {
        KvEntry entry = entries.next();
        if (startsWith(entry.key(), start)) {
          console().line(json ? writer.line(inJson(entry)) : inText(entry));
          printed++;
        }
      } catch (StoreException.Damaged damaged) {
        console().error(String.valueOf(damaged.getMessage()));
        code = ExitCode.MISMATCH;
      }
    }
    return code;
  }

  private EntryText inJson(KvEntry entry) {
    return keysOnly ? EntryText.ofKey(entry.key()) : EntryText.of(entry.key(), entry.value());
  }

  private String inText(KvEntry entry) {
    String key = Escape.bytes(entry.key());
    return keysOnly ? key : key + "\t" + Escape.bytes(entry.value());
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
