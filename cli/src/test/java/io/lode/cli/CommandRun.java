package io.lode.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;

/**
 * A command that ran in this process.
 *
 * @param code its exit code
 * @param bytes its output
 * @param err its messages
 */
@SuppressWarnings("ArrayRecordComponent")
record CommandRun(ExitCode code, byte[] bytes, String err) {
  static CommandRun of(Object... arguments) {
    return run(false, new byte[0], arguments);
  }

  static CommandRun onTerminal(Object... arguments) {
    return run(true, new byte[0], arguments);
  }

  static CommandRun withInput(byte[] input, Object... arguments) {
    return run(false, input, arguments);
  }

  private static CommandRun run(boolean terminal, byte[] input, Object... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            out,
            new PrintStream(err, true, UTF_8),
            new ByteArrayInputStream(input),
            terminal,
            terminal);
    ExitCode code =
        new CommandRunner(console)
            .run(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new CommandRun(code, out.toByteArray(), err.toString(UTF_8));
  }

  String out() {
    return new String(bytes, UTF_8);
  }

  JsonNode json() throws Exception {
    return JsonMapper.builder().build().readTree(bytes);
  }
}
