package io.lode.bench.kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.Source;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WatchedMapTest {
  @Test
  void copiesFillsAndPersistsAreCountedByLine() {
    try (Source source = Source.anonymous(1 << 16);
        var map = new WatchedMap(MapConfig.of(Granularity.PAGE).map(source), 0)) {
      var bytes = MemorySegment.ofArray(new byte[200]);
      map.copy(0, bytes, 0, 200, CopyFlags.NONE);
      assertThat(map.fences()).isEqualTo(1);
      assertThat(map.lines()).isEqualTo(4);

      map.copy(256, bytes, 0, 65, CopyFlags.NO_DRAIN);
      assertThat(map.fences()).isEqualTo(1);
      assertThat(map.lines()).isEqualTo(6);

      map.fill(1024, 64, (byte) 1, CopyFlags.NO_FLUSH);
      assertThat(map.lines()).isEqualTo(6);
      map.persist(1024, 64);
      assertThat(map.fences()).isEqualTo(2);
      assertThat(map.lines()).isEqualTo(7);
      assertThat(map.repeatedLines()).isZero();
    }
  }

  @Test
  void flushThatBeginsWhereTheLastEndedRepeatsALine() {
    try (Source source = Source.anonymous(1 << 16);
        var map = new WatchedMap(MapConfig.of(Granularity.PAGE).map(source), 0)) {
      map.persist(0, 100);
      map.persist(100, 10);
      assertThat(map.repeatedLines()).isEqualTo(1);
    }
  }
}
