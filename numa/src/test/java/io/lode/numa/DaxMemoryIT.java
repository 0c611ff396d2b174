package io.lode.numa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each call that takes an address comes to on a device's memory; the column <i>on DAX
 * memory</i> of {@code docs/coverage-numa.md}.
 */
class DaxMemoryIT {
  private static final int EIO = 5;

  private static void liesOn(int node, MemorySegment range) {
    Pages.requireOn(range, NodeSet.of(node));
  }

  @ParameterizedTest
  @EnumSource
  void touchedPagesAreOnADeviceAndHaveItsNode(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      MemorySegment range = memory.range();
      int pages = (int) (range.byteSize() / Numa.pageSizeBytes());
      assertThat(Pages.locate(range).count(PageReport.Status.NOT_PRESENT)).isEqualTo(pages);
      assertThatThrownBy(() -> liesOn(memory.node(), range))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("NOT_PRESENT: " + pages);
      memory.touchAll();
      assertThat(Pages.locate(range)).hasToString("ON_DEVICE: " + pages);
      assertThat(Pages.nodeOf(range, 0)).isEmpty();
      assertThat(Pages.touchedNodeOf(range, range.byteSize() - 1)).isEqualTo(memory.node());
      liesOn(memory.node(), range);
      liesOn(memory.node(), range.asSlice(100, 5000));
      assertThatThrownBy(() -> liesOn(memory.otherNode(), range))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("node " + memory.node() + ": " + pages);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pagesDoNotMove(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      MemorySegment range = memory.range();
      int pages = (int) (range.byteSize() / Numa.pageSizeBytes());
      memory.touchAll();
      for (Pages.Reach reach : Pages.Reach.values()) {
        for (int node : new int[] {memory.otherNode(), memory.node()}) {
          assertThat(Pages.move(range, node, reach)).hasToString("ON_DEVICE: " + pages);
        }
      }
      NodeSet there = NodeSet.of(memory.otherNode());
      Pages.migrate(NodeSet.of(memory.node()), there);
      try {
        liesOn(memory.node(), range);
      } finally {
        Pages.migrate(there, NodeSet.of(memory.node()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void policyIsKeptAndPlacesNothing(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      MemorySegment range = memory.range();
      NodeSet other = NodeSet.of(memory.otherNode());
      for (MemoryPolicy policy :
          new MemoryPolicy[] {
            MemoryPolicy.bind(other),
            MemoryPolicy.preferred(memory.otherNode()),
            MemoryPolicy.interleave(other),
            MemoryPolicy.preferredMany(other),
            MemoryPolicy.local()
          }) {
        policy.applyTo(range);
        assertThat(MemoryPolicy.at(range, 0)).isEqualTo(policy);
        memory.touchAll();
        assertThat(MemoryPolicy.at(range, 0)).isEqualTo(policy);
        liesOn(memory.node(), range);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void strictFindsHugePagesElsewhereAndPassesOverSmallOnes(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      MemorySegment range = memory.range();
      MemoryPolicy there = MemoryPolicy.bind(NodeSet.of(memory.otherNode()));
      MemoryPolicy here = MemoryPolicy.bind(NodeSet.of(memory.node()));
      there.applyTo(range, RangeOption.STRICT);
      memory.touchAll();
      here.applyTo(range, RangeOption.STRICT);
      there.applyTo(range, RangeOption.MOVE);
      there.applyTo(range, RangeOption.MOVE_ALL);
      liesOn(memory.node(), range);
      RangeOption strict = RangeOption.STRICT;
      for (RangeOption[] options :
          new RangeOption[][] {
            {strict}, {strict, RangeOption.MOVE}, {strict, RangeOption.MOVE_ALL}
          }) {
        if (kind == DaxMemory.Kind.SMALL_PAGES) {
          there.applyTo(range, options);
        } else {
          assertThatThrownBy(() -> there.applyTo(range, options))
              .isInstanceOfSatisfying(
                  NumaException.class, e -> assertThat(e.errno()).isEqualTo(EIO))
              .hasMessageContaining("memory of a device (DAX)")
              .hasMessageNotContaining("add MOVE");
        }
        liesOn(memory.node(), range);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void homeNodeIsTakenAndPlacesNothing(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      MemoryPolicy.bind(MemoryPolicy.allowedNodes()).applyTo(memory.range());
      MemoryPolicy.setHomeNode(memory.range(), memory.otherNode());
      memory.touchAll();
      liesOn(memory.node(), memory.range());
    }
  }

  @ParameterizedTest
  @EnumSource
  void prefaultingMapsEveryPage(DaxMemory.Kind kind) throws IOException {
    try (DaxMemory memory = DaxMemory.map(kind)) {
      Pages.prefault(memory.range());
      PageReport report = Pages.locate(memory.range());
      assertThat(report.count(PageReport.Status.ON_DEVICE)).isEqualTo(report.pageCount());
      liesOn(memory.node(), memory.range());
    }
  }

  /** The node of a hole that was only read is that of the kernel's page of zeros. */
  @Test
  void holeThatWasReadIsNotOnTheDevice() throws IOException {
    try (DaxMemory memory = DaxMemory.ofHoles()) {
      MemorySegment range = memory.range();
      assertThat(range.get(JAVA_BYTE, 0)).isZero();
      PageReport report = Pages.locate(range.asSlice(0, 1));
      assertThat(report.status(0)).isEqualTo(PageReport.Status.UNMAPPED);
      int node = Pages.touchedNodeOf(range, 0);
      assertThat(Topology.snapshot().onlineNodes().contains(node)).isTrue();
      System.out.println("page of zeros: node " + node + ", device: node " + memory.node());
      range.set(JAVA_BYTE, 0, (byte) 1);
      assertThat(Pages.locate(range.asSlice(0, 1)).status(0))
          .isEqualTo(PageReport.Status.ON_DEVICE);
      liesOn(memory.node(), range.asSlice(0, 1));
    }
  }
}
