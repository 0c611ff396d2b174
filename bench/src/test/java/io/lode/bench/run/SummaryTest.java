package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void medianAndQuartilesOfAnOddNumber() {
    assertThat(Summary.of(List.of(9.0, 1.0, 5.0, 7.0, 3.0))).isEqualTo(new Summary(5, 2, 8, 5));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertThat(Summary.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Summary(2.5, 1.5, 3.5, 4));
  }

  @Test
  void oneMeasurementSpreadsNowhere() {
    assertThat(Summary.of(List.of(7.0))).isEqualTo(new Summary(7, 7, 7, 1));
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> Summary.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
