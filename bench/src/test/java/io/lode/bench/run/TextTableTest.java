package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void figuresAreSetToTheRightAndTextToTheLeft() {
    var table = new TextTable("store", "ns", "<why");
    table.add("Lode", "1234", "a");
    table.add("another", "5", "longer");
    assertThat(table.text())
        .isEqualTo("store      ns  why\nLode     1234  a\nanother     5  longer\n");
  }

  @Test
  void everyRowHasEveryCell() {
    assertThatThrownBy(() -> new TextTable("a", "b").add("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
