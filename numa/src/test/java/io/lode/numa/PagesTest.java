package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("restricted")
class PagesTest {
  private static final int NODE = MemoryPolicy.allowedNodes().first().orElseThrow();
  private static final long PAGE = Numa.pageSizeBytes();

  @Test
  void eachPageTellsItsNodeOrWhyItHasNone() throws IOException {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      MemorySegment range = arena.allocate(4 * PAGE);
      range.set(ValueLayout.JAVA_BYTE, PAGE, (byte) 1);
      assertThat(range.get(ValueLayout.JAVA_BYTE, 2 * PAGE)).isZero();
      PageReport report = Pages.locate(range);
      assertThat(report.pageCount()).isEqualTo(4);
      assertThat(report.status(0)).isEqualTo(PageReport.Status.NOT_PRESENT);
      assertThat(report.node(0)).isEmpty();
      assertThat(report.node(1)).hasValue(NODE);
      // A page only read is the shared page of zeros, unless the kernel runs without that page.
      boolean ownsTwo = NumaMaps.policyAt(range.address()).contains("anon=2");
      assertThat(report.status(2))
          .isEqualTo(ownsTwo ? PageReport.Status.ON_NODE : PageReport.Status.UNMAPPED);
      assertThat(report.nodes()).isEqualTo(NodeSet.of(NODE));
      String present = ownsTwo ? "node " + NODE + ": 2" : "UNMAPPED: 1, node " + NODE + ": 1";
      assertThat(report).hasToString("NOT_PRESENT: 2, " + present);
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> report.status(4));
    }
  }

  @Test
  void aSingleBytesPageIsFoundWithAndWithoutTouching() {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      MemorySegment range = arena.allocate(2 * PAGE);
      assertThat(Pages.nodeOf(range, PAGE + 7)).isEmpty();
      assertThat(Pages.touchedNodeOf(range, PAGE + 7)).isEqualTo(NODE);
      range.set(ValueLayout.JAVA_BYTE, PAGE + 7, (byte) 1);
      assertThat(Pages.nodeOf(range, PAGE + 7)).hasValue(NODE);
      assertThat(Pages.nodeOf(range, 0)).isEmpty();
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Pages.nodeOf(range, 2 * PAGE));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Pages.touchedNodeOf(range, -1));
    }
  }

  @Test
  void rangesCoverThePagesTheyTouchInPart() {
    try (NumaArena arena = NumaArena.ofNode(NODE, NumaArena.Option.PREFAULT)) {
      MemorySegment range = arena.allocate(3 * PAGE);
      assertThat(Pages.locate(range.asSlice(PAGE - 1, 2)).pageCount()).isEqualTo(2);
      assertThat(Pages.locate(range.asSlice(1, 1)).pageCount()).isEqualTo(1);
      assertThat(Pages.locate(range.asSlice(0, 0)).pageCount()).isZero();
    }
  }

  @Test
  void rangesOfManyCallsAreWhole() {
    try (NumaArena arena = NumaArena.ofNode(NODE, NumaArena.Option.PREFAULT)) {
      MemorySegment range = arena.allocate(40_000 * PAGE);
      assertThat(Pages.locate(range).pagesByNode()).containsEntry(NODE, 40_000);
      PageReport moved = Pages.move(range, NODE, Pages.Reach.OWN);
      assertThat(moved.pagesByNode()).containsEntry(NODE, 40_000);
    }
  }

  @Test
  void movingToWherePagesAreKeepsThemAndTheirContent() {
    try (NumaArena arena = NumaArena.local()) {
      MemorySegment range = arena.allocate(3 * PAGE);
      range.asSlice(0, 2 * PAGE).fill((byte) 6);
      PageReport moved = Pages.move(range, NODE, Pages.Reach.SHARED);
      assertThat(moved.node(0)).hasValue(NODE);
      assertThat(moved.status(2)).isEqualTo(PageReport.Status.NOT_PRESENT);
      assertThat(range.get(ValueLayout.JAVA_BYTE, PAGE)).isEqualTo((byte) 6);
    }
  }

  @Test
  void nodesThatAreNotThereAreRefused() {
    try (NumaArena arena = NumaArena.local(NumaArena.Option.PREFAULT)) {
      MemorySegment range = arena.allocate(PAGE);
      assertThatIllegalArgumentException().isThrownBy(() -> Pages.move(range, -1, Pages.Reach.OWN));
      assertThatThrownBy(() -> Pages.move(range, 999, Pages.Reach.OWN))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("ENODEV")
          .hasMessageContaining("online nodes");
      assertThatThrownBy(() -> Pages.move(range, Integer.MAX_VALUE, Pages.Reach.OWN))
          .isInstanceOf(NumaException.class);
    }
  }

  @Test
  void processesAreMigratedByTheirId() throws Exception {
    NodeSet here = NodeSet.of(NODE);
    assertThat(Pages.migrate(here, here)).isZero();
    assertThat(Pages.migrate((int) ProcessHandle.current().pid(), here, here)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Pages.migrate(0, here, here));
    assertThatIllegalArgumentException().isThrownBy(() -> Pages.migrate(here, NodeSet.empty()));
    assertThatThrownBy(() -> Pages.migrate(Integer.MAX_VALUE, here, here))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("ESRCH");
    assertThatThrownBy(() -> Pages.migrate(here, NodeSet.of(999)))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("EINVAL");
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(Pages.migrate((int) child.pid(), here, here)).isZero();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void prefaultingKeepsContentAndNeverRaisesASignal(@TempDir Path directory) throws IOException {
    try (NumaArena arena = NumaArena.ofNode(NODE)) {
      MemorySegment range = arena.allocate(10 * PAGE);
      range.set(ValueLayout.JAVA_BYTE, 5, (byte) 5);
      Pages.prefault(range.asSlice(3, 8 * PAGE));
      assertThat(Pages.locate(range).count(PageReport.Status.ON_NODE)).isEqualTo(9);
      assertThat(range.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 5);
      Pages.prefault(range.asSlice(0, 0));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Pages.prefault(range.asReadOnly()))
          .withMessageContaining("read-only");
    }
    Path file = Files.write(directory.resolve("short"), new byte[(int) (2 * PAGE)]);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * PAGE, arena);
      channel.truncate(0);
      // In C this touch is a bus error that ends the process.
      assertThatThrownBy(() -> Pages.prefault(mapped))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("EFAULT");
    }
  }

  @Test
  void memoryThatIsNotNativeOrNotOpenIsRefused() {
    MemorySegment heap = MemorySegment.ofArray(new byte[64]);
    assertThatIllegalArgumentException().isThrownBy(() -> Pages.locate(heap));
    assertThatIllegalArgumentException().isThrownBy(() -> Pages.prefault(heap));
    assertThatIllegalArgumentException().isThrownBy(() -> Pages.move(heap, NODE, Pages.Reach.OWN));
    NumaArena arena = NumaArena.local();
    MemorySegment closed = arena.allocate(PAGE);
    arena.close();
    assertThatIllegalStateException().isThrownBy(() -> Pages.locate(closed));
    assertThatIllegalStateException().isThrownBy(() -> Pages.prefault(closed));
    MemorySegment unmapped = MemorySegment.ofAddress(1L << 45).reinterpret(2 * PAGE);
    assertThat(Pages.locate(unmapped).count(PageReport.Status.UNMAPPED)).isEqualTo(2);
    assertThatThrownBy(() -> Pages.touchedNodeOf(unmapped, 0))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("EFAULT");
    assertThatThrownBy(() -> Pages.prefault(unmapped)).isInstanceOf(NumaException.class);
    MemorySegment everything = MemorySegment.ofAddress(0).reinterpret(Long.MAX_VALUE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pages.locate(everything))
        .withMessageContaining("slice");
  }

  @Test
  void pagesElsewhereFailTheCheckWithTheirCounts() {
    try (NumaArena arena = NumaArena.local()) {
      MemorySegment range = arena.allocate(3 * PAGE);
      range.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      assertThatThrownBy(() -> Pages.requireOn(range, NodeSet.of(NODE)))
          .isInstanceOf(NumaException.class)
          .hasMessageContaining("NOT_PRESENT: 2");
      assertThatThrownBy(() -> Pages.requireOn(range.asSlice(0, 1), NodeSet.of(NODE + 1)))
          .isInstanceOf(NumaException.class);
    }
  }

  @Test
  void pagesOfADeviceAreAskedForInAnotherWay() {
    var report = new PageReport(new int[] {-4096, 1, -2, -4096});
    assertThat(report.status(0)).isEqualTo(PageReport.Status.ON_DEVICE);
    assertThat(report.node(0)).isEmpty();
    assertThat(report).hasToString("NOT_PRESENT: 1, ON_DEVICE: 2, node 1: 1");
    assertThat(report.withDevicePages(page -> page + 4))
        .hasToString("NOT_PRESENT: 1, node 1: 1, node 4: 1, node 7: 1");
  }

  /** A page that only the page cache has is not in the page table. */
  @Test
  void pagesOfAnOrdinaryFileAreNeverADevices(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[(int) (8 * PAGE)]);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8 * PAGE, arena);
      assertThat(Pages.locate(mapped).count(PageReport.Status.NOT_PRESENT)).isEqualTo(8);
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      PageReport report = Pages.locate(mapped);
      assertThat(report.count(PageReport.Status.ON_DEVICE)).isZero();
      assertThat(report.status(0)).isEqualTo(PageReport.Status.ON_NODE);
      assertThat(Pages.isOnDevice(mapped.address(), mapped.byteSize())).isFalse();
    }
  }

  @Test
  void everyStatusOfTheKernelHasAName() {
    assertThat(PageReport.Status.of(-13)).isEqualTo(PageReport.Status.SHARED);
    assertThat(PageReport.Status.of(-16)).isEqualTo(PageReport.Status.BUSY);
    assertThat(PageReport.Status.of(-12)).isEqualTo(PageReport.Status.NO_MEMORY);
    assertThat(PageReport.Status.of(-5)).isEqualTo(PageReport.Status.IMMOVABLE);
    assertThat(PageReport.Status.of(-99)).isEqualTo(PageReport.Status.UNKNOWN);
    assertThat(PageReport.Status.of(3)).isEqualTo(PageReport.Status.ON_NODE);
    assertThat(PageReport.Status.of(-4096)).isEqualTo(PageReport.Status.ON_DEVICE);
  }
}
