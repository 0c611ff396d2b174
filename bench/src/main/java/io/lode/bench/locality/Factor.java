package io.lode.bench.locality;

import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many times as much one thing costs as another: compared round by round, so that what disturbs
 * a round disturbs both.
 *
 * @param median the middle of the rounds; above 1 is worse
 * @param low the lowest
 * @param high the highest
 * @param rounds how many there are
 */
record Factor(double median, double low, double high, int rounds) {
  private static final int ROUNDS_FOR_TRUST = 3;
  private static final double NARROW = 0.10;
  private static final double WIDE = 0.30;
  private static final double OPEN = 0.50;

  /** How far a factor can be believed. */
  enum Confidence {
    /** The rounds agree within a tenth. */
    HIGH,
    /** The rounds agree on what is worse, and within three tenths on how much. */
    MEDIUM,
    /** The rounds disagree, or there are too few. */
    LOW;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Compares two figures of a measure, if both have rounds in common. */
  static Optional<Factor> of(Measure measure, Cell.Point worse, Cell.Point base) {
    List<Double> factors =
        IntStream.range(0, Math.min(worse.values().size(), base.values().size()))
            .mapToObj(round -> measure.cost(worse.values().get(round), base.values().get(round)))
            .toList();
    return factors.isEmpty() ? Optional.empty() : Optional.of(of(factors));
  }

  static Factor of(List<Double> factors) {
    List<Double> sorted = factors.stream().sorted().toList();
    return new Factor(Summary.median(sorted), sorted.getFirst(), sorted.getLast(), sorted.size());
  }

  Confidence confidence() {
    double width = (high - low) / median;
    if (rounds < ROUNDS_FOR_TRUST) {
      return Confidence.LOW;
    }
    if (width <= NARROW) {
      return Confidence.HIGH;
    }
    return (low > 1 || high < 1) && width <= WIDE ? Confidence.MEDIUM : Confidence.LOW;
  }

  /** Whether the rounds agree that there is no difference worth a word. */
  boolean isNone() {
    return !isOpen() && (Math.abs(median - 1) < 0.03 || (low <= 1 && high >= 1));
  }

  /** Whether the rounds disagree even on which is worse. */
  boolean isOpen() {
    return low < 1 && high > 1 && (high - low) / median > OPEN;
  }

  /** Returns for example {@code x1.86}. */
  String text() {
    return "x" + Figures.ratio(median);
  }

  /** Returns for example {@code 1.9 times}. */
  String times() {
    return String.format(Locale.ROOT, median < 10 ? "%.1f times" : "%.0f times", median);
  }

  /** Returns for example {@code 1.84 to 1.91 in 5 rounds, high confidence}. */
  String range() {
    return "%s to %s in %s, %s confidence"
        .formatted(
            Figures.ratio(low),
            Figures.ratio(high),
            Figures.counted(rounds, "round"),
            confidence().word());
  }
}
