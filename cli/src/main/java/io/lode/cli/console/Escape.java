package io.lode.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns bytes and text of unknown origin into one line that is harmless to a terminal: control
 * characters, characters that reorder the line, and bytes that are not UTF-8 become {@code \xHH},
 * with {@code \t}, {@code \n}, {@code \r} and {@code \\} as usual. Escaping is reversible.
 */
public final class Escape {
  private static final int LONGEST_CHARACTER_BYTES = 4;

  /** Text up to the next backslash, or one character or byte after it. */
  private static final Pattern ESCAPED =
      Pattern.compile("\\G(?:[^\\\\]+|\\\\([tnr\\\\]|x[0-9a-fA-F]{2}))");

  private Escape() {}

  /**
   * Escapes bytes.
   *
   * @param bytes any bytes
   * @return printable text
   */
  public static String bytes(byte[] bytes) {
    var line = new StringBuilder(bytes.length + 16);
    int position = 0;
    while (position < bytes.length) {
      int length = characterLength(bytes, position);
      if (length == 0) {
        hex(line, bytes[position]);
        position++;
      } else {
        append(line, new String(bytes, position, length, UTF_8).codePointAt(0));
        position += length;
      }
    }
    return line.toString();
  }

  /**
   * Escapes text, for example a path or a message that names one.
   *
   * @param text any text
   * @return printable text
   */
  public static String text(String text) {
    var line = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(point -> {
          if (point == '\\') {
            line.append('\\');
          } else {
            append(line, point);
          }
        });
    return line.toString();
  }

  /**
   * Decodes bytes that are entirely UTF-8.
   *
   * @param bytes any bytes
   * @return the text, empty if the bytes are not UTF-8
   */
  public static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /**
   * Returns the bytes that were escaped.
   *
   * @param line what {@link #bytes} returned, or was written by hand the same way
   * @return the bytes, empty if a backslash is followed by none of the characters above
   */
  public static Optional<byte[]> parse(String line) {
    var bytes = new ByteArrayOutputStream(line.length());
    var parts = ESCAPED.matcher(line);
    int end = 0;
    while (parts.find()) {
      end = parts.end();
      String escaped = parts.group(1);
      if (escaped == null) {
        bytes.writeBytes(parts.group().getBytes(UTF_8));
      } else {
        bytes.write(
            switch (escaped.charAt(0)) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 'x' -> Integer.parseInt(escaped.substring(1), 16);
              default -> '\\';
            });
      }
    }
    return end == line.length() ? Optional.of(bytes.toByteArray()) : Optional.empty();
  }

  private static int characterLength(byte[] bytes, int position) {
    int first = bytes[position] & 0xFF;
    int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : LONGEST_CHARACTER_BYTES;
    if (length > bytes.length - position) {
      return 0;
    }
    try {
      // The decoder rejects everything else: overlong forms, surrogates, lone bytes.
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
      return length;
    } catch (CharacterCodingException notText) {
      return 0;
    }
  }

  private static void append(StringBuilder line, int point) {
    switch (point) {
      case '\\' -> line.append("\\\\");
      case '\t' -> line.append("\\t");
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      default -> {
        if (isHarmless(point)) {
          line.appendCodePoint(point);
        } else {
          for (byte each : Character.toString(point).getBytes(UTF_8)) {
            hex(line, each);
          }
        }
      }
    }
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static void hex(StringBuilder line, byte value) {
    line.append("\\x")
        .append(Character.forDigit((value >> 4) & 0xF, 16))
        .append(Character.forDigit(value & 0xF, 16));
  }
}
