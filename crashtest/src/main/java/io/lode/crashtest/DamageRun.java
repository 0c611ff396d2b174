package io.lode.crashtest;

import io.lode.crashtest.trace.TracedMap;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Damages the memory of a structure in many ways, one at a time, and counts the outcomes. Used by
 * one thread.
 *
 * @param <T> the open structure
 * @param <M> the model's state
 */
final class DamageRun<T, M> {
  static final int LINE_BYTES = 64;
  static final int PAGE_BYTES = 4096;

  private final Harness<T, M> harness;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final TracedMap map;
  private final byte[] image;
  private final byte[] earlier;
  private final M expected;
  private final List<M> history;
  private final BooleanSupplier isOver;
  private @Nullable Violation silent;

  /**
   * Loads the content to damage.
   *
   * @param harness runs the subject
   * @param image the content of the memory
   * @param earlier an earlier content
   * @param expected the state that the content represents
   * @param history the states before the operations that changed something, latest first
   * @param isOver whether to stop early
   */
  DamageRun(
      Harness<T, M> harness,
      byte[] image,
      byte[] earlier,
      M expected,
      List<M> history,
      BooleanSupplier isOver) {
    this.harness = harness;
    this.image = image;
    this.earlier = earlier;
    this.expected = expected;
    this.history = history;
    this.isOver = isOver;
    this.map = harness.map();
    map.load(image);
  }

  Map<Outcome, Long> outcomes() {
    return outcomes;
  }

  /** Returns the first wrong answer, or null. */
  @Nullable Violation silent() {
    return silent;
  }

  boolean isOver() {
    return silent != null || isOver.getAsBoolean();
  }

  byte[] image() {
    return image;
  }

  /** Returns an earlier content. */
  byte[] earlier() {
    return earlier;
  }

  /** Returns the numbers of the lines that hold anything. */
  int[] usedLines() {
    return IntStream.range(0, image.length / LINE_BYTES).filter(this::isUsed).toArray();
  }

  private boolean isUsed(int line) {
    for (int at = line * LINE_BYTES; at < (line + 1) * LINE_BYTES; at++) {
      if (image[at] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Tries the memory with some bytes replaced. */
  void tryWith(String what, int at, byte[] bytes, int from, int length) {
    if (Arrays.equals(image, at, at + length, bytes, from, from + length)) {
      return;
    }
    map.patch(at, bytes, from, length);
    judge(what, length, harness.subject().mustSurvive(at, length));
    map.patch(at, image, at, length);
  }

  /** Tries the memory with two ranges exchanged. */
  void trySwapped(String what, int at, int other, int length) {
    if (Arrays.equals(image, at, at + length, image, other, other + length)) {
      return;
    }
    map.patch(at, image, other, length);
    map.patch(other, image, at, length);
    judge(what, 2 * length, false);
    map.patch(at, image, at, length);
    map.patch(other, image, other, length);
  }

  /** Tries the memory with reads that fail. */
  void tryWith(String what, TracedMap.Faults faults) {
    map.plant(faults);
    judge(what, image.length, false);
  }

  private void judge(String what, int harmedBytes, boolean mustSurvive) {
    // Damage to one line can destroy the last operation, not more.
    List<M> lost = harmedBytes > LINE_BYTES || history.isEmpty() ? history : history.subList(0, 1);
    Outcome outcome;
    String found = "a wrong answer";
    try {
      outcome = harness.judge(map, expected, lost);
    } catch (RuntimeException | Error failure) {
      outcome = Outcome.FAILED;
      found = Checker.describe(failure);
    } finally {
      map.restore(image);
    }
    outcomes.merge(outcome, 1L, Long::sum);
    boolean wrong =
        outcome == Outcome.SILENT
            || outcome == Outcome.FAILED
            || (mustSurvive && outcome != Outcome.RIGHT);
    if (wrong && silent == null) {
      silent = Violation.ofDamage(what, expected, outcome + ": " + found);
    }
  }

  void close() {
    harness.drop(map);
  }
}
