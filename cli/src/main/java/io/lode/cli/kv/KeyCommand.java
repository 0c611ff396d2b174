package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on one key, which is given as text or as scan prints it. */
abstract class KeyCommand extends PoolCommand {
  @Parameters(index = "1", paramLabel = "KEY", description = "The key, 1 to 65535 bytes.")
  String key = "";

  @Option(
      names = "--escaped",
      description = {
        "KEY is written as scan prints it: \\xHH for a byte, and",
        "\\t, \\n, \\r and \\\\."
      })
  boolean escaped;

  KeyCommand(Console console) {
    super(console);
  }

  /** Returns the bytes of the key. */
  final byte[] keyBytes() {
    return escaped ? unescaped(key) : bytes(key);
  }

  final ExitCode notFound() {
    console().error(pool + ": no value for key '" + key + "'");
    return ExitCode.NOT_FOUND;
  }
}
