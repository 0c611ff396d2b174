package io.lode.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @Test
  void suffixesArePowersOf1024() {
    assertThat(ByteSize.parse("0")).isZero();
    assertThat(ByteSize.parse("65536")).isEqualTo(65536);
    assertThat(ByteSize.parse("64K")).isEqualTo(65536);
    assertThat(ByteSize.parse("64kib")).isEqualTo(65536);
    assertThat(ByteSize.parse("256M")).isEqualTo(256L << 20);
    assertThat(ByteSize.parse("3G")).isEqualTo(3L << 30);
    assertThat(ByteSize.parse("2T")).isEqualTo(2L << 40);
    assertThat(ByteSize.parse("8388607T")).isEqualTo(8388607L << 40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "M",
        "-1",
        "1.5G",
        "64MB",
        "1 G",
        "0x10",
        "8388608T",
        "9999999999999999999",
        "1P",
        "١"
      })
  void everythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void sizesAreWrittenInTheLargestUnitThatFits() {
    assertThat(ByteSize.format(0)).isEqualTo("0 bytes");
    assertThat(ByteSize.format(1023)).isEqualTo("1023 bytes");
    assertThat(ByteSize.format(1024)).isEqualTo("1 KiB");
    assertThat(ByteSize.format(1536)).isEqualTo("1.5 KiB");
    assertThat(ByteSize.format(256L << 20)).isEqualTo("256 MiB");
    assertThat(ByteSize.format(Long.MAX_VALUE)).isEqualTo("8388608.0 TiB");
    assertThat(ByteSize.formatExact(4096)).isEqualTo("4 KiB (4096 bytes)");
    assertThat(ByteSize.formatExact(12)).isEqualTo("12 bytes");
  }
}
