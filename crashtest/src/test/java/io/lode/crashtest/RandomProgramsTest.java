package io.lode.crashtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The random programs of a run. */
class RandomProgramsTest {
  private static final int LENGTH = 32;

  @Test
  void noProgramIsAnotherOneBegunLater() {
    for (int index = 0; index < 50; index++) {
      int[] one = Run.randomProgram(42, index, LENGTH, 4);
      int[] next = Run.randomProgram(42, index + 1, LENGTH, 4);
      for (int shift = 0; shift < LENGTH / 2; shift++) {
        assertThat(Arrays.equals(one, shift, LENGTH, next, 0, LENGTH - shift)).isFalse();
        assertThat(Arrays.equals(next, shift, LENGTH, one, 0, LENGTH - shift)).isFalse();
      }
    }
  }
}
