package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pools that somebody has tampered with, checksums put right, are opened and read. */
class PoolFuzzTest {
  private static final int INPUTS = 1500;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());

  @Test
  void tamperedPoolsAreRefusedOrReadWithinBounds() {
    var fuzzer = new PoolFuzzer();
    for (int i = 0; i < INPUTS; i++) {
      assertThat(fuzzer.run(seed + i)).isEmpty();
    }
    assertThat(fuzzer.opened()).as("seed " + seed).isGreaterThan(INPUTS / 4);
  }
}
