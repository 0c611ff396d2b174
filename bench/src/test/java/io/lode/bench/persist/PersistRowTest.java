package io.lode.bench.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.run.Summary;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PersistRowTest {
  private static Summary nanos(double median) {
    return new Summary(median, median, median, 1);
  }

  private static PersistRow row(int length, double lode, double c) {
    return new PersistRow(
        Call.COPY, length, Map.of(Implementation.LODE, nanos(lode), Implementation.C, nanos(c)), 0);
  }

  @Test
  void below256BytesTheAimIsANumberOfNanoseconds() {
    assertThat(row(64, 115, 100).isReached()).isTrue();
    assertThat(row(128, 116, 100).isReached()).isFalse();
  }

  @Test
  void from256BytesTheAimIsARatio() {
    assertThat(row(256, 110, 100).isReached()).isTrue();
    assertThat(row(4096, 111, 100).isReached()).isFalse();
  }

  @Test
  void withoutCNothingIsJudged() {
    var alone = new PersistRow(Call.COPY, 64, Map.of(Implementation.LODE, nanos(100)), 0);
    assertThat(alone.isReached()).isNull();
    assertThat(alone.ratio()).isNull();
  }

  @Test
  void whatIsNoReportIsFound() {
    assertThat(PersistReport.check("[]").isFine()).isFalse();
  }
}
