package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void numbersHaveThreeFigures() {
    assertThat(Figures.number(0.0123)).isEqualTo("0.012");
    assertThat(Figures.number(1.234)).isEqualTo("1.23");
    assertThat(Figures.number(12.34)).isEqualTo("12.3");
    assertThat(Figures.number(1234.5)).isEqualTo("1235");
    assertThat(Figures.number(12)).isEqualTo("12");
  }

  @Test
  void timesAndSizesHaveTheUnitThatFits() {
    assertThat(Figures.nanos(126)).isEqualTo("126 ns");
    assertThat(Figures.nanos(1430)).isEqualTo("1.43 us");
    assertThat(Figures.nanos(12_000_000)).isEqualTo("12 ms");
    assertThat(Figures.bytes(200)).isEqualTo("200 B");
    assertThat(Figures.bytes(65536)).isEqualTo("64 KiB");
  }
}
