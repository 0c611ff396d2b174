package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FactorTest {
  private static Cell.Point point(Double... values) {
    return new Cell.Point(0, 1, Step.IDLE, "", List.of(values), null, null, null);
  }

  @Test
  void moreNanosecondsAndLessBandwidthBothCostMore() {
    Factor latency = Factor.of(Measure.READ_LATENCY, point(200.0), point(100.0)).orElseThrow();
    Factor bandwidth = Factor.of(Measure.READ_RANDOM, point(5.0), point(10.0)).orElseThrow();
    assertThat(latency.median()).isEqualTo(2);
    assertThat(bandwidth.median()).isEqualTo(2);
  }

  @Test
  void roundsAreComparedOneByOne() {
    Factor factor =
        Factor.of(Measure.MAP, point(110.0, 1100.0, 220.0), point(100.0, 1000.0, 200.0))
            .orElseThrow();
    assertThat(factor.low()).isEqualTo(1.1);
    assertThat(factor.high()).isEqualTo(1.1);
    assertThat(factor.confidence()).isEqualTo(Factor.Confidence.HIGH);
    assertThat(factor.text()).isEqualTo("x1.10");
    assertThat(factor.range()).isEqualTo("1.10 to 1.10 in 3 rounds, high confidence");
  }

  @Test
  void fewOrDisagreeingRoundsAreNotTrusted() {
    assertThat(Factor.of(List.of(2.0, 2.0)).confidence()).isEqualTo(Factor.Confidence.LOW);
    assertThat(Factor.of(List.of(2.0, 2.1, 2.4)).confidence()).isEqualTo(Factor.Confidence.MEDIUM);
    Factor open = Factor.of(List.of(0.7, 1.1, 1.4));
    assertThat(open.confidence()).isEqualTo(Factor.Confidence.LOW);
    assertThat(open.isOpen()).isTrue();
    assertThat(open.isNone()).isFalse();
  }

  @Test
  void littleDifferenceIsNone() {
    assertThat(Factor.of(List.of(0.99, 1.01, 1.02)).isNone()).isTrue();
    assertThat(Factor.of(List.of(1.05, 1.06, 1.07)).isNone()).isFalse();
  }

  @Test
  void withoutRoundsInCommonThereIsNone() {
    assertThat(Factor.of(Measure.MAP, point(), point(1.0))).isEmpty();
  }
}
