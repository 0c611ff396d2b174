package io.lode.cli.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.kv.KvConfig;
import io.lode.kv.KvStats;
import io.lode.kv.KvStats.Segment.State;
import io.lode.kv.KvStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentPageTest {
  @TempDir Path folder;
  private PoolReport report;

  @BeforeEach
  void open() {
    KvConfig config = KvConfig.builder().capacityBytes(4 << 20).build();
    try (KvStore store = KvStore.create(folder.resolve("pool"), config)) {
      report = PoolReport.of(store);
    }
  }

  @Test
  void shareAgeStateAndDamageOfEverySegmentAreDrawn() {
    List<KvStats.Segment> segments =
        List.of(
            new KvStats.Segment(0, State.FREE, 1000, 0, 0, 0),
            new KvStats.Segment(1, State.OPEN, 1000, 400, 300, 1),
            new KvStats.Segment(2, State.FULL, 1000, 1000, 990, 70),
            new KvStats.Segment(3, State.HELD, 1000, 1000, 0, 35),
            new KvStats.Segment(4, State.DAMAGED, 1000, 1000, 500, 35));
    assertThat(SegmentPage.of(report, segments))
        .containsSubsequence(
            "<h2>Live share</h2>",
            "<span class=\"free\" title=\"0: free, 0 % live, age 0\"></span>",
            "<span class=\"q2 open\" title=\"1: open, 30 % live, age 1\">w</span>",
            "<span class=\"q6 full\" title=\"2: full, 99 % live, age 70\"></span>",
            "<span class=\"q0 held\" title=\"3: held, 0 % live, age 35\">h</span>",
            "<span class=\"q3 damaged\" title=\"4: damaged, 50 % live, age 35\">!</span>",
            "<h2>Age</h2>",
            "<span class=\"q0 open\"",
            "<span class=\"q6 full\"",
            "<span class=\"q3 held\"",
            "<span class=\"q3 damaged\"");
  }

  @Test
  void neighboursOfALargePoolShareAFieldAndDamageStandsOut() {
    List<KvStats.Segment> segments = new ArrayList<>();
    for (int index = 0; index < 8192; index++) {
      State state = index == 5 ? State.DAMAGED : State.FULL;
      segments.add(new KvStats.Segment(index, state, 1000, 1000, 500, index));
    }
    String page = SegmentPage.of(report, segments);
    assertThat(page.split("<span ", -1)).hasSize(2 * 4096 + 1);
    assertThat(page).contains("2 segments a field", "\"4 to 5: damaged, 50 % live, age 5\">!");
  }
}
