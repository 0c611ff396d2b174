package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import org.junit.jupiter.api.Test;

/** The choice of path for all 64 combinations of flags, against libpmem2's rules in order. */
class CopyPathTest {
  private static boolean has(int bits, CopyFlags flag) {
    return (bits & flag.bits()) != 0;
  }

  private static CopyPath choose(int bits, long length, boolean eadr) {
    return CopyPath.choose(new CopyFlags(bits), length, eadr, true, 256);
  }

  @Test
  void withoutEadr() {
    for (int bits = 0; bits < 64; bits++) {
      CopyPath small;
      CopyPath large;
      if (has(bits, CopyFlags.NO_FLUSH)) {
        small = CopyPath.STORE;
        large = CopyPath.STORE;
      } else if (has(bits, CopyFlags.NON_TEMPORAL) || has(bits, CopyFlags.WRITE_COMBINE)) {
        small = CopyPath.STREAM;
        large = CopyPath.STREAM;
      } else if (has(bits, CopyFlags.TEMPORAL) || has(bits, CopyFlags.WRITE_BACK)) {
        small = CopyPath.STORE_AND_FLUSH;
        large = CopyPath.STORE_AND_FLUSH;
      } else {
        small = CopyPath.STORE_AND_FLUSH;
        large = CopyPath.STREAM;
      }
      assertThat(choose(bits, 255, false)).as("flags %d", bits).isEqualTo(small);
      assertThat(choose(bits, 256, false)).as("flags %d", bits).isEqualTo(large);
    }
  }

  @Test
  void withEadrOnlyNonTemporalGoesAroundTheCaches() {
    for (int bits = 0; bits < 64; bits++) {
      boolean around = has(bits, CopyFlags.NON_TEMPORAL) && !has(bits, CopyFlags.NO_FLUSH);
      assertThat(choose(bits, 1 << 20, true))
          .as("flags %d", bits)
          .isEqualTo(around ? CopyPath.STREAM_UNFLUSHED : CopyPath.STORE);
    }
  }

  @Test
  void withoutNonTemporalStoresNothingGoesAroundTheCaches() {
    for (int bits = 0; bits < 64; bits++) {
      var flags = new CopyFlags(bits);
      assertThat(CopyPath.choose(flags, 4096, true, false, 256)).isEqualTo(CopyPath.STORE);
      assertThat(CopyPath.choose(flags, 4096, false, false, 256))
          .isEqualTo(has(bits, CopyFlags.NO_FLUSH) ? CopyPath.STORE : CopyPath.STORE_AND_FLUSH);
    }
  }

  @Test
  void fenceUnlessAskedNotToAndAlwaysWhereNoDrainMayFollow() {
    for (var path : CopyPath.values()) {
      assertThat(path.fences(CopyFlags.NONE, false)).isTrue();
      assertThat(path.fences(CopyFlags.NON_TEMPORAL, false)).isTrue();
      assertThat(path.fences(CopyFlags.NO_DRAIN, false))
          .isEqualTo(path == CopyPath.STREAM_UNFLUSHED);
      assertThat(path.fences(CopyFlags.NO_DRAIN, true))
          .isEqualTo(path == CopyPath.STREAM_UNFLUSHED || path == CopyPath.STREAM);
    }
    assertThat(CopyPath.STORE.fences(CopyFlags.NO_FLUSH, true)).isFalse();
  }
}
