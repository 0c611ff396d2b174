package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PmemErrorTest {
  @Test
  void codesAreLibpmem2s() {
    int[] expected =
        IntStream.rangeClosed(0, 37).filter(i -> i != 2).map(i -> -100000 - i).toArray();
    int[] codes = Arrays.stream(PmemError.values()).mapToInt(PmemError::code).toArray();
    assertThat(codes).isEqualTo(expected).hasSize(37);
    assertThat(PmemError.NOSUPP.code()).isEqualTo(-100001);
    assertThat(PmemError.DAX_REGION_NOT_FOUND.code()).isEqualTo(-100026);
    assertThat(PmemError.IO_FAIL.code()).isEqualTo(-100037);
  }

  @Test
  void lookupNeverThrows() {
    for (PmemError error : PmemError.values()) {
      assertThat(PmemError.of(error.code())).isEqualTo(error);
      assertThat(error.meaning()).isNotBlank();
      assertThat(error.advice()).isNotBlank();
    }
    for (int code : new int[] {0, 1, -1, -100002, -100038, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThat(PmemError.of(code)).isEqualTo(PmemError.UNKNOWN);
    }
  }

  @Test
  void errnoIsLibpmem2s() {
    assertThat(PmemError.toErrno(-100001)).isEqualTo(95);
    assertThat(PmemError.toErrno(-100000)).isEqualTo(22);
    assertThat(PmemError.toErrno(-100026)).isEqualTo(22);
    assertThat(PmemError.toErrno(-95)).isEqualTo(95);
    assertThat(new PmemException(-28, "full").errno()).hasValue(28);
    assertThat(new PmemException(-100009, "coarse").errno()).isEmpty();
  }
}
