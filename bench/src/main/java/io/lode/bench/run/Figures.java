package io.lode.bench.run;

import java.util.List;
import java.util.Locale;

/** Numbers as people read them, with three figures at least. */
public final class Figures {
  private Figures() {}

  /** Formats nanoseconds, as {@code 126 ns}, {@code 1.43 us} or {@code 12.0 ms}. */
  public static String nanos(double nanos) {
    return scaled(nanos, 1e3, List.of(" ns", " us", " ms", " s"));
  }

  /** Formats a number, as {@code 0.012}, {@code 1.43}, {@code 12.0} or {@code 1234}. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (size == Math.rint(size) && size < 1e15) {
      return Long.toString((long) value);
    }
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Rounds a number to an integer. */
  public static String whole(double value) {
    return Long.toString(Math.round(value));
  }

  /** Formats a ratio, with two decimals below ten. */
  public static String ratio(double value) {
    return value < 10 ? String.format(Locale.ROOT, "%.2f", value) : number(value);
  }

  /** Formats a rate per second, as {@code 1.84 M}, {@code 7.10 k} or {@code 186}. */
  public static String rate(double perSecond) {
    return scaled(perSecond, 1e3, List.of("", " k", " M"));
  }

  /** Formats a size, as {@code 200 B}, {@code 64 KiB} or {@code 1.5 GiB}. */
  public static String bytes(double bytes) {
    return scaled(bytes, 1024, List.of(" B", " KiB", " MiB", " GiB"));
  }

  /** Formats a count and what is counted, as {@code 1 round} or {@code 3 rounds}. */
  public static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String scaled(double value, double step, List<String> units) {
    double rest = value;
    int unit = 0;
    for (; rest >= step && unit + 1 < units.size(); unit++) {
      rest /= step;
    }
    return number(rest) + units.get(unit);
  }
}
