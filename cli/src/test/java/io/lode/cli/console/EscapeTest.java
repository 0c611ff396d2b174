package io.lode.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapeTest {
  @Test
  void textStaysAsItIs() {
    assertThat(escaped("plain, größe, ключ, 鍵, 🔑, a\u0301"))
        .isEqualTo("plain, größe, ключ, 鍵, 🔑, a\u0301");
  }

  @Test
  void whatATerminalActsOnIsEscaped() {
    assertThat(escaped("\u001b[2J\u0000\u007f\b")).isEqualTo("\\x1b[2J\\x00\\x7f\\x08");
    assertThat(escaped("\t\n\r\\")).isEqualTo("\\t\\n\\r\\\\");
    assertThat(escaped("\u009b31m")).as("C1 control").isEqualTo("\\xc2\\x9b31m");
    assertThat(escaped("\u202e\u2028\ufeff"))
        .as("reordering, line break, no width")
        .isEqualTo("\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xef\\xbb\\xbf");
  }

  @Test
  void bytesThatAreNoTextAreEscapedOneByOne() {
    assertThat(
            Escape.bytes(new byte[] {'a', (byte) 0xFF, (byte) 0xC3, 'b', (byte) 0xE2, (byte) 0x82}))
        .isEqualTo("a\\xff\\xc3b\\xe2\\x82");
    assertThat(Escape.bytes(new byte[] {(byte) 0xC0, (byte) 0x80}))
        .as("overlong")
        .isEqualTo("\\xc0\\x80");
    assertThat(Escape.bytes(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}))
        .as("surrogate")
        .isEqualTo("\\xed\\xa0\\x80");
  }

  @Test
  void anyBytesBecomeOneHarmlessLineThatCanBeReversed() {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String line = Escape.bytes(bytes);
      assertThat(line.codePoints()).noneMatch(Character::isISOControl);
      assertThat(reversed(line)).as("seed %d round %d", seed, round).isEqualTo(bytes);
    }
  }

  @Test
  void messagesKeepTheirBackslashes() {
    assertThat(Escape.text("C:\\x\n\u001b")).isEqualTo("C:\\x\\n\\x1b");
  }

  @Test
  void utf8IsAllOrNothing() {
    assertThat(Escape.utf8("ä".getBytes(UTF_8))).contains("ä");
    assertThat(Escape.utf8(new byte[] {'a', (byte) 0xFF})).isEmpty();
  }

  private static String escaped(String text) {
    return Escape.bytes(text.getBytes(UTF_8));
  }

  private static byte[] reversed(String line) {
    var bytes = new ByteArrayOutputStream();
    for (int index = 0; index < line.length(); ) {
      int point = line.codePointAt(index);
      if (point != '\\') {
        bytes.writeBytes(Character.toString(point).getBytes(UTF_8));
        index += Character.charCount(point);
        continue;
      }
      switch (line.charAt(index + 1)) {
        case 't' -> bytes.write('\t');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case '\\' -> bytes.write('\\');
        default -> {
          bytes.write(Integer.parseInt(line, index + 2, index + 4, 16));
          index += 2;
        }
      }
      index += 2;
    }
    return bytes.toByteArray();
  }
}
