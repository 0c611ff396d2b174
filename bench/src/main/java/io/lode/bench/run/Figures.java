package io.lode.bench.run;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
  private static final long KIB = 1024;

  private Figures() {}

  /**
   * Writes a time with three figures at least.
   *
   * @param nanos nanoseconds
   * @return for example {@code 126 ns}, {@code 1.43 us}, {@code 12.0 ms}
   */
  public static String nanos(double nanos) {
    if (nanos < 1e3) {
      return number(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return number(nanos / 1e3) + " us";
    }
    return nanos < 1e9 ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
  }

  /**
   * Writes a number with three figures at least.
   *
   * @param value the number
   * @return for example {@code 0.012}, {@code 1.43}, {@code 12.0}, {@code 1234}
   */
  public static String number(double value) {
    double size = Math.abs(value);
    if (size == Math.rint(size) && size < 1e15) {
      return Long.toString((long) value);
    }
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /**
   * Writes a number without what is behind the point.
   *
   * @param value the number
   * @return for example {@code 1234}
   */
  public static String whole(double value) {
    return Long.toString(Math.round(value));
  }

  /**
   * Writes a rate.
   *
   * @param perSecond how many a second
   * @return for example {@code 1.84 M}, {@code 7.10 k}, {@code 186}
   */
  public static String rate(double perSecond) {
    if (perSecond >= 1e6) {
      return number(perSecond / 1e6) + " M";
    }
    return perSecond >= 1e3 ? number(perSecond / 1e3) + " k" : number(perSecond);
  }

  /**
   * Writes a size.
   *
   * @param bytes the size
   * @return for example {@code 200 B}, {@code 64 KiB}, {@code 1.5 GiB}
   */
  public static String bytes(double bytes) {
    if (bytes < KIB) {
      return number(bytes) + " B";
    }
    if (bytes < KIB * KIB) {
      return number(bytes / KIB) + " KiB";
    }
    return bytes < KIB * KIB * KIB
        ? number(bytes / (KIB * KIB)) + " MiB"
        : number(bytes / (KIB * KIB * KIB)) + " GiB";
  }
}
