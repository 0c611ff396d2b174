package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamagedPagesTest {
  /** Two bad places of a source, in a map of 64 KiB that begins at 1 MiB. */
  private static final DamagedPages PAGES =
      DamagedPages.of(
          List.of(
              new BadBlock(0, 512),
              new BadBlock((1 << 20) - 512, 1024),
              new BadBlock((1 << 20) + 20480 + 512, 512),
              new BadBlock((1 << 20) + 65536, 4096)),
          1 << 20,
          65536,
          4096,
          "the map");

  private static void refused(long offset, long length) {
    assertThatThrownBy(() -> PAGES.requireNone(offset, length))
        .isInstanceOfSatisfying(
            PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.IO_FAIL))
        .hasMessageContaining("bad block at map offset")
        .hasMessageContaining("clearBadBlock");
  }

  @Test
  void whatTouchesADamagedPageIsRefused() {
    refused(0, 1);
    refused(4095, 1);
    refused(0, 65536);
    refused(20479, 2);
    refused(24575, 1);
    refused(21000, 10);
  }

  @Test
  void whatDoesNotIsLeftAlone() {
    assertThatCode(() -> PAGES.requireNone(4096, 16384)).doesNotThrowAnyException();
    assertThatCode(() -> PAGES.requireNone(24576, 65536 - 24576)).doesNotThrowAnyException();
    assertThatCode(() -> PAGES.requireNone(21000, 0)).doesNotThrowAnyException();
  }

  @Test
  void visitsAreWhatLiesAround() {
    List<String> visits = new ArrayList<>();
    PAGES.around(65536, (offset, length) -> visits.add(offset + "+" + length));
    assertThat(visits).containsExactly("4096+16384", "24576+40960");
    visits.clear();
    DamagedPages.NONE.around(100, (offset, length) -> visits.add(offset + "+" + length));
    assertThat(visits).containsExactly("0+100");
  }
}
