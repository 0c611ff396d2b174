package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashIndexTest {
  @Test
  void holdsWhatAMapHoldsThroughAnyOrderOfChanges() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    for (int hashes : new int[] {3, 50, 5000}) {
      var index = new HashIndex();
      // Offset to hash: several offsets may share one hash, as keys that collide do.
      Map<Long, Long> model = new HashMap<>();
      for (int i = 1; i <= 20_000; i++) {
        long hash = random.nextInt(hashes) * 0x9E3779B97F4A7C15L;
        if (random.nextBoolean() || model.isEmpty()) {
          index.add(hash, i);
          model.put((long) i, hash);
        } else {
          long offset = model.keySet().iterator().next();
          long itsHash = Objects.requireNonNull(model.remove(offset));
          if (random.nextBoolean()) {
            index.remove(itsHash, offset);
          } else {
            index.move(itsHash, offset, i);
            model.put((long) i, itsHash);
          }
        }
      }
      assertThat(index.size()).as("seed " + seed).isEqualTo(model.size());
      Set<Long> found = new HashSet<>();
      index.forEach(found::add);
      assertThat(found).as("seed " + seed).isEqualTo(model.keySet());
      model.forEach((offset, hash) ->
          assertThat(index.find(hash, candidate -> candidate == offset)).isEqualTo(offset));
    }
  }

  @Test
  void missesAreZeroAndWrongRemovalsAreErrors() {
    var index = new HashIndex();
    assertThat(index.find(7, _ -> true)).isZero();
    index.add(7, 64);
    assertThat(index.find(7, _ -> false)).isZero();
    assertThatIllegalStateException().isThrownBy(() -> index.remove(7, 128));
    assertThatIllegalStateException().isThrownBy(() -> index.move(8, 64, 128));
  }
}
