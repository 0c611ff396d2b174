package io.lode.bench.kv.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfTest {
  private static final int RANKS = 1000;
  private static final int DRAWS = 400_000;
  private static final long SEED = Long.getLong("lode.seed", 42);

  @Test
  void everyRankIsDrawnInProportionToItsPower() {
    var random = new SplittableRandom(SEED);
    var zipf = Client.zipf(random, RANKS);
    var counts = new int[RANKS];
    for (int draw = 0; draw < DRAWS; draw++) {
      counts[zipf.sample() - 1]++;
    }
    double sum = 0;
    for (int rank = 1; rank <= RANKS; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    for (int rank : new int[] {1, 2, 3, 10, 100}) {
      double expected = DRAWS * Math.pow(rank, -0.99) / sum;
      assertThat((double) counts[rank - 1])
          .as("rank %d, seed %d", rank, SEED)
          .isCloseTo(expected, within(6 * Math.sqrt(expected)));
    }
  }

  @Test
  void oneRankIsAlwaysTheFirst() {
    assertThat(Client.zipf(new SplittableRandom(SEED), 1).sample()).isEqualTo(1);
  }
}
