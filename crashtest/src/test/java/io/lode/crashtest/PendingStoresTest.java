package io.lode.crashtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Order;
import io.lode.crashtest.trace.Site;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which contents each model allows after the same stores. */
class PendingStoresTest {
  private static final int BYTES = 8192;

  @Test
  void oneLineHasOneStateForEachPrefixOfItsStores() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 8, 2, Order.PLAIN);
    store(pending, 0, 3, Order.PLAIN);
    assertThat(images(pending)).containsExactlyInAnyOrder("0 0", "1 0", "1 2", "3 2");
  }

  @Test
  void linesAreIndependent() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 64, 2, Order.PLAIN);
    assertThat(new CrashStates(pending.units()).total()).isEqualTo(4);
  }

  @Test
  void plainStoresOfALineAreUnorderedWhereJavaPromisesNothing() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR_UNORDERED, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 8, 2, Order.PLAIN);
    assertThat(images(pending)).containsExactlyInAnyOrder("0 0", "1 0", "0 2", "1 2");
  }

  @Test
  void releaseStoreComesAfterThePlainStoresBeforeIt() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR_UNORDERED, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 8, 2, Order.RELEASE);
    assertThat(images(pending)).containsExactlyInAnyOrder("0 0", "1 0", "1 2");
  }

  @Test
  void wordsStoredAroundTheCachesAreUnordered() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    pending.store(
        new Event.Store(
            Site.UNKNOWN, 1, 0, new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 2}, Order.STREAMED));
    assertThat(images(pending)).containsExactlyInAnyOrder("0 0", "1 0", "0 2", "1 2");
  }

  @Test
  void fenceOfAnotherThreadCompletesNothing() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    pending.flush(new Event.Flush(Site.UNKNOWN, 1, 0, 8));
    pending.fence(2);
    assertThat(images(pending)).containsExactlyInAnyOrder("0 0", "1 0");
    pending.fence(1);
    assertThat(images(pending)).containsExactly("1 0");
  }

  @Test
  void storeAfterTheFlushIsNotCoveredByTheFence() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    pending.flush(new Event.Flush(Site.UNKNOWN, 1, 0, 64));
    store(pending, 8, 2, Order.PLAIN);
    pending.fence(1);
    assertThat(images(pending)).containsExactlyInAnyOrder("1 0", "1 2");
  }

  @Test
  void storesOfAllLinesAreOnePrefixWhereCachesSurvive() {
    PendingStores pending = new PendingStores(PersistencyModel.EADR, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 640, 2, Order.PLAIN);
    assertThat(new CrashStates(pending.units()).total()).isEqualTo(3);
  }

  @Test
  void syncOfAPageIsDurableWhenItReturnsAndSectorsAreIndependent() {
    PendingStores pending = new PendingStores(PersistencyModel.PAGE_CACHE, new byte[BYTES]);
    store(pending, 0, 1, Order.PLAIN);
    store(pending, 512, 2, Order.PLAIN);
    store(pending, 4096, 3, Order.PLAIN);
    assertThat(new CrashStates(pending.units()).total()).isEqualTo(8);
    pending.flush(new Event.Flush(Site.UNKNOWN, 1, 100, 1));
    assertThat(new CrashStates(pending.units()).total()).isEqualTo(2);
  }

  @Test
  void statesBeyondTheLimitAreSampledWithinIt() {
    PendingStores pending = new PendingStores(PersistencyModel.ADR, new byte[BYTES]);
    for (int line = 0; line < 100; line++) {
      store(pending, line * 64L, 1, Order.PLAIN);
    }
    CrashStates states = new CrashStates(pending.units());
    assertThat(states.total()).isEqualTo(Long.MAX_VALUE);
    int[] shown = {0};
    states.visit(500, new SplittableRandom(1), state -> ++shown[0] > 0);
    assertThat(shown[0]).isEqualTo(500);
  }

  private static void store(PendingStores pending, long offset, int value, Order order) {
    byte[] word = new byte[8];
    word[0] = (byte) value;
    pending.store(new Event.Store(Site.UNKNOWN, 1, offset, word, order));
  }

  /** All images, as their first and second word. */
  private static Set<String> images(PendingStores pending) {
    Set<String> images = new HashSet<>();
    int[] visited = {0};
    new CrashStates(pending.units())
        .visit(
            1000,
            new SplittableRandom(1),
            state -> {
              byte[] image = pending.durable().clone();
              for (int i = 0; i < state.length; i++) {
                PersistUnit unit = pending.units().get(i);
                byte[] contents = new byte[unit.length()];
                unit.contents(state[i], contents);
                System.arraycopy(contents, 0, image, (int) unit.offset(), contents.length);
              }
              images.add(image[0] + " " + image[8]);
              visited[0]++;
              return true;
            });
    assertThat(images).as("no image twice").hasSize(visited[0]);
    return images;
  }
}
