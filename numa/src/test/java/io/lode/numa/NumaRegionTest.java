package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class NumaRegionTest {
  private static final NodeSet ALLOWED = MemoryPolicy.allowedNodes();
  private static final MemoryPolicy BIND = MemoryPolicy.bind(ALLOWED);
  private static final long PAGE = Numa.pageSizeBytes();

  @Test
  void policyAndContentSurviveAThousandResizes() {
    try (NumaRegion region = NumaRegion.allocate(BIND, PAGE)) {
      region.segment().set(ValueLayout.JAVA_LONG, 0, 4711);
      for (int pages = 2; pages <= 1024; pages++) {
        MemorySegment grown = region.resize(pages * PAGE);
        long last = (pages - 1) * PAGE;
        assertThat(grown.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(4711);
        assertThat(grown.get(ValueLayout.JAVA_LONG, last)).isZero();
        grown.set(ValueLayout.JAVA_LONG, last, pages);
        assertThat(MemoryPolicy.at(grown, last)).isEqualTo(BIND);
      }
      Pages.requireOn(region.segment(), ALLOWED);
      MemorySegment shrunk = region.resize(10);
      assertThat(shrunk.byteSize()).isEqualTo(10);
      assertThat(MemoryPolicy.at(shrunk, 0)).isEqualTo(BIND);
    }
  }

  @Test
  void theSegmentGivenOutBeforeAResizeIsClosed() {
    try (NumaRegion region = NumaRegion.allocate(BIND, PAGE)) {
      MemorySegment before = region.segment();
      region.resize(100 * PAGE);
      assertThatIllegalStateException().isThrownBy(() -> before.get(ValueLayout.JAVA_BYTE, 0));
      assertThat(region.segment().byteSize()).isEqualTo(100 * PAGE);
    }
  }

  @Test
  void whatAShrinkCutOffDoesNotComeBack() {
    try (NumaRegion region = NumaRegion.allocate(BIND, 2 * PAGE)) {
      region.segment().fill((byte) 5);
      region.resize(100);
      MemorySegment grown = region.resize(3 * PAGE);
      assertThat(grown.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 5);
      for (long offset = 100; offset < grown.byteSize(); offset++) {
        assertThat(grown.get(ValueLayout.JAVA_BYTE, offset)).isZero();
      }
    }
  }

  @Test
  void aFailedGrowthLeavesContentAndSize() {
    try (NumaRegion region = NumaRegion.allocate(MemoryPolicy.local(), PAGE)) {
      region.segment().set(ValueLayout.JAVA_INT, 8, 99);
      assertThatThrownBy(() -> region.resize(1L << 60))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("more than can be addressed");
      assertThatThrownBy(() -> region.resize(1L << 46))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("ENOMEM");
      assertThat(region.segment().byteSize()).isEqualTo(PAGE);
      assertThat(region.segment().get(ValueLayout.JAVA_INT, 8)).isEqualTo(99);
      assertThatThrownBy(() -> region.resize(Long.MAX_VALUE)).isInstanceOf(NumaException.class);
    }
  }

  @Test
  void whatAGrowthAddsIsPrefaultedToo() {
    try (NumaRegion region =
        NumaRegion.allocate(BIND, PAGE, NumaArena.Option.PREFAULT, NumaArena.Option.VERIFY)) {
      PageReport report = Pages.locate(region.resize(50 * PAGE));
      assertThat(report.count(PageReport.Status.ON_NODE)).isEqualTo(50);
    }
  }

  @Test
  void sizesAndOptionsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> NumaRegion.allocate(BIND, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> NumaRegion.allocate(BIND, -5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NumaRegion.allocate(BIND, 1, NumaArena.Option.HUGE_PAGE_POOL));
    NumaRegion region = NumaRegion.allocate(BIND, 1);
    assertThat(region.policy()).isEqualTo(BIND);
    assertThatIllegalArgumentException().isThrownBy(() -> region.resize(0));
    region.close();
    region.close();
    assertThatIllegalStateException().isThrownBy(region::segment);
    assertThatIllegalStateException().isThrownBy(() -> region.resize(5));
  }
}
