package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.jna.LibC;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a file needs room when it is stored to, by what FIEMAP tells. */
class FileSpaceTest {
  private static final int PAGE = 4096;
  private static final int UNWRITTEN = 0x800;
  private static final int SHARED = 0x2000;

  /** {@code struct fiemap} and {@code struct fiemap_extent} of {@code linux/fiemap.h}. */
  private static final int HEAD = 32;

  private static final int EXTENT = 56;

  private final List<long[]> extents = new ArrayList<>();
  private int calls;

  private void extent(long firstPage, long pages, int flags) {
    extents.add(new long[] {firstPage * PAGE, pages * PAGE, flags});
  }

  /** Answers as the kernel does: what begins or ends in the range, as much as there is room for. */
  private int fiemap(byte[] bytes) {
    calls++;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    long start = buffer.getLong(0);
    long end = start + buffer.getLong(8);
    assertThat(buffer.getInt(16)).as("a sync would take away the pages of a map").isZero();
    int room = buffer.getInt(24);
    int mapped = 0;
    for (long[] extent : extents) {
      if (extent[0] + extent[1] > start && extent[0] < end && mapped < room) {
        int at = HEAD + mapped * EXTENT;
        buffer.putLong(at, extent[0]).putLong(at + 16, extent[1]);
        boolean last = extent[0] == extents.getLast()[0];
        buffer.putInt(at + 40, (int) extent[2] | (last ? LibC.FIEMAP_EXTENT_LAST : 0));
        mapped++;
      }
    }
    buffer.putInt(20, mapped);
    return 0;
  }

  private Extents.Space space(long firstPage, long pages) {
    LibC libc = answering((_, bytes) -> fiemap(bytes));
    return Extents.space(libc, 3, pages(firstPage, pages)).orElseThrow();
  }

  /** What an ioctl answers. */
  private interface Ioctl {
    int answer(long request, byte[] buffer);
  }

  private static LibC answering(Ioctl ioctl) {
    return (LibC)
        Proxy.newProxyInstance(
            LibC.class.getClassLoader(),
            new Class<?>[] {LibC.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("ioctl");
              return ioctl.answer((long) arguments[1], (byte[]) arguments[2]);
            });
  }

  private static boolean xfsShares(int flags, int result) {
    return FileBlocks.xfsShares(
        answering((request, bytes) -> {
          assertThat(request).isEqualTo(0x8070587CL);
          assertThat(bytes).hasSize(112);
          ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(92, flags);
          return result;
        }),
        3);
  }

  private static FileRange pages(long first, long count) {
    return new FileRange(first * PAGE, (first + count) * PAGE);
  }

  @Test
  void writtenBlocksOfTheFilesOwnNeedNoRoom() {
    extent(0, 4, 0);
    extent(4, 6, 0);
    assertThat(space(0, 10).isOwn()).isTrue();
    assertThat(space(2, 3).isOwn()).isTrue();
  }

  @Test
  void holesAndWhatWasNeverWrittenNeedRoom() {
    extent(2, 2, 0);
    extent(4, 1, UNWRITTEN);
    extent(6, 1, 0);
    assertThat(space(0, 10).unwritten()).containsExactly(pages(0, 2), pages(4, 2), pages(7, 3));
    assertThat(space(0, 10).shared()).isEmpty();
    assertThat(space(2, 2).isOwn()).isTrue();
    assertThat(space(5, 1).unwritten()).containsExactly(pages(5, 1));
    assertThat(space(20, 1).unwritten()).containsExactly(pages(20, 1));
  }

  @Test
  void sharedBlocksNeedRoomButAreWritten() {
    extent(0, 4, 0);
    extent(4, 4, SHARED);
    assertThat(space(0, 8).shared()).containsExactly(pages(4, 4));
    assertThat(space(0, 8).unwritten()).isEmpty();
    assertThat(space(0, 8).isOwn()).isFalse();
    assertThat(space(3, 2).shared()).containsExactly(pages(4, 1));
    assertThat(space(0, 4).isOwn()).isTrue();
  }

  @Test
  void fileInManyPiecesIsAskedForInParts() {
    for (int page = 0; page < 1000; page += 2) {
      extent(page, 1, page % 4 == 0 ? SHARED : 0);
    }
    Extents.Space space = space(0, 1000);
    assertThat(space.unwritten()).hasSize(500).contains(pages(1, 1), pages(999, 1));
    assertThat(space.shared()).hasSize(250).contains(pages(996, 1));
    assertThat(calls).isEqualTo(4);
  }

  @Test
  void xfsSharesBlocksUnlessItSaysThatItDoesNot() {
    assertThat(xfsShares(1 << 20, 0)).isTrue();
    assertThat(xfsShares(~(1 << 20), 0)).isFalse();
    assertThat(xfsShares(0, -1)).isTrue();
  }

  @Test
  void emptyFileIsOneHole() {
    assertThat(space(0, 3).unwritten()).containsExactly(pages(0, 3));
  }
}
