package io.lode.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactArgumentsTest {
  @Test
  void argumentsThatWereDecodedAreExact() {
    assertThat(exact("java\0-jar\0lode.jar\0kv\0ä\0\0", "kv", "ä", "")).isTrue();
    assertThat(exact("java\0-jar\0lode.jar\0")).isTrue();
  }

  @Test
  void argumentsThatWereReplacedAreNot() {
    assertThat(exact("java\0Main\0ä\0", "??")).isFalse();
    assertThat(exact("java\0Main\0ä\0", "\ufffd\ufffd")).isFalse();
  }

  private static boolean exact(String commandLine, String... arguments) {
    return ExactArguments.endsWith(commandLine.getBytes(UTF_8), arguments);
  }
}
