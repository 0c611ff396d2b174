package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.journal.Journal;
import io.lode.journal.Recovered;
import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import io.lode.pool.PoolFormat;
import io.lode.pool.SimulatedMemory;
import io.lode.pool.TestPools;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A pool of segments with thousands of records, so that summaries have several pieces. */
class IndexBuilderTest {
  private static final long SEGMENT_BYTES = 256 << 10;
  private static final int WRITES = 60_000;
  private static final int KEYS = 20_000;
  private static final long SEED = Long.getLong("lode.seed", 20261121L);

  private static final SimulatedMemory MEMORY =
      new SimulatedMemory(PoolFormat.SEGMENTS_OFFSET + 32 * SEGMENT_BYTES);
  private static final Map<String, String> EXPECTED = new HashMap<>();

  @BeforeAll
  static void fill() {
    var random = new Random(SEED);
    KvConfig config = KvConfig.builder().segmentBytes(SEGMENT_BYTES).build();
    try (KvStore store = KvStore.create(MEMORY, config)) {
      for (int write = 0; write < WRITES; write++) {
        String key = "k" + random.nextInt(KEYS);
        if (random.nextInt(4) == 0) {
          assertThat(store.delete(bytes(key))).isEqualTo(EXPECTED.remove(key) != null);
        } else {
          store.put(bytes(key), bytes("" + write));
          EXPECTED.put(key, "" + write);
        }
      }
    }
  }

  @Test
  void summariesWhosePiecesAreUsedAgainTellOfEveryRecord() {
    try (KvStore store =
        KvStore.open(new SimulatedMemory(MEMORY.durableContents()), KvConfig.defaults())) {
      assertThat(store.recovery().sealedSegments()).isGreaterThan(10);
      assertThat(store.size()).isEqualTo(EXPECTED.size());
      EXPECTED.forEach((key, value) ->
          assertThat(store.get(bytes(key)).map(MemoryPools::text)).as(key).hasValue(value));
    }
  }

  @Test
  void everyNumberOfRangesPassesAndThreadsGivesTheSameIndex() {
    Recovered found = Journal.read(TestPools.read(MEMORY), Workers.none());
    long[] expected = build(found, Workers.none(), 1 << 20, 1 << 20);
    assertThat(expected).hasSize(EXPECTED.size());
    try (Workers two = Workers.near(anywhere(), 2, "test-")) {
      for (int rangeEntries : new int[] {4096, 512, 8}) {
        for (int passEntries : new int[] {1 << 20, 16_000, 1}) {
          for (Workers workers : List.of(Workers.none(), two)) {
            assertThat(build(found, workers, rangeEntries, passEntries))
                .as("ranges of %s, passes of %s, %s", rangeEntries, passEntries, workers.count())
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  private static Placement anywhere() {
    return new Placement(NodeSet.empty(), CpuSet.empty(), "a test");
  }

  private static long[] build(Recovered found, Workers workers, int rangeEntries, int passEntries) {
    var records = new KeyRecords(found.pool());
    var index = new HashIndex(IndexMemory.onHeap(), 256, records);
    new IndexBuilder(found, workers, records::areOfOneKey, rangeEntries, passEntries).fill(index);
    var addresses = LongStream.builder();
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      index.forEach(stripe, 0, 0, addresses::add);
    }
    return addresses.build().sorted().toArray();
  }
}
