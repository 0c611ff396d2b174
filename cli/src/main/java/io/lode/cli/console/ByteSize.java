package io.lode.cli.console;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes in human-readable form: suffixes are powers of 1024. */
public final class ByteSize {
  private static final Pattern FORM = Pattern.compile("(\\d{1,19})([KMGT]?)(?:I?B)?");
  private static final String UNITS = "KMGT";

  private ByteSize() {}

  /**
   * Parses a size.
   *
   * @param text digits, then nothing or one of K, M, G, T; {@code 64K}, {@code 64KiB} and {@code
   *     65536} are the same
   * @return bytes
   * @throws IllegalArgumentException if it is anything else, or too large for a long
   */
  public static long parse(String text) {
    Matcher parts = FORM.matcher(text.toUpperCase(Locale.ROOT));
    // "MB" is refused because it means a million to some and 2^20 to others.
    if (!parts.matches() || text.toUpperCase(Locale.ROOT).matches("\\d+[KMGT]B")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write bytes, or a number with K, M, G or T, as in 256M");
    }
    int power = UNITS.indexOf(parts.group(2)) + (parts.group(2).isEmpty() ? 0 : 1);
    try {
      return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power));
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw new IllegalArgumentException("'" + text + "' is more than 8 EiB", tooLarge);
    }
  }

  /**
   * Formats a size in the largest unit in which it is at least 1.
   *
   * @param bytes the size, not negative
   * @return for example {@code 256 MiB} or {@code 1.5 GiB}
   */
  public static String format(long bytes) {
    int power = bytes < 1024 ? 0 : Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
    if (power == 0) {
      return bytes + " bytes";
    }
    long unit = 1L << (10 * power);
    String number =
        bytes % unit == 0
            ? Long.toString(bytes / unit)
            : String.format(Locale.ROOT, "%.1f", (double) bytes / unit);
    return number + " " + UNITS.charAt(power - 1) + "iB";
  }

  /**
   * Formats a size together with the exact number.
   *
   * @param bytes the size, not negative
   * @return for example {@code 256 MiB (268435456 bytes)}
   */
  public static String formatExact(long bytes) {
    return bytes < 1024 ? format(bytes) : format(bytes) + " (" + bytes + " bytes)";
  }
}
