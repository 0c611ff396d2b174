package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.BadBlock;
import io.lode.pool.DeviceState;
import io.lode.pool.PoolFormat;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import io.lode.store.DeviceChange;
import io.lode.store.StoreException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A device that did not keep its promise, is another one, or has lost a part. */
class DeviceStateTest {
  private static final long PAGE_BYTES = PoolFormat.COPY_STRIDE_BYTES;

  private final SimulatedMemory memory = MemoryPools.memory(6);

  DeviceStateTest() {
    TestPools.format(memory);
  }

  private static StoreEngine open(SimulatedMemory memory, DeviceState device) {
    return StoreEngine.open(TestPools.read(memory, device), KvConfig.defaults());
  }

  @Test
  void poolIsVerifiedOnceAfterAnUnsafeShutdownAndOnAnotherDevice() {
    var first = new DeviceState(7, 100, DeviceState.NO_NAMESPACE, List.of());
    try (StoreEngine pool = open(memory, first)) {
      assertThat(pool.recovery().unsafeShutdown()).as("a new pool").isFalse();
      for (int i = 0; i < 20; i++) {
        pool.dispatcher().put(bytes("key" + i), new byte[1000]);
      }
    }
    try (StoreEngine pool = open(memory, first)) {
      assertThat(pool.recovery().unsafeShutdown()).as("nothing happened").isFalse();
    }
    try (StoreEngine pool = open(memory, DeviceState.UNKNOWN)) {
      assertThat(pool.recovery().unsafeShutdown()).as("not known today").isFalse();
    }
    for (DeviceState changed :
        List.of(
            new DeviceState(8, 100, DeviceState.NO_NAMESPACE, List.of()),
            new DeviceState(8, 101, DeviceState.NO_NAMESPACE, List.of()))) {
      // What was known before the day on which nothing was is still compared.
      try (StoreEngine pool = open(memory, changed)) {
        assertThat(pool.recovery().unsafeShutdown()).as("first " + changed).isTrue();
        assertThat(pool.size()).isEqualTo(20);
      }
      try (StoreEngine pool = open(memory, changed)) {
        assertThat(pool.recovery().unsafeShutdown()).as("then " + changed).isFalse();
      }
    }
  }

  @Test
  void anotherNamespaceIsToldOnceAndVerified() {
    var first = new DeviceState(7, 100, new UUID(1, 2), List.of());
    var second = new DeviceState(7, 100, new UUID(1, 3), List.of());
    try (StoreEngine pool = open(memory, first)) {
      assertThat(pool.recovery().deviceChanges()).as("a new pool").isEmpty();
      for (int i = 0; i < 20; i++) {
        pool.dispatcher().put(bytes("key" + i), new byte[1000]);
      }
    }
    try (StoreEngine pool = open(memory, DeviceState.UNKNOWN)) {
      assertThat(pool.recovery().deviceChanges()).as("on a file").isEmpty();
    }
    assertThat(new Check(TestPools.read(memory, second)).run().deviceChanges())
        .as("a check tells, and changes nothing")
        .hasSize(1);
    try (StoreEngine pool = open(memory, second)) {
      assertThat(pool.recovery().deviceChanges())
          .singleElement()
          .satisfies(change -> {
            assertThat(change.kind()).isEqualTo(DeviceChange.Kind.NAMESPACE);
            assertThat(change.description())
                .contains(first.namespace().toString(), second.namespace().toString());
          });
      assertThat(pool.recovery().unsafeShutdown()).as("verified").isTrue();
    }
    try (StoreEngine pool = open(memory, second)) {
      assertThat(pool.recovery().deviceChanges()).as("told before").isEmpty();
    }
    byte[] image = memory.durableContents();
    image[MemoryPools.find(image, "key0", 0) + 100] ^= 1;
    var harmed = new SimulatedMemory(image);
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> open(harmed, first))
          .as("the uuid is kept once all was verified, round " + round)
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageContaining("another namespace");
    }
  }

  @Test
  void largerDeviceIsToldEachTimeAndNothingElseFollows() {
    byte[] image = memory.durableContents();
    var larger = new SimulatedMemory(Arrays.copyOf(image, image.length + 65536));
    for (int round = 0; round < 2; round++) {
      try (StoreEngine pool = open(larger, DeviceState.UNKNOWN)) {
        assertThat(pool.recovery().deviceChanges())
            .singleElement()
            .satisfies(change -> {
              assertThat(change.kind()).isEqualTo(DeviceChange.Kind.LARGER);
              assertThat(change.description())
                  .contains(image.length + " bytes", "device " + (image.length + 65536));
            });
        assertThat(pool.recovery().unsafeShutdown()).isFalse();
      }
    }
  }

  @Test
  void whatAnUnsafeShutdownLostIsDamageAndStaysSoUntilAccepted() {
    try (StoreEngine pool =
        open(memory, new DeviceState(7, 100, DeviceState.NO_NAMESPACE, List.of()))) {
      for (int i = 0; i < 20; i++) {
        pool.dispatcher().put(bytes("key" + i), new byte[1000]);
      }
    }
    int lost = MemoryPools.find(memory.durableContents(), "key0", 0);
    byte[] image = memory.durableContents();
    image[lost + 100] ^= 1;
    var harmed = new SimulatedMemory(image);
    assertThat(
            open(
                    new SimulatedMemory(image),
                    new DeviceState(7, 100, DeviceState.NO_NAMESPACE, List.of()))
                .size())
        .as("a sealed segment is not read as a whole")
        .isEqualTo(20);
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(
              () -> open(harmed, new DeviceState(8, 100, DeviceState.NO_NAMESPACE, List.of())))
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageContaining("not shut down safely");
    }
  }

  @Test
  void segmentsWithBadBlocksAreNotWritten() {
    long body = PoolFormat.SEGMENTS_OFFSET + PoolFormat.BODY_OFFSET;
    var bad =
        new DeviceState(
            -1,
            0,
            DeviceState.NO_NAMESPACE,
            List.of(
                new BadBlock(body, 512),
                new BadBlock(body + 2 * MemoryPools.SEGMENT_BYTES + PAGE_BYTES, PAGE_BYTES)));
    try (StoreEngine pool = open(memory, bad)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  pool.dispatcher().put(bytes("key" + i), new byte[1000]);
                }
              })
          .isInstanceOf(StoreException.Full.class);
      assertThat(pool.stats().space().freeSegments()).isEqualTo(2);
    }
    byte[] image = memory.durableContents();
    for (long segment : new long[] {0, 2}) {
      int start = (int) (body + segment * MemoryPools.SEGMENT_BYTES);
      byte[] untouched = Arrays.copyOfRange(image, start, start + PoolFormat.BODY_OFFSET);
      assertThat(untouched).containsOnly(0);
    }
  }

  @Test
  void openSegmentThatHasABadBlockNowIsReadAndLeftAlone() {
    try (StoreEngine pool = open(memory, DeviceState.UNKNOWN)) {
      pool.dispatcher().put(bytes("key"), bytes("value"));
    }
    long body = PoolFormat.SEGMENTS_OFFSET + PoolFormat.BODY_OFFSET;
    var bad =
        new DeviceState(
            -1, 0, DeviceState.NO_NAMESPACE, List.of(new BadBlock(body + PAGE_BYTES, PAGE_BYTES)));
    try (StoreEngine pool = open(memory, bad)) {
      pool.dispatcher().put(bytes("other"), bytes("value"));
      assertThat(pool.size()).isEqualTo(2);
      assertThat(pool.stats().space().freeSegments()).isEqualTo(4);
    }
    try (StoreEngine pool = open(memory, bad)) {
      assertThat(pool.size()).isEqualTo(2);
    }
  }
}
