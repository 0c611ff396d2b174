package io.lode.kv;

import static io.lode.kv.MemoryPools.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.CopyFlags;
import io.lode.pool.Device;
import io.lode.pool.DeviceState;
import io.lode.pool.Pool;
import io.lode.pool.PoolFormat;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import io.lode.store.StoreException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that rot are reported; nothing wrong and nothing older is served in their place. */
class KvStoreDamageTest {
  private static final int PAGE_BYTES = (int) PoolFormat.COPY_STRIDE_BYTES;

  /** Where the first segment starts. */
  private static final int SEGMENT = (int) PoolFormat.SEGMENTS_OFFSET;

  private final long seed = Long.getLong("lode.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void flipInTheMiddleOfAnOpenSegmentIsDamageAndNotTheTail() {
    var memory = memory(3);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("a"), bytes("first value"));
      store.put(bytes("b"), bytes("second value"));
      store.put(bytes("c"), bytes("third value"));
    }
    byte[] image = memory.durableContents();
    byte[] harmed = withFlip(image, find(image, "second", 0), 3);

    assertThatThrownBy(() -> KvStore.open(new SimulatedMemory(harmed), CONFIG))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("restore the pool");
    try (KvStore store =
        KvStore.open(new SimulatedMemory(harmed), CONFIG.toBuilder().acceptLoss(true).build())) {
      assertThat(store.get(bytes("a"))).hasValue(bytes("first value"));
      assertThat(store.get(bytes("b"))).isEmpty();
      assertThat(store.get(bytes("c"))).hasValue(bytes("third value"));
      assertThat(store.recovery().damages()).hasSize(1);
    }
  }

  @Test
  void acceptedLossIsForgottenWhenThePoolIsOpenedAgain() {
    var memory = memory(3);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("a"), bytes("first value"));
      store.put(bytes("b"), bytes("second value"));
    }
    byte[] image = memory.durableContents();
    var harmed = new SimulatedMemory(withFlip(image, find(image, "first", 0), 1));
    KvStore.open(harmed, CONFIG.toBuilder().acceptLoss(true).build()).close();

    try (KvStore store = KvStore.open(harmed, CONFIG)) {
      assertThat(store.recovery().damages()).isEmpty();
      assertThat(store.get(bytes("b"))).hasValue(bytes("second value"));
      store.put(bytes("a"), bytes("again"));
      assertThat(store.get(bytes("a"))).hasValue(bytes("again"));
    }
  }

  @Test
  void lastRecordOfAClosedPoolIsNotMistakenForATornTail() {
    var memory = memory(3);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("a"), bytes("only value"));
    }
    byte[] image = memory.durableContents();
    byte[] harmed = withFlip(image, find(image, "only", 0), 0);

    assertThatThrownBy(() -> KvStore.open(new SimulatedMemory(harmed), CONFIG))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("had been closed");
  }

  @Test
  void lastRecordOfAKilledStoreThatRotsIsReportedAsTornTail() {
    var memory = memory(3);
    KvStore killed = KvStore.create(memory, CONFIG);
    killed.put(bytes("a"), bytes("only value"));
    byte[] image = memory.durableContents();
    byte[] harmed = withFlip(image, find(image, "only", 0), 0);

    try (KvStore store = KvStore.open(new SimulatedMemory(harmed), CONFIG)) {
      assertThat(store.recovery().tornTails()).hasSize(1);
      assertThat(store.get(bytes("a"))).isEmpty();
    }
  }

  @Test
  void damageInASealedSegmentNeverUncoversAnOlderVersion() {
    var memory = memory(4);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("k"), bytes("version one"));
      store.put(bytes("k"), bytes("version two"));
      fillOneSegment(store);
      assertThat(store.stats().space().freeSegments()).isLessThan(3);
    }
    byte[] image = memory.durableContents();
    var harmed = new SimulatedMemory(withFlip(image, find(image, "version two", 0), 2));

    try (KvStore store = KvStore.open(harmed, CONFIG)) {
      assertThatThrownBy(() -> store.get(bytes("k")))
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageContaining("does not verify");
      store.put(bytes("k"), bytes("version three"));
      assertThat(store.get(bytes("k"))).hasValue(bytes("version three"));
    }
  }

  @Test
  void lostEndOfAnOlderSegmentIsDamageEvenWithoutItsSummary() {
    var memory = memory(4);
    KvStore killed = KvStore.create(memory, CONFIG);
    fillOneSegment(killed);
    assertThat(killed.stats().space().freeSegments()).isEqualTo(2);
    byte[] harmed = memory.durableContents();
    // The last page of the first segment: the end of its last record, and its summary.
    int end = (int) TestPools.bytes(1);
    java.util.Arrays.fill(harmed, end - PAGE_BYTES, end, (byte) 0);

    assertThatThrownBy(() -> KvStore.open(new SimulatedMemory(harmed), CONFIG))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("at the end of a segment");
    try (KvStore store =
        KvStore.open(new SimulatedMemory(harmed), CONFIG.toBuilder().acceptLoss(true).build())) {
      assertThat(store.recovery().tornTails()).isEmpty();
      assertThat(store.recovery().damages()).hasSize(1);
    }
  }

  @Test
  void flippedKeyIsDamageAndNotAbsence() {
    var memory = memory(4);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("long enough to be found"), bytes("x"));
      fillOneSegment(store);
    }
    byte[] image = memory.durableContents();
    var harmed = new SimulatedMemory(withFlip(image, find(image, "long enough", 0), 4));

    try (KvStore store = KvStore.open(harmed, CONFIG)) {
      assertThatThrownBy(() -> store.get(bytes("long enough to be found")))
          .isInstanceOf(StoreException.Damaged.class);
    }
  }

  private static boolean copiesAgree(byte[] image, int at, int length) {
    int other = at + PAGE_BYTES;
    return java.util.Arrays.equals(image, at, at + length, image, other, other + length);
  }

  @Test
  void eitherCopyOfEveryHeaderIsEnough() {
    var memory = memory(3);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("a"), bytes("value"));
    }
    byte[] image = memory.durableContents();
    for (int copyOffset : new int[] {0, PAGE_BYTES, SEGMENT, SEGMENT + PAGE_BYTES}) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] harmed = withFlip(image, copyOffset + random.nextInt(60), bit);
        var repaired = new SimulatedMemory(harmed);
        try (KvStore store = KvStore.open(repaired, CONFIG)) {
          assertThat(store.get(bytes("a"))).as("seed " + seed).hasValue(bytes("value"));
        }
        byte[] after = repaired.durableContents();
        assertThat(copiesAgree(after, 0, 512)).isTrue();
        assertThat(copiesAgree(after, SEGMENT, 128)).isTrue();
      }
    }
  }

  private static CheckReport check(byte[] image) {
    return new Check(Pool.of(Device.of(new SimulatedMemory(image), DeviceState.UNKNOWN))).run();
  }

  @Test
  void damagedCopyOfAHeaderIsReportedByACheckUntilAnOwnerReplacesIt() {
    var memory = memory(3);
    KvStore.create(memory, CONFIG).close();
    byte[] image = memory.durableContents();
    assertThat(check(image).damages()).isEmpty();
    for (int copyOffset : new int[] {0, PAGE_BYTES, SEGMENT, SEGMENT + PAGE_BYTES}) {
      byte[] harmed = image.clone();
      Arrays.fill(harmed, copyOffset, copyOffset + 512, (byte) 0);
      assertThat(check(harmed).damages())
          .singleElement()
          .satisfies(damage -> assertThat(damage.description()).contains("the other one is whole"));
      var repaired = new SimulatedMemory(harmed);
      KvStore.open(repaired, CONFIG).close();
      assertThat(check(repaired.durableContents()).damages()).isEmpty();
    }
    var other = memory(3);
    KvStore.create(other, CONFIG).close();
    byte[] mixed = image.clone();
    System.arraycopy(other.durableContents(), PAGE_BYTES, mixed, PAGE_BYTES, 512);
    assertThat(check(mixed).damages()).hasSize(1);
  }

  @Test
  void poolWithoutAnyDeviceHeaderIsStillKnownForOne() {
    var memory = memory(3);
    KvStore.create(memory, CONFIG).close();
    byte[] harmed = memory.durableContents();
    Arrays.fill(harmed, 0, SEGMENT, (byte) 0);
    assertThatThrownBy(() -> KvStore.open(new SimulatedMemory(harmed), CONFIG))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("behind them are segments of a pool; nothing was changed");
  }

  @Test
  void headersThatAreDamagedUnderAnOpenStoreAreWrittenBack() {
    var memory = memory(8);
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("a"), bytes("value"));
      memory.fill(0, SEGMENT, (byte) 0, CopyFlags.NONE);
      for (int i = 0; i < 20; i++) {
        store.put(bytes("filler " + i % 3), new byte[1000]);
      }
      assertThat(copiesAgree(memory.durableContents(), 0, 512)).isTrue();
      memory.fill(0, SEGMENT, (byte) 0, CopyFlags.NONE);
    }
    try (KvStore store = KvStore.open(memory, CONFIG)) {
      assertThat(store.recovery().clean()).isTrue();
      assertThat(store.get(bytes("a"))).hasValue(bytes("value"));
    }
  }

  @Test
  void memoryThatIsNoLongerThePoolsIsNeverWritten() {
    var memory = memory(4);
    KvStore store = KvStore.create(memory, CONFIG);
    store.put(bytes("a"), bytes("value"));
    memory.fill(0, memory.size(), (byte) 0x5A, CopyFlags.NONE);
    byte[] others = memory.durableContents();
    assertThatThrownBy(store::close)
        .isInstanceOf(StoreException.Poisoned.class)
        .hasMessageContaining("no longer there");
    assertThat(memory.durableContents()).isEqualTo(others);
  }

  @Test
  void ownerThatLostItsPoolDoesNotWriteToItWhenItCloses() {
    var memory = memory(4);
    KvStore first = KvStore.create(memory, CONFIG);
    try (KvStore second = KvStore.open(memory, CONFIG)) {
      second.put(bytes("a"), bytes("of the second"));
      assertThatThrownBy(first::close)
          .isInstanceOf(StoreException.Poisoned.class)
          .hasMessageContaining("somebody else");
    }
    try (KvStore again = KvStore.open(memory, CONFIG)) {
      assertThat(again.recovery().clean()).isTrue();
      assertThat(again.get(bytes("a"))).hasValue(bytes("of the second"));
    }
  }

  @Test
  void recordInsideAValueIsNeverFound() {
    var memory = memory(3);
    byte[] record = new byte[64];
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      store.put(bytes("victim"), bytes("planted"));
      System.arraycopy(
          memory.contents(), find(memory.contents(), "victim", 0) - 28, record, 0, record.length);
      // The value holds a valid record of this very segment, at the start of every cache line.
      byte[] value = new byte[640];
      for (int at = 64 - 34; at + record.length <= value.length; at += 64) {
        System.arraycopy(record, 0, value, at, record.length);
      }
      store.delete(bytes("victim"));
      store.put(bytes("attack"), value);
      store.put(bytes("last"), bytes("one"));
    }
    byte[] image = memory.durableContents();
    byte[] harmed = withFlip(image, find(image, "attack", 0), 0);

    try (KvStore store =
        KvStore.open(new SimulatedMemory(harmed), CONFIG.toBuilder().acceptLoss(true).build())) {
      assertThat(store.get(bytes("victim"))).isEmpty();
      assertThat(store.get(bytes("last"))).hasValue(bytes("one"));
      assertThat(store.size()).isEqualTo(1);
    }
  }

  @Test
  void noFlippedBitIsEverServed() {
    var memory = memory(2);
    Map<String, String> model = new HashMap<>();
    try (KvStore store = KvStore.create(memory, CONFIG)) {
      for (int i = 0; i < 80; i++) {
        String key = "key" + i % 20;
        String value = "value " + i + "x".repeat(i);
        store.put(bytes(key), bytes(value));
        model.put(key, value);
      }
      store.delete(bytes("key7"));
      model.remove("key7");
      assertThat(store.stats().space().freeSegments()).isZero();
    }
    byte[] image = memory.durableContents();
    int[] outcomes = new int[3];
    for (int offset = 0; offset < image.length; offset++) {
      byte[] harmed = withFlip(image, offset, random.nextInt(8));
      outcomes[outcome(harmed, model, offset)]++;
    }
    System.out.printf(
        "flips: %d harmless, %d refused at open, %d named at get; silent 0; seed %d%n",
        outcomes[0], outcomes[1], outcomes[2], seed);
    assertThat(outcomes[1] + outcomes[2]).isGreaterThan(1_000);
  }

  /** 0 all right, 1 the pool is refused, 2 some key is refused; anything else is a failure. */
  private int outcome(byte[] image, Map<String, String> model, int offset) {
    try (KvStore store = KvStore.open(new SimulatedMemory(image), CONFIG)) {
      int refused = 0;
      for (int i = 0; i < 20; i++) {
        String key = "key" + i;
        try {
          assertThat(store.get(bytes(key)).map(MemoryPools::text).orElse(null))
              .as("flip at " + offset + ", seed " + seed)
              .isEqualTo(model.get(key));
        } catch (StoreException.Damaged _) {
          refused = 2;
        }
      }
      return refused;
    } catch (StoreException.Damaged | StoreException.Newer | StoreException.Older _) {
      return 1;
    }
  }

  private static void fillOneSegment(KvStore store) {
    for (int i = 0; i < 5; i++) {
      store.put(bytes("filler" + i), new byte[2000]);
    }
  }
}
