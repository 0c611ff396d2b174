package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.locality.Comparison.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Cell.Point point(Double... values) {
    return new Cell.Point(0, 1, Step.IDLE, "", List.of(values), null, null, null);
  }

  @Test
  void figureHasChangedOnlyWhenNoRoundsOverlap() {
    Cell.Point before = point(100.0, 104.0, 108.0);
    assertThat(Comparison.change(Measure.READ_LATENCY, before, point(120.0, 125.0, 130.0)))
        .isEqualTo(Change.WORSE);
    assertThat(Comparison.change(Measure.READ_RANDOM, before, point(120.0, 125.0, 130.0)))
        .isEqualTo(Change.BETTER);
    assertThat(Comparison.change(Measure.READ_LATENCY, before, point(107.0, 125.0, 130.0)))
        .isEqualTo(Change.SAME);
  }

  @Test
  void littleIsNoChangeHoweverSureItIs() {
    assertThat(Comparison.change(Measure.MAP, point(100.0), point(102.0))).isEqualTo(Change.SAME);
  }
}
