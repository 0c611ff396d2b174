package io.lode.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.cli.console.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares the arguments that Java decoded with the bytes that the process received. In a locale
 * other than UTF-8, Java replaces what it cannot decode, and a different key would be stored.
 */
final class ExactArguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private ExactArguments() {}

  /** Tells whether the arguments are what was typed; if not, prints what to do. */
  static boolean areExact(String[] arguments, Console console) {
    byte[] given;
    try {
      given = Files.readAllBytes(COMMAND_LINE);
    } catch (IOException unknown) {
      return true;
    }
    if (endsWith(given, arguments)) {
      return true;
    }
    console.error(
        "an argument was changed when Java decoded it; write it in UTF-8 and run in a UTF-8 locale,"
            + " for example with LC_ALL=C.UTF-8");
    return false;
  }

  /** Tells whether a command line, whose parts each end in a zero byte, ends with the arguments. */
  static boolean endsWith(byte[] commandLine, String[] arguments) {
    String given = new String(commandLine, ISO_8859_1);
    var expected = new StringBuilder();
    for (String argument : arguments) {
      expected.append(new String(argument.getBytes(UTF_8), ISO_8859_1)).append('\0');
    }
    return given.endsWith(expected.toString());
  }
}
