package io.lode.crashtest;

import io.lode.crashtest.trace.TracedMap;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Harms memory that holds a structure, in every way that media do, and counts what the structure
 * answers. One thread's.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class Damage<T, M> {
  private static final int LINE_BYTES = 64;
  private static final int PAGE_BYTES = 4096;

  private final Bench<T, M> bench;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final TracedMap map;
  private final byte[] image;
  private final byte[] earlier;
  private final M expected;
  private final M beforeLast;
  private @Nullable Violation silent;

  /**
   * Prepares.
   *
   * @param bench the subject
   * @param image what the memory holds
   * @param earlier what it held some time before
   * @param expected the state it stands for
   * @param beforeLast the one before the last operation that changed something
   */
  Damage(Bench<T, M> bench, byte[] image, byte[] earlier, M expected, M beforeLast) {
    this.beforeLast = beforeLast;
    this.bench = bench;
    this.image = image;
    this.earlier = earlier;
    this.expected = expected;
    this.map = bench.map();
    map.load(image);
  }

  Map<Outcome, Long> outcomes() {
    return outcomes;
  }

  /** The first wrong answer, or null. */
  @Nullable Violation silent() {
    return silent;
  }

  /** Flips bits, one at a time: every {@code step}-th from {@code first} on. */
  void flipBits(long first, long step) {
    for (long bit = first; bit < image.length * 8L && !bench.settings().isOver(); bit += step) {
      int at = (int) (bit / 8);
      tryWith(
          "bit " + bit % 8 + " of byte " + at + " flipped",
          at,
          new byte[] {(byte) (image[at] ^ (1 << (bit % 8)))});
    }
  }

  /** Harms every line: zeros, ones, what it held before, what another line holds. */
  void harmLines(SplittableRandom random) {
    int lines = image.length / LINE_BYTES;
    for (int line = 0; line < lines && !bench.settings().isOver(); line++) {
      int at = line * LINE_BYTES;
      byte[] ones = new byte[LINE_BYTES];
      Arrays.fill(ones, (byte) -1);
      int other = random.nextInt(lines);
      tryWith("line " + line + " zeroed", at, new byte[LINE_BYTES]);
      tryWith("line " + line + " all ones", at, ones);
      tryWith("line " + line + " as it was before", at, lineOf(earlier, line));
      tryWith("line " + line + " with what line " + other + " holds", at, lineOf(image, other));
    }
  }

  /** Lets every page be unreadable, one at a time. */
  void poisonPages() {
    for (int page = 0; page * PAGE_BYTES < image.length; page++) {
      int from = page * PAGE_BYTES;
      map.plant(
          new TracedMap.Faults() {
            @Override
            public void beforeLoad(long offset, long length) {
              if (offset < from + PAGE_BYTES && offset + length > from) {
                throw new InternalError("a fault occurred in an unsafe memory access operation");
              }
            }
          });
      judge("page " + page + " unreadable");
    }
  }

  private static byte[] lineOf(byte[] bytes, int line) {
    return Arrays.copyOfRange(bytes, line * LINE_BYTES, (line + 1) * LINE_BYTES);
  }

  private void tryWith(String what, int at, byte[] bytes) {
    if (Arrays.equals(image, at, at + bytes.length, bytes, 0, bytes.length)) {
      return;
    }
    map.patch(at, bytes, 0, bytes.length);
    judge(what);
    map.patch(at, image, at, bytes.length);
  }

  private void judge(String what) {
    Outcome outcome;
    String found = "a wrong answer";
    try {
      outcome = bench.judge(map, expected, beforeLast);
    } catch (RuntimeException | Error failure) {
      outcome = Outcome.FAILED;
      found = Checker.describe(failure);
    } finally {
      map.restore(image);
    }
    outcomes.merge(outcome, 1L, Long::sum);
    boolean wrong = outcome == Outcome.SILENT || outcome == Outcome.FAILED;
    if (wrong && silent == null) {
      silent =
          new Violation(
              "damaged memory was not noticed, or not named",
              List.of(),
              "never",
              what,
              List.of(),
              expected.toString(),
              outcome + ": " + found,
              "");
    }
  }

  void close() {
    bench.drop(map);
  }
}
